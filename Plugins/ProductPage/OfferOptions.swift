import Markup
import PluginAPI

/// The option `shipping`, one of its countries.
struct ShippingConfig: Decodable {
  var country: String
  var price: Double
  var handling_days: [Int]?
  var transit_days: [Int]?

  /// - Throws: `PluginError` where days or the price make no sense.
  func shipping() throws(PluginError) -> OfferTerms.Shipping {
    guard let price = "\(price)".withBytes({ Price($0) }) else {
      throw PluginError(.config, field: "price", "expected an amount, found \(price)")
    }
    return OfferTerms.Shipping(
      country: country.uppercased(), price: price, handlingDays: try Self.range(handling_days, "handling_days"),
      transitDays: try Self.range(transit_days, "transit_days"))
  }

  private static func range(_ days: [Int]?, _ field: String) throws(PluginError) -> ClosedRange<Int>? {
    guard let days else { return nil }
    guard days.count == 2, days[0] <= days[1] else {
      throw PluginError(.config, field: field, "expected the fewest and the most days, found \(days)")
    }
    return days[0]...days[1]
  }
}

/// The option `returns`.
struct ReturnsConfig: Decodable {
  var country: String
  var days: Int
  var fees: String?

  var returns: OfferTerms.Returns {
    OfferTerms.Returns(country: country.uppercased(), days: days, areFree: fees.map { $0 == "free" })
  }
}
