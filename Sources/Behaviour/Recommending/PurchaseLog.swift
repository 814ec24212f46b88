import GRDB
public import Recommendation

/// Who bought what when, as recommendations learn from it.
public struct PurchaseLog: Sendable {
  /// The purchases.
  public let events: [Interactions.Event]
  /// The ids of the users, by number.
  public let userIDs: [String]
  /// The ids of the products, by number.
  public let itemIDs: [String]
  /// The filters that were used, for people.
  public let filters: [String]
}

extension EventStore {
  /// What the events say of products, as texts by which they are compared: name, category and brand.
  public func texts(of products: [String]) throws -> [String] {
    try read { db in
      let table = try ProductTable(db)
      let key = try RowStatement(db, "SELECT key FROM products WHERE id = ?")
      return try products.map { id in
        var id = id
        let found = try id.withUTF8 { id in
          key.bind(1, id)
          return try key.firstInteger()
        }
        let product = found.flatMap { table[$0] }
        return ContentIndex.text(
          name: product?.name ?? "", category: product?.category ?? "", brand: product?.brand ?? "")
      }
    }
  }

  /// The purchases of goods: at a price, and of products whose codes look like those of most others.
  ///
  /// Where nearly all codes begin with the same number of digits, others are postage, fees and the like.
  ///
  /// - Parameter purpose: what people must let their data be used for.
  public func purchases(purpose: String = "measure") throws -> PurchaseLog {
    let withheld = try self.withheld(purpose)
    return try read { db in
      var itemIDs: [String] = []
      var numberOfItem: [Int64: Int32] = [:]
      let codes = try Row.fetchAll(
        db,
        sql: """
          SELECT key, id FROM products WHERE key IN (
            SELECT DISTINCT product FROM events WHERE kind = ? AND (price IS NULL OR price > 0)) ORDER BY id
          """, arguments: [EventKind.purchase.rawValue]
      ).map { (key: $0["key"] as Int64, id: $0["id"] as String) }
      let digits = Self.usualDigits(codes.map(\.id))
      for (key, id) in codes where digits == 0 || Self.leadingDigits(id) >= digits {
        numberOfItem[key] = Int32(itemIDs.count)
        itemIDs.append(id)
      }
      var events: [Interactions.Event] = []
      var userIDs: [String] = []
      var user: Int64 = 0
      let statement = try RowStatement(
        db,
        """
        SELECT e.profile, e.product, e.time, e."order", p.id FROM profiles p CROSS JOIN events e ON e.profile = p.key
        WHERE e.kind = ? AND e.product IS NOT NULL AND (e.price IS NULL OR e.price > 0) ORDER BY p.id, e.time, e.id
        """)
      statement.bind(1, Int64(EventKind.purchase.rawValue))
      while try statement.next() {
        guard let item = numberOfItem[statement.integer(1)], !withheld.contains(statement.integer(0)) else { continue }
        if statement.integer(0) != user {
          user = statement.integer(0)
          userIDs.append(statement.string(4))
        }
        let time = statement.integer(2) / 1000
        // What has no order is one basket a day.
        let basket = statement.isNull(3) ? -1 - time / 86_400 : statement.integer(3)
        events.append(.init(user: Int32(userIDs.count - 1), item: item, time: time, basket: basket))
      }
      var filters = ["purchases at a price above zero", "known users only"]
      if !withheld.isEmpty { filters.append("\(withheld.count) people left out who do not agree to '\(purpose)'") }
      if digits > 0 {
        filters.append(
          "product codes that begin with \(digits) digits (\(codes.count - itemIDs.count) others left out)")
      }
      return PurchaseLog(events: events, userIDs: userIDs, itemIDs: itemIDs, filters: filters)
    }
  }

  /// How many digits nearly all codes begin with; 0 where they do not agree.
  private static func usualDigits(_ codes: [String]) -> Int {
    guard codes.count >= 100 else { return 0 }
    var counts: [Int: Int] = [:]
    for code in codes { counts[leadingDigits(code), default: 0] += 1 }
    guard let (digits, _) = counts.max(by: { $0.value < $1.value }), digits >= 3 else { return 0 }
    let fitting = counts.reduce(0) { $0 + ($1.key >= digits ? $1.value : 0) }
    return fitting * 100 >= codes.count * 95 ? digits : 0
  }

  private static func leadingDigits(_ code: String) -> Int { code.utf8.prefix { 48...57 ~= $0 }.count }
}
