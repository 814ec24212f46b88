import GRDB
import Host

/// The events of one transaction, the texts they hold, and what they say of products.
struct EventBatch: ~Copyable {
  var events: [DraftEvent] = []
  var text: [UInt8] = []
  /// How often a product was called something, by a hash of product, field and value.
  var facts: [UInt64: ProductFact] = [:]

  struct ProductFact {
    var product: Int64
    let field: EventField
    let value: [UInt8]
    var count: Int64
  }

  mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    facts.removeAll(keepingCapacity: true)
  }

  mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int32> {
    let start = Int32(text.count)
    text.append(contentsOf: bytes)
    return start..<Int32(text.count)
  }

  mutating func note(_ product: Int64, _ field: EventField, _ value: UnsafeBufferPointer<UInt8>) {
    if value.isEmpty { return }
    let place = hash64(value) ^ UInt64(bitPattern: product) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(field.rawValue) << 56
    if facts[place] != nil {
      facts[place]?.count += 1
      return
    }
    facts[place] = ProductFact(product: product, field: field, value: Array(value), count: 1)
  }

  /// Puts keys in place of the numbers under which texts waited for them.
  mutating func replaceKeys(profiles: [Int64], products: [Int64], orders: [Int64], words: [Int64]) {
    func settle(_ key: inout Int64, _ keys: [Int64]) { if key < 0 { key = keys[Int(-key) - 1] } }
    for index in events.indices {
      settle(&events[index].profile, profiles)
      settle(&events[index].product, products)
      settle(&events[index].order, orders)
      settle(&events[index].channel, words)
      settle(&events[index].region, words)
      settle(&events[index].currency, words)
    }
    for place in facts.values.indices { settle(&facts.values[place].product, products) }
  }

  /// The places of the events in the order of the table.
  private func order() -> [(profile: Int64, place: Int32)] {
    var order = events.indices.map { (profile: events[$0].profile, place: Int32($0)) }
    events.withUnsafeBufferPointer { events in
      order.sort {
        if $0.profile != $1.profile { return $0.profile < $1.profile }
        let (left, right) = (events[Int($0.place)], events[Int($1.place)])
        return (left.time, left.id) < (right.time, right.id)
      }
    }
    return order
  }

  /// Writes the events, those that are known already left out, and what goes with them.
  mutating func write(_ db: Database, report: inout CleaningReport) throws {
    try dropKnown(db, &report)
    report.events += events.count
    let order = self.order()
    let insert = try GroupedInsert(db, "INSERT INTO events VALUES", columns: 15, rows: 32)
    try text.withUnsafeBufferPointer { text in
      try insert.run(order.count) { statement, index, first in
        Self.bind(events[Int(order[index].place)], to: statement, from: first, text)
      }
    }
    var touched: [Int64] = []
    for (profile, _) in order where touched.last != profile { touched.append(profile) }
    try GroupedInsert(db, "INSERT OR IGNORE INTO touched VALUES", columns: 1, rows: 64).run(touched.count) {
      $0.bind($2, touched[$1])
    }
    let fact = try RowStatement(
      db, "INSERT INTO product_facts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count")
    for found in facts.values {
      fact.bind(1, found.product)
      fact.bind(2, Int64(found.field.rawValue))
      fact.bind(4, found.count)
      try found.value.withUnsafeBufferPointer {
        fact.bind(3, $0)
        _ = try fact.run()
      }
    }
  }

  @inline(__always)
  private static func bind(
    _ event: DraftEvent, to insert: RowStatement, from first: Int32, _ text: UnsafeBufferPointer<UInt8>
  ) {
    insert.bind(first, event.profile)
    insert.bind(first + 1, event.time)
    insert.bind(first + 2, event.id)
    insert.bind(first + 3, Int64(event.kind.rawValue))
    insert.bind(first + 4, key: event.product)
    insert.bind(first + 5, key: event.order)
    insert.bind(first + 6, event.quantity.isNaN ? nil : event.quantity)
    insert.bind(first + 7, event.price, missing: DraftEvent.missing)
    insert.bind(first + 8, key: event.currency)
    insert.bind(first + 9, Int64(event.zone))
    insert.bind(first + 10, key: event.channel)
    insert.bind(first + 11, key: event.region)
    insert.bind(first + 12, event.flags.rawValue)
    if event.text.isEmpty {
      insert.bindNull(first + 13)
    } else {
      insert.bind(
        first + 13, UnsafeBufferPointer(rebasing: text[Int(event.text.lowerBound)..<Int(event.text.upperBound)]))
    }
    insert.bind(first + 14, event.rating, missing: DraftEvent.missing)
  }

  /// Notes the events' ids, and leaves out what is there already or twice in the batch.
  ///
  /// In the order of the ids, so that neighbours in the table follow each other.
  private mutating func dropKnown(_ db: Database, _ report: inout CleaningReport) throws {
    var order = events.indices.map { (id: events[$0].id, place: Int32($0)) }
    order.sort { ($0.id, $0.place) < ($1.id, $1.place) }
    let note = try RowStatement(db, "INSERT OR IGNORE INTO event_ids VALUES (?)")
    var known: [Int32] = []
    // Of the known ones, those that say something else than the event before them under the same id.
    var conflicting: Set<Int32> = []
    var previous: (id: Int64, place: Int32)?
    for (id, place) in order {
      note.bind(1, id)
      if try note.run() == 0 {
        known.append(place)
        if let previous, previous.id == id, !events[Int(previous.place)].saysTheSame(as: events[Int(place)]) {
          conflicting.insert(place)
        }
      }
      if previous?.id != id { previous = (id, place) }
    }
    guard !known.isEmpty else { return }
    known.sort()
    for place in known {
      let event = events[Int(place)]
      report.add(conflicting.contains(place) ? .conflictingID : .duplicate, .dropped, line: Int(event.line))
    }
    var next = known.makeIterator()
    var dropped = next.next()
    var kept = 0
    for place in events.indices {
      if let first = dropped, Int(first) == place {
        dropped = next.next()
      } else {
        events[kept] = events[place]
        kept += 1
      }
    }
    events.removeLast(events.count - kept)
  }
}
