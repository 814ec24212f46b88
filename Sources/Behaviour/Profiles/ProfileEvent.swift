import GRDB

/// One event of a person, as profiles are made from it.
struct ProfileEvent {
  var id: Int64
  /// Milliseconds since 1970.
  var time: Int64
  var kind: EventKind
  var product: Int64
  var order: Int64
  var quantity: Double
  /// What one piece cost, in units of the shop's currency; nil where it is not known or in another one.
  var price: Double?
  /// Whether its price is in another currency than the shop's.
  var isForeign = false
  /// Minutes east of UTC.
  var zone: Int
  var channel: Int64
  var region: Int64
  var text: String
  /// The stars of a review; nil where there are none.
  var rating: Double?

  /// The day on the person's clock, from 1970-01-01.
  var localDay: Int64 { (time + Int64(zone) * 60_000) / 86_400_000 }
  /// The hour on the person's clock.
  var localHour: Int { Int((time + Int64(zone) * 60_000) / 3_600_000 % 24) }
  var amount: Double { quantity * (price ?? 0) }

  /// The events of a person, the oldest first.
  ///
  /// - Parameter currency: the shop's; 0 where no event names one.
  static func all(of profile: Int64, currency: Int64, _ db: Database) throws -> [ProfileEvent] {
    let row = try RowStatement(
      db,
      """
      SELECT id, time, kind, product, "order", quantity, price, zone, channel, region, text, rating, currency
      FROM events
      WHERE profile = ? ORDER BY time, id
      """)
    row.bind(1, profile)
    var events: [ProfileEvent] = []
    while try row.next() {
      guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: row.integer(2))) else { continue }
      let isForeign = !row.isNull(12) && row.integer(12) != currency
      events.append(
        ProfileEvent(
          id: row.integer(0), time: row.integer(1), kind: kind, product: row.integer(3), order: row.integer(4),
          quantity: row.isNull(5) ? 1 : row.double(5),
          price: row.isNull(6) || isForeign ? nil : Double(row.integer(6)) / 10000, isForeign: isForeign,
          zone: Int(row.integer(7)), channel: row.integer(8), region: row.integer(9), text: row.string(10),
          rating: row.isNull(11) ? nil : Double(row.integer(11)) / 10000))
    }
    return events
  }
}

/// What is known of products, for the interests of profiles.
struct ProductTable {
  struct Product {
    var id = ""
    var name = ""
    var category = ""
    var brand = ""
    /// What a piece usually cost.
    var usualPrice = 0.0
    /// When it was first sold, in milliseconds since 1970.
    var firstSold = Int64.max
    /// "low", "middle" or "high" among all products; empty where it has no price.
    var band = ""
  }

  private var products: [Int64: Product] = [:]
  private var words: [Int64: String] = [:]
  /// The shop's currency: that of most purchases; 0 where none names one.
  private(set) var currency: Int64 = 0

  init(_ db: Database) throws {
    let ids = try RowStatement(db, "SELECT key, id FROM products")
    while try ids.next() { products[ids.integer(0)] = Product(id: ids.string(1)) }
    // Of several names, the most frequent: staff notes are rare.
    let facts = try RowStatement(
      db, "SELECT product, field, value FROM product_facts ORDER BY product, field, count, value DESC")
    while try facts.next() {
      switch EventField(rawValue: Int(facts.integer(1))) {
      case .name: products[facts.integer(0)]?.name = facts.string(2)
      case .category: products[facts.integer(0)]?.category = facts.string(2)
      case .brand: products[facts.integer(0)]?.brand = facts.string(2)
      default: break
      }
    }
    let most = try RowStatement(
      db,
      """
      SELECT currency FROM events WHERE kind = \(EventKind.purchase.rawValue) AND currency NOT NULL
      GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
      """)
    currency = try most.firstInteger() ?? 0
    let sales = try RowStatement(
      db,
      """
      SELECT product, min(time), avg(iif(ifnull(currency, ?) = ?, price, NULL)) FROM events
      WHERE kind = \(EventKind.purchase.rawValue) AND product NOT NULL GROUP BY product
      """)
    for place in [Int32(1), 2] { sales.bind(place, currency) }
    while try sales.next() {
      products[sales.integer(0)]?.firstSold = sales.integer(1)
      products[sales.integer(0)]?.usualPrice = sales.double(2) / 10000
    }
    let prices = products.values.map(\.usualPrice).filter { $0 > 0 }.sorted()
    if !prices.isEmpty {
      let (low, high) = (prices[prices.count / 3], prices[prices.count * 2 / 3])
      for (key, product) in products where product.usualPrice > 0 {
        products[key]?.band = product.usualPrice < low ? "low" : product.usualPrice < high ? "middle" : "high"
      }
    }
    let texts = try RowStatement(db, "SELECT key, id FROM words")
    while try texts.next() { words[texts.integer(0)] = texts.string(1) }
  }

  subscript(product: Int64) -> Product? { products[product] }

  func word(_ key: Int64) -> String? { words[key] }
}
