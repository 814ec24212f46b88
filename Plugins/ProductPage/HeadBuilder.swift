import Markup
import PluginAPI

/// Fills the head of a page from a brief.
struct HeadBuilder {
  let source: DigitalSource
  let terms: OfferTerms

  /// The head's elements.
  func head(for request: Request) -> [UInt8] {
    let site = request.brief["site"]
    let asset = request.brief["asset"]
    let product = request.product
    let siteName = site["name"].utf8
    let owned = OwnedTexts()

    var head = PageHead()
    let asked = request.params["title"].utf8
    let subject = asked.isEmpty ? product["name"].utf8 : asked
    head.title = subject.isEmpty ? siteName : owned.joined(subject, " | ", siteName)
    head.description = description(of: request, owned)
    head.canonical = asset["url"].utf8
    head.alternates = alternates(asset["alternates"], fallback: site["default_locale"].utf8)
    head.siteName = siteName
    head.locale = request.locale.utf8
    head.source = source
    // What previews of the page show: its product, else the first that it recommends.
    let shown = product.exists ? product : request.brief["products"][0]
    head.image = absolute(shown["image"].utf8, site, owned)
    head.imageDescription = shown["name"].utf8
    if product.exists {
      head.type = "product"
      head.price = price(product)
      head.currency = currency(product, site)
    }
    var jsonLD: [UInt8] = []
    JSONLD.append(markup(of: request, head, owned), to: &jsonLD)
    head.jsonLD = owned.keep(jsonLD)
    return write(head, owned)
  }

  private func write(_ head: PageHead, _ owned: OwnedTexts) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2048 + head.jsonLD.count)
    withExtendedLifetime(owned) { HeadWriter.append(head, to: &bytes) }
    return bytes
  }

  private func description(of request: Request, _ owned: OwnedTexts) -> Bytes {
    let asked = request.params["description"].utf8
    if !asked.isEmpty { return asked }
    let product = request.product
    let text = product["tagline"].utf8.isEmpty ? product["description"].utf8 : product["tagline"].utf8
    return owned.shortened(text, to: 155)
  }

  private func alternates(_ list: Value, fallback: Bytes) -> [PageHead.Alternate] {
    var result: [PageHead.Alternate] = []
    for index in 0..<list.count {
      let locale = list[index]["locale"].utf8
      let url = list[index]["url"].utf8
      result.append(.init(hreflang: locale, url: url))
      if locale.elementsEqual(fallback) { result.append(.init(hreflang: Bytes("x-default"), url: url)) }
    }
    return result
  }

  private func markup(of request: Request, _ head: PageHead, _ owned: OwnedTexts) -> PageMarkup {
    let product = request.product
    var page = PageMarkup()
    page.name = product.exists ? product["name"].utf8 : head.title
    page.url = head.canonical
    page.locale = head.locale
    page.source = source
    if product.exists { page.product = markup(of: product, request, head, owned) }
    let products = request.brief["products"]
    for index in 0..<products.count where page.recommendations.count < 12 {
      let other = products[index]
      if other["id"].utf8.elementsEqual(product["id"].utf8) { continue }
      page.recommendations.append(.init(name: other["name"].utf8, url: other["url"].utf8))
    }
    return page
  }

  private func markup(of product: Value, _ request: Request, _ head: PageHead, _ owned: OwnedTexts) -> ProductMarkup {
    let site = request.brief["site"]
    var markup = ProductMarkup()
    markup.name = product["name"].utf8
    markup.description = product["description"].utf8
    markup.images = [head.image]
    let images = product["images"]
    for index in 0..<images.count { markup.images.append(absolute(images[index].utf8, site, owned)) }
    markup.sku = product["id"].utf8
    markup.gtin = product["gtin"].utf8
    markup.mpn = product["mpn"].utf8
    markup.brand = product["brand"].utf8
    markup.color = product["color"].utf8
    markup.size = product["size"].utf8
    markup.groupID = product["item_group_id"].utf8
    markup.price = head.price
    if product["sale_price"].exists { markup.listPrice = product["price"].utf8 }
    markup.currency = head.currency
    markup.availability = product["availability"].utf8
    markup.availabilityDate = product["availability_date"].utf8
    markup.condition = product["condition"].utf8.isEmpty ? Bytes("new") : product["condition"].utf8
    markup.terms = terms
    markup.rating = product["rating"]["value"].utf8
    markup.ratingCount = product["rating"]["count"].int ?? 0
    markup.category = product["category"].utf8
    return markup
  }

  /// What a buyer pays now.
  private func price(_ product: Value) -> Bytes {
    product["sale_price"].exists ? product["sale_price"].utf8 : product["price"].utf8
  }

  private func currency(_ product: Value, _ site: Value) -> Bytes {
    product["currency"].exists ? product["currency"].utf8 : site["currency"].utf8
  }

  /// A URL that stands alone; a relative one is read from the site's base.
  private func absolute(_ url: Bytes, _ site: Value, _ owned: OwnedTexts) -> Bytes {
    if url.isEmpty || url.starts(with: "https://".utf8) || url.starts(with: "http://".utf8) { return url }
    let base = site["base_url"].utf8
    return base.isEmpty ? url : owned.joined(base, "/", url)
  }
}

/// Texts that were made for a head and must live until it is written.
final class OwnedTexts {
  private var texts: [UnsafeMutableBufferPointer<UInt8>] = []

  deinit {
    for text in texts { text.deallocate() }
  }

  func keep(_ bytes: some Collection<UInt8>) -> Bytes {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    texts.append(copy)
    return Bytes(copy)
  }

  func joined(_ first: Bytes, _ middle: StaticString, _ last: Bytes) -> Bytes {
    keep(Array(first) + Array(Bytes(middle)) + Array(last))
  }

  /// The text cut at a blank, with an ellipsis, where it has more than so many code points.
  func shortened(_ text: Bytes, to limit: Int) -> Bytes {
    var points = 0
    var lastBlank = 0
    for (index, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
      if byte == UInt8(ascii: " ") { lastBlank = index }
      points += 1
      if points > limit {
        let end = lastBlank > 0 ? lastBlank : index
        return keep(Array(text[..<end]) + Array("…".utf8))
      }
    }
    return text
  }
}

extension Bytes {
  init(_ text: StaticString) {
    self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
