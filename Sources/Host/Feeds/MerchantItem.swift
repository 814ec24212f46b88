import Core
import Markup

/// The attributes of one product in the form that Google Merchant accepts.
struct MerchantItem {
  /// Why a product cannot be an item.
  struct Refusal: Error {
    let reason: String
  }

  /// Names and texts in the order of the feed.
  private(set) var attributes: [(name: StaticString, text: String)] = []
  /// What was mended.
  private(set) var repairs: [String] = []

  init(_ item: FeedItem, site: FeedSite, availability fallback: String?) throws(Refusal) {
    let product = item.product
    try addIdentity(product, item, site)
    try addPictures(product, site)
    try addAvailability(product, fallback)
    try addPrice(product, site)
    addIdentifiers(product)
    addCondition(product)
    addVariant(product)
  }

  private mutating func add(_ name: StaticString, _ text: String) { attributes.append((name, text)) }

  /// Adds a text of limited length.
  private mutating func add(_ name: StaticString, _ text: String, limit: Int) {
    if text.isEmpty { return }
    let kept = text.cut(to: limit)
    if kept.utf8.count < text.utf8.count { repairs.append("'\(name)' cut to \(limit) characters") }
    add(name, kept)
  }

  /// Adds an identifier: one that is too long ends in a fingerprint of the whole, so that it stays unique and stable.
  private mutating func add(_ name: StaticString, identifier: String) {
    if identifier.isEmpty { return }
    var kept = identifier
    if identifier.unicodeScalars.count > 50 {
      kept = "\(identifier.cut(to: 33))-\(identifier.fingerprint.hexadecimal)"
      repairs.append("'\(name)' over 50 characters shortened")
    }
    add(name, kept)
  }

  private mutating func addIdentity(_ product: Value, _ item: FeedItem, _ site: FeedSite) throws(Refusal) {
    let id = product["id"].line
    if id.isEmpty { throw Refusal(reason: "no 'id'") }
    add("g:id", identifier: id)
    var title = product["name"].plainLine
    if title.isEmpty { title = item.title.onOneLine }
    if title.isEmpty { throw Refusal(reason: "no 'name'") }
    add("title", title, limit: 150)
    var description = PlainText.of(html: product["description"].text)
    if description.isEmpty {
      description = product["tagline"].plainLine
      if description.isEmpty { description = title }
      repairs.append("no 'description': tagline or name used")
    }
    add("description", description, limit: 5_000)
    guard let link = item.url.withBytes({ WebAddress.resolve($0, base: site.baseURL) }), link.utf8.count <= 2_000
    else { throw Refusal(reason: "page without a URL of at most 2,000 characters") }
    add("link", link)
  }

  private mutating func addPictures(_ product: Value, _ site: FeedSite) throws(Refusal) {
    let all = product.imageURLs(base: site.baseURL)
    if all.isEmpty { throw Refusal(reason: "no 'image'") }
    let formats: Set<String> = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"]
    let pictures = all.filter {
      let kind = WebAddress.fileExtension(of: $0)
      // A URL without an ending, or with one that names a program, may well answer with a picture.
      return kind != "svg" && kind != "svgz" && kind != "pdf" && $0.utf8.count <= 2_000
    }
    guard let first = pictures.first(where: { formats.contains(WebAddress.fileExtension(of: $0)) }) ?? pictures.first
    else { throw Refusal(reason: "no 'image' in a format that Merchant takes (jpg, png, webp, gif, bmp, tif)") }
    add("g:image_link", first)
    let others = pictures.filter { $0 != first }
    for url in others.prefix(10) { add("g:additional_image_link", url) }
    if others.count > 10 { repairs.append("more than 10 additional images") }
  }

