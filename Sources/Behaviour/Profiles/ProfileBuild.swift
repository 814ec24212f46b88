import Core
import Foundation
import GRDB

/// Makes profiles of the events in a database, as pipelines read them.
///
/// What a person's own events say is kept and made anew for people with new events only; what needs the comparison of
/// all is worked out at each build.
public struct ProfileBuild {
  /// How profiles are made.
  public struct Options: Sendable {
    /// The moment that counts as now, in milliseconds since 1970; that of the newest event where nil.
    public var now: Int64?
    /// The purpose for which people must let their data be used.
    public var purpose = "personalise"
    /// Whether people who never said are taken to agree.
    public var assumesConsent = true
    /// What replaces the ids; nil leaves them as they are.
    public var pseudonyms: Pseudonyms?
    /// Which tags people get.
    public var tags = TagRules.usual
    /// Whether everybody is made anew.
    public var startsOver = false

    /// The usual options.
    public init() {}
  }

  /// What a build did.
  public struct Report: Sendable, Equatable {
    /// People whose own facts were made anew.
    public var rebuilt = 0
    /// Profiles written.
    public var written = 0
    /// People left out, as they do not agree.
    public var withheld = 0
  }

  private let store: EventStore
  private let options: Options

  /// A build on a database.
  public init(_ store: EventStore, options: Options = Options()) {
    self.store = store
    self.options = options
  }

