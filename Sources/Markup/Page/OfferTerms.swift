/// What a shop promises with each of its offers: where it delivers, and what it takes back.
public struct OfferTerms: Sendable {
  /// Delivery to a country.
  public struct Shipping: Sendable {
    /// The ISO 3166-1 code of two letters.
    public var country: String
    /// What it costs, in the currency of the offer.
    public var price: Price
    /// Days until a parcel leaves; nil where that is not promised.
    public var handlingDays: ClosedRange<Int>?
    /// Days until it arrives after that; nil where that is not promised.
    public var transitDays: ClosedRange<Int>?

    /// A way of delivery.
    public init(country: String, price: Price, handlingDays: ClosedRange<Int>?, transitDays: ClosedRange<Int>?) {
      self.country = country
      self.price = price
      self.handlingDays = handlingDays
      self.transitDays = transitDays
    }
  }

  /// What happens to goods that a buyer sends back.
  public struct Returns: Sendable {
    /// The ISO 3166-1 code of two letters.
    public var country: String
    /// Days within which goods are taken back; none are where it is 0.
    public var days: Int
    /// Whether the shop pays for sending them; nil where that is not said.
    public var areFree: Bool?

    /// A policy of returns.
    public init(country: String, days: Int, areFree: Bool?) {
      self.country = country
      self.days = days
      self.areFree = areFree
    }
  }

  /// Countries that the shop delivers to.
  public var shipping: [Shipping]
  /// What it takes back, if it says so.
  public var returns: Returns?

  /// Terms; nothing is promised without any.
  public init(shipping: [Shipping] = [], returns: Returns? = nil) {
    self.shipping = shipping
    self.returns = returns
  }
}

extension JSONWriter {
  /// Writes the members of an offer that tell its terms, as Google's documentation of merchant listings names them.
  mutating func terms(_ terms: OfferTerms, currency: Bytes) {
    if !terms.shipping.isEmpty {
      key("shippingDetails" as StaticString)
      beginArray()
      for shipping in terms.shipping { self.shipping(shipping, currency: currency) }
      endArray()
    }
    guard let returns = terms.returns else { return }
    key("hasMerchantReturnPolicy" as StaticString)
    begin("MerchantReturnPolicy")
    member("applicableCountry", returns.country)
    if returns.days == 0 {
      member("returnPolicyCategory", "https://schema.org/MerchantReturnNotPermitted" as StaticString)
    } else {
      member("returnPolicyCategory", "https://schema.org/MerchantReturnFiniteReturnWindow" as StaticString)
      key("merchantReturnDays" as StaticString)
      integer(returns.days)
      member("returnMethod", "https://schema.org/ReturnByMail" as StaticString)
      if let areFree = returns.areFree {
        member(
          "returnFees",
          areFree
            ? "https://schema.org/FreeReturn"
            : "https://schema.org/ReturnFeesCustomerResponsibility"
              as StaticString)
      }
    }
    endObject()
  }

  private mutating func shipping(_ shipping: OfferTerms.Shipping, currency: Bytes) {
    begin("OfferShippingDetails")
    key("shippingRate" as StaticString)
    begin("MonetaryAmount")
    member("value", shipping.price.text(decimals: Price.decimals(ofCurrency: currency.string)))
    member("currency", currency)
    endObject()
    key("shippingDestination" as StaticString)
    begin("DefinedRegion")
    member("addressCountry", shipping.country)
    endObject()
    if shipping.handlingDays != nil || shipping.transitDays != nil {
      key("deliveryTime" as StaticString)
      begin("ShippingDeliveryTime")
      days("handlingTime", shipping.handlingDays)
      days("transitTime", shipping.transitDays)
      endObject()
    }
    endObject()
  }

  private mutating func days(_ name: StaticString, _ days: ClosedRange<Int>?) {
    guard let days else { return }
    key(name)
    begin("QuantitativeValue")
    key("minValue" as StaticString)
    integer(days.lowerBound)
    key("maxValue" as StaticString)
    integer(days.upperBound)
    member("unitCode", "DAY" as StaticString)
    endObject()
  }
}
