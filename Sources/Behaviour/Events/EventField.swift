/// What a column of a file of events can hold.
public enum EventField: Int, Sendable, CaseIterable {
  case id, kind, user, product, time, order, quantity, price, amount, currency, query, channel, region, agent
  case name, category, brand, rating, consent

  /// The field's name in mappings and exports.
  public var name: String { "\(self)" }

  /// The field of a name.
  public init?(name: String) {
    guard let field = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = field
  }

  /// Names under which shops write the field, folded.
  var aliases: [String] {
    switch self {
    case .id: ["id", "eventid", "uuid", "messageid"]
    case .kind: ["kind", "event", "eventtype", "type", "action", "eventname"]
    case .user:
      ["user", "profile", "customerid", "userid", "customer", "visitorid", "memberid", "householdid", "clientid"]
    case .product: ["product", "productid", "itemid", "stockcode", "sku", "item", "asin"]
    case .time:
      ["time", "timestamp", "invoicedate", "eventtime", "date", "datetime", "transactiontimestamp", "createdat"]
    case .order: ["order", "orderid", "invoiceno", "invoice", "basketid", "transactionid", "sessionid", "session"]
    case .quantity: ["quantity", "qty", "units"]
    case .price: ["price", "unitprice"]
    case .amount: ["amount", "salesvalue", "revenue", "value", "total"]
    case .currency: ["currency", "currencycode"]
    case .query: ["query", "searchterm", "q", "text"]
    case .channel: ["channel", "source", "medium"]
    case .region: ["region", "country", "countrycode"]
    case .agent: ["agent", "useragent"]
    case .name: ["name", "description", "productname", "title"]
    case .category: ["category", "productcategory", "categorycode"]
    case .brand: ["brand", "manufacturer", "vendor"]
    case .rating: ["rating", "stars", "score"]
    case .consent: ["consent"]
    }
  }

  /// Whether reports must not show what stands in it.
  var isPersonal: Bool { self == .user || self == .query || self == .agent }
}
