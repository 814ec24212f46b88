/// What a page tells machines about its product.
///
/// Every text is borrowed; an empty one is left out.
public struct ProductMarkup {
  /// The product's name.
  public var name = Bytes.none
  /// Plain text.
  public var description = Bytes.none
  /// Absolute URLs, the best first; others are left out.
  public var images: [Bytes] = []
  /// The shop's own number.
  public var sku = Bytes.none
  /// The global trade item number.
  public var gtin = Bytes.none
  /// The manufacturer's part number.
  public var mpn = Bytes.none
  /// The brand's name.
  public var brand = Bytes.none
  /// The colour.
  public var color = Bytes.none
  /// The size.
  public var size = Bytes.none
  /// The group of variants that the product belongs to.
  public var groupID = Bytes.none
  /// What a buyer pays now, as a decimal number; without one above zero there is no offer.
  public var price = Bytes.none
  /// The price before a reduction, as a decimal number.
  public var listPrice = Bytes.none
  /// The ISO 4217 code.
  public var currency = Bytes.none
  /// `in_stock`, `out_of_stock`, `preorder` or `backorder`; others are left out.
  public var availability = Bytes.none
  /// When it will be had, for preorder and backorder; ISO 8601.
  public var availabilityDate = Bytes.none
  /// `new`, `refurbished` or `used`; others are left out.
  public var condition = Bytes.none
  /// What the shop promises with the offer.
  public var terms = OfferTerms()
  /// The mean rating, as a decimal number.
  public var rating = Bytes.none
  /// How many rated.
  public var ratingCount = 0
  /// The path of categories, "A > B".
  public var category = Bytes.none
  /// Absolute URLs of the categories, as many as the path has parts; may be left out.
  public var categoryURLs: [Bytes] = []

  /// Markup of nothing.
  public init() {}
}