  private mutating func addAvailability(_ product: Value, _ fallback: String?) throws(Refusal) {
    var availability = product["availability"].line.lowercased()
    if availability.isEmpty { availability = fallback ?? "" }
    if availability.isEmpty { throw Refusal(reason: "no 'availability'") }
    guard ["in_stock", "out_of_stock", "preorder", "backorder"].contains(availability) else {
      throw Refusal(reason: "'availability' is none of in_stock, out_of_stock, preorder, backorder")
    }
    add("g:availability", availability)
    guard availability == "preorder" || availability == "backorder" else { return }
    let date = product["availability_date"].line
    guard Self.isDate(date) else {
      throw Refusal(reason: "preorder or backorder without 'availability_date' as in 2026-03-01")
    }
    add("g:availability_date", date)
  }

  private mutating func addPrice(_ product: Value, _ site: FeedSite) throws(Refusal) {
    if !product["price"].exists || product["price"].text.trimmed.isEmpty { throw Refusal(reason: "no 'price'") }
    guard let exact = Price(product["price"].text) else { throw Refusal(reason: "'price' is not an amount") }
    let stated = product["currency"].line
    let currency = (stated.isEmpty ? site.currency : stated).uppercased()
    guard currency.utf8.count == 3, currency.utf8.allSatisfy({ 65...90 ~= $0 }) else {
      throw Refusal(reason: "'currency' is not an ISO 4217 code")
    }
    let decimals = Price.decimals(ofCurrency: currency)
    let price = exact.rounded(decimals: decimals)
    if price.isZero { throw Refusal(reason: "'price' is zero") }
    if price != exact { repairs.append("'price' rounded to the currency's decimals") }
    add("g:price", "\(price.text(decimals: decimals)) \(currency)")
    guard product["sale_price"].exists else { return }
    guard let sale = Price(product["sale_price"].text)?.rounded(decimals: decimals), !sale.isZero, sale < price else {
      repairs.append("'sale_price' left out: not between zero and the price")
      return
    }
    add("g:sale_price", "\(sale.text(decimals: decimals)) \(currency)")
  }

  private mutating func addIdentifiers(_ product: Value) {
    add("g:brand", product["brand"].plainLine, limit: 70)
    var isIdentified = false
    if product["gtin"].exists, !product["gtin"].line.isEmpty {
      switch GTIN.read(product["gtin"].text) {
      case .right(let digits), .padded(let digits):
        add("g:gtin", digits)
        isIdentified = true
      case .wrongCheckDigit: repairs.append("'gtin' left out: wrong length or check digit")
      }
    }
    let mpn = product["mpn"].line
    if mpn.unicodeScalars.count > 70 {
      repairs.append("'mpn' left out: over 70 characters")
    } else if !mpn.isEmpty {
      add("g:mpn", mpn)
      isIdentified = true
    }
    if !isIdentified { add("g:identifier_exists", "no") }
  }

  private mutating func addCondition(_ product: Value) {
    let condition = product["condition"].line.lowercased()
    if ["new", "refurbished", "used"].contains(condition) {
      add("g:condition", condition)
    } else if !condition.isEmpty {
      repairs.append("'condition' left out: none of new, refurbished, used")
    }
  }

  private mutating func addVariant(_ product: Value) {
    add("g:item_group_id", identifier: product["item_group_id"].line)
    add("g:product_type", product["category"].categoryPath.joined(separator: " > "), limit: 750)
    add("g:color", product["color"].plainLine, limit: 100)
    add("g:size", product["size"].plainLine, limit: 100)
  }

  /// Whether text is a date of ISO 8601, alone or with a time and its zone.
  private static func isDate(_ text: String) -> Bool {
    // A 0 stands for any digit.
    let zones = ["Z", "+00:00", "-00:00", "+0000", "-0000"]
    let times = zones.flatMap { ["T00:00\($0)", "T00:00:00\($0)"] }
    let shape = String(decoding: text.utf8.map { 48...57 ~= $0 ? 48 : $0 }, as: UTF8.self)
    guard shape.hasPrefix("0000-00-00"), shape.utf8.count == 10 || times.contains(String(shape.dropFirst(10))) else {
      return false
    }
    let month = Int(text.dropFirst(5).prefix(2)) ?? 0
    let day = Int(text.dropFirst(8).prefix(2)) ?? 0
    return 1...12 ~= month && 1...31 ~= day
  }
}
