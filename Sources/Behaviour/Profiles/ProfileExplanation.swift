import Core
import GRDB

extension ProfileFacts {
  /// The facts as they are kept.
  var json: String {
    Document { builder in
      builder.beginObject()
      builder.key("numbers")
      builder.beginObject()
      for (name, value) in numbers {
        builder.key(name)
        builder.double(value)
      }
      builder.end()
      builder.key("shares")
      builder.beginObject()
      for (name, entries) in shares {
        builder.key(name)
        builder.beginArray()
        for (word, share) in entries {
          builder.beginObject()
          builder.key("name")
          builder.string(word)
          builder.key("share")
          builder.double(share)
          builder.end()
        }
        builder.end()
      }
      builder.end()
      builder.key("searches")
      builder.beginArray()
      for search in searches { builder.string(search) }
      builder.end()
      builder.key("history")
      builder.beginArray()
      for (product, time, order) in history {
        builder.beginObject()
        builder.key("id")
        builder.string(product)
        builder.key("time")
        builder.string(Moment(milliseconds: time).text)
        if order != 0 {
          builder.key("order")
          builder.int(order)
        }
        builder.end()
      }
      builder.end()
      if let region {
        builder.key("region")
        builder.string(region)
      }
      builder.end()
    }.json
  }

  /// The days of purchases with what was spent on each.
  var daysText: String { purchaseDays.map { "\($0):\(spendOfDay[$0] ?? 0)" }.joined(separator: " ") }
}

extension EventStore {
  /// What the values of one person are made of: for each value how many events, and the first and the last of them.
  ///
  /// - Throws: `Diagnostic` of kind "unknown profile".
  public func explain(_ id: String) throws -> [(value: String, shown: String, events: Int, first: String, last: String)]
  {
    let id = PersonID.normal(id)
    return try read { db in
      guard let key = try Int64.fetchOne(db, sql: "SELECT key FROM profiles WHERE id = ?", arguments: [id]) else {
        throw Diagnostic("unknown profile", "there are no events of '\(id)'")
      }
      let products = try ProductTable(db)
      let events = try ProfileEvent.all(of: key, currency: products.currency, db)
      let facts = ProfileFacts(events, products)
      let byID = Dictionary(events.map { ($0.id, $0) }) { first, _ in first }
      func words(_ id: Int64?) -> String {
        guard let id, let event = byID[id] else { return "" }
        let product = products[event.product].map { " \($0.id)" } ?? ""
        return
          "#\(String(UInt64(bitPattern: id), radix: 16)) \(event.kind.name)\(product) \(Moment(milliseconds: event.time).text)"
      }
      let numbers = facts.numbers.map { name, value in
        (name, ProfileValue.times.contains(name) ? Moment(milliseconds: Int64(value)).text : shown(value))
      }
      let lists = facts.shares.map { name, entries in
        (name, entries.prefix(3).map { "\($0.word) \(shown($0.share))" }.joined(separator: ", "))
      }
      return (numbers + lists).map { name, shown in
        let made = facts.sources[name] ?? []
        return (name, shown, made.count, words(made.first), words(made.last))
      }
    }
  }
}

/// A number as people write it: whole ones without a fraction.
private func shown(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }
