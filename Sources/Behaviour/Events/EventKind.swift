/// What a person did.
public enum EventKind: UInt8, Sendable, CaseIterable {
  case impression = 1
  case view, search, click, addToCart, purchase, refund, review, messageOpen

  /// The word for it in files.
  public var name: String {
    switch self {
    case .impression: "impression"
    case .view: "view"
    case .search: "search"
    case .click: "click"
    case .addToCart: "add_to_cart"
    case .purchase: "purchase"
    case .refund: "refund"
    case .review: "review"
    case .messageOpen: "message_open"
    }
  }

  /// Whether it says nothing without a product.
  public var needsProduct: Bool {
    switch self {
    case .search, .messageOpen, .impression, .click: false
    case .view, .addToCart, .purchase, .refund, .review: true
    }
  }

  /// Whether a program could have made it by the hundred.
  var isBrowsing: Bool {
    switch self {
    case .impression, .view, .search, .click: true
    case .addToCart, .purchase, .refund, .review, .messageOpen: false
    }
  }

  /// The kind that a word of any shop means, or nil.
  public init?(word: String) {
    guard let kind = Self.words[foldedName(word)] else { return nil }
    self = kind
  }

  private static let words: [String: EventKind] = {
    let synonyms: [(EventKind, String)] = [
      (.impression, "impression impressions shown exposure display"),
      (.view, "view viewed viewitem pageview productview productviewed detail productdetail detailview seen visit"),
      (.search, "search searched query sitesearch viewsearchresults productssearched"),
      (.click, "click clicked select selectitem productclicked"),
      (.addToCart, "addtocart cart basket addtobasket addcart productadded"),
      (
        .purchase,
        "purchase purchased order ordered ordercompleted buy bought sale transaction checkout conversion"
      ),
      (.refund, "refund refunded orderrefunded return returned cancellation cancel cancelled canceled"),
      (.review, "review reviewed rating rate"),
      (.messageOpen, "messageopen open opened emailopen mailopen"),
    ]
    var table: [String: EventKind] = [:]
    for (kind, words) in synonyms {
      for word in words.split(separator: " ") { table[String(word)] = kind }
    }
    return table
  }()
}

/// A name in lower case, letters and digits only: `Customer ID`, `customer_id` and `CustomerID` are one.
func foldedName(_ name: String) -> String {
  String(
    String.UnicodeScalarView(
      name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || 48...57 ~= $0.value }))
}