  /// Brings all facts up to date and writes every profile as a line of JSON, by id.
  public func run(write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Report {
    var report = Report()
    report.rebuilt = try refresh()
    let consents = try store.consents()
    let today = try now() / 86_400_000
    let population = try population(today)
    try store.read { db in
      let row = try RowStatement(
        db, "SELECT p.id, f.facts, f.days FROM profile_facts f JOIN profiles p ON p.key = f.profile ORDER BY p.id")
      let builder = DocumentBuilder()
      var line: [UInt8] = []
      while try row.next() {
        let id = row.string(0)
        let stated = consents[id] ?? []
        guard stated.first(where: { $0.purpose == options.purpose })?.granted ?? options.assumesConsent else {
          report.withheld += 1
          continue
        }
        builder.reset()
        let facts = try builder.parseJSON(row.text(1))
        line.removeAll(keepingCapacity: true)
        let profile = Document { target in
          writeProfile(
            id, facts, Self.buyer(row.text(2), orders: facts["numbers"]), population, stated, to: target)
        }
        withExtendedLifetime(profile) { line.appendJSON(profile.root) }
        line.append(10)
        try line.withUnsafeBufferPointer(write)
        report.written += 1
      }
    }
    return report
  }

  /// Makes the facts of everybody with new events; answers of how many.
  private func refresh() throws -> Int {
    if options.startsOver {
      try store.write { try $0.execute(sql: "INSERT OR IGNORE INTO touched SELECT key FROM profiles") }
    }
    var rebuilt = 0
    var products: ProductTable?
    while true {
      // A thousand people a transaction: a kill loses no more, and the next build goes on.
      let count = try store.write { db -> Int in
        let keys = try Int64.fetchAll(db, sql: "SELECT profile FROM touched ORDER BY profile LIMIT 1000")
        if keys.isEmpty { return 0 }
        let table = try products ?? ProductTable(db)
        products = table
        let save = try RowStatement(db, "INSERT OR REPLACE INTO profile_facts VALUES (?, ?, ?)")
        let drop = try RowStatement(db, "DELETE FROM profile_facts WHERE profile = ?")
        let done = try RowStatement(db, "DELETE FROM touched WHERE profile = ?")
        for key in keys {
          let events = try ProfileEvent.all(of: key, db)
          if events.isEmpty {
            drop.bind(1, key)
            _ = try drop.run()
          } else {
            let facts = ProfileFacts(events, table)
            save.bind(1, key)
            var (json, days) = (facts.json, facts.daysText)
            try json.withUTF8 { json in
              save.bind(2, json)
              try days.withUTF8 { days in
                save.bind(3, days)
                _ = try save.run()
              }
            }
          }
          done.bind(1, key)
          _ = try done.run()
        }
        return keys.count
      }
      if count == 0 { return rebuilt }
      rebuilt += count
    }
  }

  private func now() throws -> Int64 {
    if let now = options.now { return now }
    return try store.read { try Int64.fetchOne($0, sql: "SELECT value FROM marks WHERE name = 'newest'") } ?? 0
  }

  private func population(_ today: Int64) throws -> PopulationModel {
    try store.read { db in
      let row = try RowStatement(
        db, "SELECT days, json_extract(facts, '$.numbers.orders') FROM profile_facts WHERE days <> ''")
      var buyers: [PopulationModel.Buyer] = []
      while try row.next() {
        if let buyer = Self.buyer(row.text(0), orders: Int(row.integer(1))) { buyers.append(buyer) }
      }
      return PopulationModel(buyers, today: today)
    }
  }

  private static func buyer(_ days: UnsafeBufferPointer<UInt8>, orders numbers: Value) -> PopulationModel.Buyer? {
    buyer(days, orders: Int(numbers["orders"].double ?? 0))
  }

  /// Reads "day:spend" pairs.
  private static func buyer(_ days: UnsafeBufferPointer<UInt8>, orders: Int) -> PopulationModel.Buyer? {
    let entries = String(decoding: days, as: UTF8.self).split(separator: " ").compactMap { pair -> (Int64, Double)? in
      let sides = pair.split(separator: ":")
      guard sides.count == 2, let day = Int64(sides[0]), let spend = Double(sides[1]) else { return nil }
      return (day, spend)
    }
    guard let first = entries.first, let last = entries.last else { return nil }
    let repeats = entries.dropFirst()
    return PopulationModel.Buyer(
      lastDay: last.0, firstDay: first.0, orders: orders, revenue: entries.reduce(0) { $0 + $1.1 },
      repeatDays: repeats.count,
      repeatMean: repeats.isEmpty ? 0 : repeats.reduce(0) { $0 + $1.1 } / Double(repeats.count))
  }

  private func writeProfile(
    _ id: String, _ facts: Value, _ buyer: PopulationModel.Buyer?, _ population: PopulationModel,
    _ consents: [(purpose: String, granted: Bool)], to builder: DocumentBuilder
  ) {
    var numbers: [(name: String, value: Double)] = (0..<facts["numbers"].count).map {
      (String(decoding: facts["numbers"].key(at: $0), as: UTF8.self), facts["numbers"][$0].double ?? 0)
    }
    for (list, name) in [("categories", "top_category_share"), ("brands", "top_brand_share")] {
      if let share = facts["shares"][list][0]["share"].double { numbers.append((name, share)) }
    }
    if let buyer { numbers += population.numbers(buyer) }
    let byName = Dictionary(numbers.map { ($0.name, $0.value) }) { first, _ in first }
    builder.beginObject()
    builder.key("id")
    builder.string(options.pseudonyms?.name(of: id) ?? id)
    builder.key("segments")
    builder.beginArray()
    for tag in options.tags.tags(byName) { builder.string(tag) }
    builder.end()
    let list = facts["shares"]["categories"].count > 0 ? "categories" : "words"
    builder.key("interests")
    builder.beginArray()
    for index in 0..<min(5, facts["shares"][list].count) { builder.copy(facts["shares"][list][index]["name"]) }
    builder.end()
    builder.key("orders")
    builder.int(Int64(byName["orders"] ?? 0))
    builder.key("lifetime_value")
    builder.double(byName["revenue"] ?? 0)
    builder.key("attributes")
    builder.beginObject()
    if facts["region"].exists {
      builder.key("region")
      builder.copy(facts["region"])
    }
    for (name, value) in numbers where name != "orders" && name != "revenue" {
      builder.key(name)
      Self.write(name, value, to: builder)
    }
    builder.end()
    for key in ["shares", "searches", "history"] {
      builder.key(key)
      builder.copy(facts[key])
    }
    builder.key("consent")
    builder.beginObject()
    for (purpose, granted) in consents {
      builder.key(purpose)
      builder.bool(granted)
    }
    if !consents.contains(where: { $0.purpose == options.purpose }) {
      builder.key(options.purpose)
      builder.bool(options.assumesConsent)
    }
    builder.end()
    builder.end()
  }

  /// Adds a number as people read it: times as ISO 8601, whole numbers without a fraction.
  static func write(_ name: String, _ value: Double, to builder: DocumentBuilder) {
    if ProfileValue.times.contains(name) {
      builder.string(Moment(milliseconds: Int64(value)).text)
    } else if let whole = Int64(exactly: value) {
      builder.int(whole)
    } else {
      builder.double(value)
    }
  }
}

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
    try read { db in
      guard let key = try Int64.fetchOne(db, sql: "SELECT key FROM profiles WHERE id = ?", arguments: [id]) else {
        throw Diagnostic("unknown profile", "there are no events of '\(id)'")
      }
      let products = try ProductTable(db)
      let events = try ProfileEvent.all(of: key, db)
      let facts = ProfileFacts(events, products)
      let byID = Dictionary(events.map { ($0.id, $0) }) { first, _ in first }
      func words(_ id: Int64?) -> String {
        guard let id, let event = byID[id] else { return "" }
        let product = products[event.product].map { " \($0.id)" } ?? ""
        return
          "#\(String(UInt64(bitPattern: id), radix: 16)) \(event.kind.name)\(product) \(Moment(milliseconds: event.time).text)"
      }
      let numbers = facts.numbers.map { name, value in
        (name, ProfileValue.times.contains(name) ? Moment(milliseconds: Int64(value)).text : "\(value)")
      }
      let lists = facts.shares.map { name, entries in
        (name, entries.prefix(3).map { "\($0.word) \($0.share)" }.joined(separator: ", "))
      }
      return (numbers + lists).map { name, shown in
        let made = facts.sources[name] ?? []
        return (name, shown, made.count, words(made.first), words(made.last))
      }
    }
  }
}
