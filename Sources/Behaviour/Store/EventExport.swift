import Core
import GRDB

extension EventStore {
  /// What to export.
  public struct Selection: Sendable {
    /// The first moment, in milliseconds since 1970.
    public var from = Int64.min
    /// The moment behind the last.
    public var until = Int64.max
    /// The kinds to take; all where empty.
    public var kinds: Set<EventKind> = []
    /// Only of people who let their data be used for this; of all where nil.
    public var purpose: String?

    /// Everything.
    public init() {}
  }

  /// Writes events as JSON lines, by the ids of people and in the order of time, which `import` reads back.
  ///
  /// Memory stays flat. `write` is given whole lines. The first one says how many people had been erased by then, so
  /// that a model learnt from the export can be told from one that is older than an erasure.
  ///
  /// - Returns: how many events were written.
  public func export(_ selection: Selection = Selection(), write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws
    -> Int
  {
    let withheld = try selection.purpose.map { try self.withheld($0) } ?? []
    return try read { db in
      let statement = try RowStatement(
        db,
        """
        SELECT e.id, e.kind, p.id, i.id, e.time, e.zone, o.id, e.quantity, e.price, c.id, e.text, h.id, r.id, e.profile,
          e.product, e.rating
        FROM profiles p CROSS JOIN events e ON e.profile = p.key LEFT JOIN products i ON i.key = e.product
        LEFT JOIN orders o ON o.key = e."order" LEFT JOIN words c ON c.key = e.currency
        LEFT JOIN words h ON h.key = e.channel LEFT JOIN words r ON r.key = e.region
        WHERE e.time >= ? AND e.time < ? ORDER BY p.id, e.time, e.id
        """)
      statement.bind(1, selection.from)
      statement.bind(2, selection.until)
      let erasures = try erasures(db)
      let products = try ProductTable(db)
      var line: [UInt8] = []
      var count = 0
      while try statement.next() {
        guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(1))),
          selection.kinds.isEmpty || selection.kinds.contains(kind), !withheld.contains(statement.integer(13))
        else { continue }
        Self.write(statement, kind, products[statement.integer(14)], erasures: count == 0 ? erasures : 0, to: &line)
        count += 1
        if line.count > 1 << 16 {
          try line.withUnsafeBufferPointer(write)
          line.removeAll(keepingCapacity: true)
        }
      }
      try line.withUnsafeBufferPointer(write)
      return count
    }
  }

  private static func write(
    _ row: RowStatement, _ kind: EventKind, _ product: ProductTable.Product?, erasures: Int, to line: inout [UInt8]
  ) {
    let hash = String(UInt64(bitPattern: row.integer(0)), radix: 16)
    line.append(contentsOf: "{\"id\":\"#\(String(repeating: "0", count: 16 - hash.count))\(hash)\"".utf8)
    line.append(contentsOf: ",\"kind\":\"\(kind.name)\"".utf8)
    func text(_ key: String, _ column: Int32) {
      guard !row.isNull(column) else { return }
      line.append(contentsOf: ",\"\(key)\":".utf8)
      line.appendJSONString(row.text(column))
    }
    text("user", 2)
    text("product", 3)
    for (key, value) in [("name", product?.name), ("category", product?.category), ("brand", product?.brand)] {
      guard var value, !value.isEmpty else { continue }
      line.append(contentsOf: ",\"\(key)\":".utf8)
      value.withUTF8 { line.appendJSONString($0) }
    }
    line.append(contentsOf: ",\"time\":\"\(TimeText.text(row.integer(4), offset: Int(row.integer(5))))\"".utf8)
    text("order", 6)
    if !row.isNull(7) {
      let quantity = row.double(7)
      line.append(contentsOf: ",\"quantity\":".utf8)
      line.append(contentsOf: (Int64(exactly: quantity).map { "\($0)" } ?? "\(quantity)").utf8)
    }
    if !row.isNull(8) { line.append(contentsOf: ",\"price\":\(Money.text(row.integer(8)))".utf8) }
    text("currency", 9)
    text("query", 10)
    text("channel", 11)
    text("region", 12)
    if !row.isNull(15) { line.append(contentsOf: ",\"rating\":\(Money.text(row.integer(15)))".utf8) }
    if erasures > 0 { line.append(contentsOf: ",\"erasures\":\(erasures)".utf8) }
    line.append(contentsOf: "}\n".utf8)
  }

  /// Removes events before a moment, in milliseconds since 1970, and marks their people's profiles for a rebuild.
  ///
  /// - Returns: how many events were removed.
  public func prune(before moment: Int64) throws -> Int {
    var removed = 0
    var from: Int64 = 0
    while true {
      // A thousand people a transaction: other readers wait briefly, and a kill loses little.
      let (last, count): (Int64?, Int) = try write { db in
        let last = try Int64.fetchOne(
          db, sql: "SELECT max(key) FROM (SELECT key FROM profiles WHERE key > ? ORDER BY key LIMIT 1000)",
          arguments: [from])
        guard let last else { return (nil, 0) }
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO touched SELECT DISTINCT profile FROM events
            WHERE profile > ? AND profile <= ? AND time < ?
            """, arguments: [from, last, moment])
        try db.execute(
          sql: """
            DELETE FROM event_ids WHERE id IN (
              SELECT id FROM events WHERE profile > ? AND profile <= ? AND time < ?)
            """, arguments: [from, last, moment])
        try db.execute(
          sql: "DELETE FROM events WHERE profile > ? AND profile <= ? AND time < ?", arguments: [from, last, moment])
        return (last, db.changesCount)
      }
      removed += count
      guard let last else { break }
      from = last
    }
    try checkpoint()
    return removed
  }

  /// How much the database holds.
  public struct Counts: Sendable {
    /// Events.
    public let events: Int
    /// People.
    public let profiles: Int
    /// Products.
    public let products: Int
    /// Orders.
    public let orders: Int
  }

  /// Counts what the database holds.
  public func counts() throws -> Counts {
    try read { db in
      func count(_ table: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
      return Counts(
        events: try count("events"), profiles: try count("profiles"), products: try count("products"),
        orders: try count("orders"))
    }
  }
}

/// Amounts of money in ten-thousandths of a currency's unit.
enum Money {
  /// The amount as a decimal number without zeros at its end.
  static func text(_ amount: Int64) -> String {
    let magnitude = amount.magnitude
    var fraction = "\(magnitude % 10000)"
    fraction = String(repeating: "0", count: 4 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(amount < 0 ? "-" : "")\(magnitude / 10000)\(fraction.isEmpty ? "" : ".\(fraction)")"
  }
}
