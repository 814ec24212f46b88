import GRDB
import Host

/// The events of one transaction, the texts they hold, and what they say of products.
struct EventBatch: ~Copyable {
  var events: [DraftEvent] = []
  var text: [UInt8] = []
  /// How often a product was called something, by a hash of product, field and value.
  var facts: [UInt64: ProductFact] = [:]

  struct ProductFact {
    let product: Int64
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

  /// Writes the events, those that are known already left out, and what goes with them.
  mutating func write(_ db: Database, report: inout CleaningReport) throws {
    events.sort { ($0.profile, $0.time, $0.id) < ($1.profile, $1.time, $1.id) }
    let insert = try RowStatement(
      db, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
    let touch = try RowStatement(db, "INSERT OR IGNORE INTO touched VALUES (?)")
    var touched: Int64 = 0
    try text.withUnsafeBufferPointer { text in
      for event in events {
        insert.bind(1, event.profile)
        insert.bind(2, event.time)
        insert.bind(3, event.id)
        insert.bind(4, Int64(event.kind.rawValue))
        insert.bind(5, key: event.product)
        insert.bind(6, key: event.order)
        insert.bind(7, event.quantity.isNaN ? nil : event.quantity)
        if event.price == DraftEvent.missingPrice { insert.bindNull(8) } else { insert.bind(8, event.price) }
        insert.bind(9, key: event.currency)
        insert.bind(10, Int64(event.zone))
        insert.bind(11, key: event.channel)
        insert.bind(12, key: event.region)
        insert.bind(13, event.flags.rawValue)
        if event.text.isEmpty {
          insert.bindNull(14)
        } else {
          insert.bind(14, UnsafeBufferPointer(rebasing: text[Int(event.text.lowerBound)..<Int(event.text.upperBound)]))
        }
        guard try insert.run() > 0 else {
          report.add(.duplicate, .dropped, line: Int(event.line))
          continue
        }
        report.events += 1
        if event.profile != touched {
          touched = event.profile
          touch.bind(1, touched)
          _ = try touch.run()
        }
      }
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
}
