/// Structured data of a page in schema.org's words, as one JSON-LD graph that is safe within `<script>`.
///
/// Names and rules: schema.org, and Google's documentation of product snippets and merchant listings.
public enum JSONLD {
  /// Appends the graph: the product with its offer and rating, the breadcrumb, the recommended products, and who wrote
  /// the page; nothing where there is none of them.
  public static func append(_ page: PageMarkup, to output: inout [UInt8]) {
    if page.product == nil, page.recommendations.isEmpty, page.source.schemaURL == nil { return }
    var writer = JSONWriter(inScript: true)
    swap(&writer.bytes, &output)
    defer { swap(&writer.bytes, &output) }
    writer.beginObject()
    writer.member("@context", "https://schema.org" as StaticString)
    writer.key("@graph" as StaticString)
    writer.beginArray()
    if let product = page.product {
      writer.product(product, on: page)
      writer.breadcrumb(product, on: page)
    }
    writer.recommendations(on: page)
    writer.source(of: page)
    writer.endArray()
    writer.endObject()
  }
}

extension JSONWriter {
  /// Writes a member, unless its text is empty.
  mutating func member(_ name: StaticString, _ text: some UTF8Text) {
    if text.withBytes({ $0.isEmpty }) { return }
    key(name)
    string(text)
  }

  /// Writes a member that must be an absolute URL, or leaves it out.
  fileprivate mutating func urlMember(_ name: StaticString, _ url: Bytes) {
    guard WebAddress.isAbsolute(url) else { return }
    key(name)
    self.url(url)
  }

  private mutating func url(_ url: Bytes, fragment: StaticString = "") {
    var written: [UInt8] = []
    Escaping.url.append(url, to: &written)
    written.append(raw: fragment)
    string(written)
  }

  /// Opens an object of a type.
  mutating func begin(_ type: StaticString) {
    beginObject()
    member("@type", type)
  }

  fileprivate mutating func product(_ product: ProductMarkup, on page: PageMarkup) {
    begin("Product")
    identify(page, fragment: "#product")
    member("name", product.name)
    member("description", product.description)
    let images = product.images.filter { WebAddress.isAbsolute($0) }
    if !images.isEmpty {
      key("image" as StaticString)
      beginArray()
      for image in images { url(image) }
      endArray()
    }
    member("sku", product.sku)
    member("gtin", product.gtin)
    member("mpn", product.mpn)
    if !product.brand.isEmpty {
      key("brand" as StaticString)
      begin("Brand")
      member("name", product.brand)
      endObject()
    }
    member("color", product.color)
    member("size", product.size)
    member("inProductGroupWithID", product.groupID)
    member("category", product.category)
    rating(product)
    offer(product, on: page)
    endObject()
  }

  private mutating func offer(_ product: ProductMarkup, on page: PageMarkup) {
    guard let price = Price(product.price), !price.isZero else { return }
    key("offers" as StaticString)
    begin("Offer")
    self.price(product.price, price)
    member("priceCurrency", product.currency)
    if let list = Price(product.listPrice), price < list {
      key("priceSpecification" as StaticString)
      begin("UnitPriceSpecification")
      member("priceType", "https://schema.org/StrikethroughPrice" as StaticString)
      self.price(product.listPrice, list)
      member("priceCurrency", product.currency)
      endObject()
    }
    let availability: StaticString =
      switch product.availability.string {
      case "in_stock": "https://schema.org/InStock"
      case "out_of_stock": "https://schema.org/OutOfStock"
      case "preorder": "https://schema.org/PreOrder"
      case "backorder": "https://schema.org/BackOrder"
      default: ""
      }
    member("availability", availability)
    member("availabilityStarts", product.availabilityDate)
    let condition: StaticString =
      switch product.condition.string {
      case "new": "https://schema.org/NewCondition"
      case "refurbished": "https://schema.org/RefurbishedCondition"
      case "used": "https://schema.org/UsedCondition"
      default: ""
      }
    member("itemCondition", condition)
    terms(product.terms, currency: product.currency)
    urlMember("url", page.url)
    endObject()
  }

  /// Writes a price as it stands in the source where that is a plain decimal number.
  private mutating func price(_ source: Bytes, _ price: Price) {
    let isPlain = source.allSatisfy { 48...57 ~= $0 || $0 == UInt8(ascii: ".") }
    if isPlain, source.first != UInt8(ascii: "."), source.last != UInt8(ascii: ".") {
      member("price", source)
    } else {
      member("price", price.text())
    }
  }

  private mutating func rating(_ product: ProductMarkup) {
    guard product.ratingCount > 0, let value = Price(product.rating), !value.isZero else { return }
    key("aggregateRating" as StaticString)
    begin("AggregateRating")
    member("ratingValue", value.text())
    key("ratingCount" as StaticString)
    integer(product.ratingCount)
    endObject()
  }

  fileprivate mutating func breadcrumb(_ product: ProductMarkup, on page: PageMarkup) {
    let categories = product.category.split(separator: UInt8(ascii: ">")).map { Bytes(rebasing: $0).trimmed }
      .filter { !$0.isEmpty }
    if categories.isEmpty { return }
    begin("BreadcrumbList")
    key("itemListElement" as StaticString)
    beginArray()
    let hasLinks = product.categoryURLs.count == categories.count
    for (index, name) in categories.enumerated() {
      listItem(index + 1, .init(name: name, url: hasLinks ? product.categoryURLs[index] : .none), urlKey: "item")
    }
    listItem(categories.count + 1, .init(name: product.name, url: page.url), urlKey: "item")
    endArray()
    endObject()
  }

  fileprivate mutating func recommendations(on page: PageMarkup) {
    if page.recommendations.isEmpty { return }
    begin("ItemList")
    key("itemListElement" as StaticString)
    beginArray()
    for (index, link) in page.recommendations.enumerated() { listItem(index + 1, link, urlKey: "url") }
    endArray()
    endObject()
  }

  private mutating func listItem(_ position: Int, _ link: PageMarkup.Link, urlKey: StaticString) {
    begin("ListItem")
    key("position" as StaticString)
    integer(position)
    member("name", link.name)
    urlMember(urlKey, link.url)
    endObject()
  }

  fileprivate mutating func source(of page: PageMarkup) {
    guard let source = page.source.schemaURL else { return }
    begin("WebPage")
    identify(page, fragment: "#page")
    urlMember("url", page.url)
    member("name", page.name)
    member("inLanguage", page.locale)
    member("digitalSourceType", source)
    if page.product != nil, WebAddress.isAbsolute(page.url) {
      key("mainEntity" as StaticString)
      beginObject()
      identify(page, fragment: "#product")
      endObject()
    }
    endObject()
  }

  /// Writes the node's `@id`, the page's URL with a fragment.
  private mutating func identify(_ page: PageMarkup, fragment: StaticString) {
    guard WebAddress.isAbsolute(page.url) else { return }
    key("@id" as StaticString)
    url(page.url, fragment: fragment)
  }
}
