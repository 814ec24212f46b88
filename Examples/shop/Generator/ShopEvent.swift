import Core

/// A line of the shop's log.
struct ShopEvent {
  var time: Int64
  var kind: String
  var user: String
  /// Minutes east of UTC.
  var offset: Int
  var channel: String
  var product: Shop.Product?
  var order = ""
  var quantity = 0
  var price = 0.0
  var query = ""
  var rating = 0

  /// The event as a line of JSON.
  func json(id: Int, categories: [String]) -> String {
    Document { builder in
      func text(_ key: StaticString, _ text: String) {
        if text.isEmpty { return }
        builder.key(key)
        builder.string(text)
      }
      builder.beginObject()
      text("id", "e\(id)")
      text("time", TimeText.text(time, offset: offset))
      text("kind", kind)
      text("user", user)
      text("channel", channel)
      text("query", query)
      if let product {
        text("product", product.id)
        text("name", product.name)
        text("category", categories[product.category])
        text("brand", product.brand)
      }
      text("order", order)
      if quantity > 0 {
        builder.key("quantity")
        builder.int(Int64(quantity))
        builder.key("price")
        var amount = Self.cents(price)
        amount.withUTF8 { builder.number($0) }
        text("currency", "EUR")
      }
      if rating > 0 {
        builder.key("rating")
        builder.int(Int64(rating))
      }
      builder.end()
    }.json
  }

  /// An amount with two decimals.
  private static func cents(_ amount: Double) -> String {
    let cents = Int((amount * 100).rounded())
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
