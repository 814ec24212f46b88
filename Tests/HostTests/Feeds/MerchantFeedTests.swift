import Core
import Host
import Testing

struct MerchantFeedTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/merchant.xml" }

  init() throws { folder = try TemporaryFolder() }

  private func feed(
    _ products: [String], options: MerchantFeed.Options = .init()
  ) throws -> (ParsedFeed, FeedSummary) {
    let feed = try MerchantFeed(path: path, site: shop, options: options)
    for product in products { try feed.add(json: product) }
    let summary = try feed.finish()
    return (try ParsedFeed(try folder.text(of: "merchant.xml")), summary)
  }

  @Test func writesAProduct() throws {
    let feed = try MerchantFeed(path: path, site: shop)
    try feed.add(json: product(["sale_price": "99", "images": "[\"b.png\",\"images/tent.png\"]", "color": "\"red\""]))
    #expect(try feed.finish().written == 1)
    #expect(
      try folder.text(of: "merchant.xml") == """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
        <title>Fernweh &amp; Co</title><link>https://shop.example/</link><description>Fernweh GmbH</description>
        <item><g:id>t-1</g:id><title>Alpine tent</title><description>Sleeps two.</description>\
        <link>https://shop.example/en-US/alpine-tent.html</link>\
        <g:image_link>https://shop.example/images/tent.png</g:image_link>\
        <g:additional_image_link>https://shop.example/b.png</g:additional_image_link>\
        <g:availability>in_stock</g:availability><g:price>149.90 EUR</g:price><g:sale_price>99.00 EUR</g:sale_price>\
        <g:brand>Fernweh</g:brand><g:gtin>4006381333931</g:gtin>\
        <g:product_type>Outdoor &gt; Tents</g:product_type><g:color>red</g:color></item>
        </channel></rss>

        """)
    #expect(folder.names == ["merchant.xml"])
  }

  @Test(arguments: [
    (["id": "null"], "no 'id'"), (["price": "null"], "no 'price'"), (["price": "0.00"], "'price' is zero"),
    (["price": "0.001"], "'price' is zero"), (["price": "\"on request\""], "'price' is not an amount"),
    (["price": "-5"], "'price' is not an amount"), (["currency": "\"euros\""], "'currency' is not an ISO 4217 code"),
    (["image": "null"], "no 'image'"), (["image": "\"javascript:alert(1)\""], "no 'image'"),
    (["image": "\"a.svg\""], "no 'image' in a format that Merchant takes (jpg, png, webp, gif, bmp, tif)"),
    (["availability": "null"], "no 'availability'"),
    (["availability": "\"maybe\""], "'availability' is none of in_stock, out_of_stock, preorder, backorder"),
    (["availability": "\"preorder\""], "preorder or backorder without 'availability_date' as in 2026-03-01"),
  ])
  func leavesOutAndReportsWhatMerchantWouldRefuse(members: [String: String], reason: String) throws {
    let (parsed, summary) = try feed([product(members), product(["id": "\"good\""])])
    #expect(parsed.all("id") == ["good"])
    #expect(summary.written == 1)
    #expect(summary.skipped.map(\.reason) == [reason])
    #expect(summary.skipped.first?.count == 1)
    #expect(summary.skipped.first?.examples == [members["id"] == nil ? "t-1" : "en-US/alpine-tent.html"])
  }

  @Test(arguments: [
    (["gtin": "\"4006381333932\""], "gtin", nil), (["gtin": "\"40-0638 1333931\""], "gtin", "4006381333931"),
    (["gtin": "36000291452"], "gtin", "036000291452"), (["gtin": "\"36000291453\""], "gtin", nil),
    (["gtin": "\"00000000\""], "gtin", nil), (["gtin": "null"], "identifier_exists", "no"),
    (["gtin": "null", "mpn": "\"M-1\""], "identifier_exists", nil), (["price": "15"], "price", "15.00 EUR"),
    (["price": "1500.5", "currency": "\"jpy\""], "price", "1501 JPY"), (["price": "1e2"], "price", "100.00 EUR"),
    (["price": "2.5", "currency": "\"KWD\""], "price", "2.500 KWD"), (["currency": "null"], "price", "149.90 EUR"),
    (["sale_price": "149.90"], "sale_price", nil), (["sale_price": "0"], "sale_price", nil),
    (["condition": "\"used\""], "condition", "used"), (["condition": "\"mint\""], "condition", nil),
    (
      ["availability": "\"preorder\"", "availability_date": "\"2026-05-01T10:00Z\""], "availability_date",
      "2026-05-01T10:00Z"
    ),
    (["name": "\"<b>Bold</b> &amp; <i>new</i>\""], "title", "Bold & new"),
    (["description": "null", "tagline": "\"Light\""], "description", "Light"),
    (["images": "[\"b.png\"]", "image": "\"a.svg\""], "image_link", "https://shop.example/b.png"),
  ])
  func mendsWhatItCan(members: [String: String], name: String, text: String?) throws {
    let (parsed, _) = try feed([product(members)])
    #expect(parsed.items.count == 1)
    #expect(parsed.text(name, of: 0) == text)
  }

  @Test func keepsTextsWithinTheirLimits() throws {
    let long = String(repeating: "背👨‍👩‍👧", count: 2_000)
    let images = (0..<20).map { "\"\($0).png\"" }.joined(separator: ",")
    let (parsed, summary) = try feed([
      product([
        "id": "\"\(String(repeating: "i", count: 60))\"", "name": "\"\(long)\"", "description": "\"\(long)\"",
        "images": "[\(images)]",
      ])
    ])
    for (name, limit) in [("id", 50), ("title", 150), ("description", 5_000)] {
      let text = try #require(parsed.text(name, of: 0))
      #expect(text.unicodeScalars.count <= limit && text.unicodeScalars.count > limit - 6)
      #expect(!text.hasSuffix("\u{200D}"), "a family is not torn apart")
    }
    #expect(parsed.all("additional_image_link").count == 10)
    #expect(summary.repaired.count == 4)
  }

  @Test func takesEachProductOnceInItsLanguage() throws {
    let feed = try MerchantFeed(path: path, site: shop, options: .init(locale: "de-DE"))
    for locale in ["en-US", "de-DE", "zh-CN"] {
      for profile in 0..<3 {
        try feed.add(json: product(), locale: locale, path: "\(locale)/tent-\(profile).html")
      }
    }
    try feed.add(json: "null", locale: "de-DE", path: "de-DE/spring-sale.html")
    let summary = try feed.finish()
    #expect(summary.written == 1)
    #expect(summary.passedOver == 9)
    #expect(summary.skipped.isEmpty)
    let parsed = try ParsedFeed(try folder.text(of: "merchant.xml"))
    #expect(parsed.all("link") == ["https://shop.example/de-DE/tent-0.html"])
  }

  @Test func anUnstatedAvailabilityMayBeGivenForAll() throws {
    let (parsed, _) = try feed([product(["availability": "null"])], options: .init(availability: "in_stock"))
    #expect(parsed.text("availability", of: 0) == "in_stock")
  }

  @Test func hostileTextsStayText() throws {
    let (parsed, summary) = try feed([
      product(["name": "\"Tent \\u000b]]> \\u2028 {{ x }}\"", "brand": "\"\\\"&amp;lt;\\ufffe\"", "gtin": "\"]]>\""])
    ])
    #expect(parsed.text("title", of: 0) == "Tent ]]> {{ x }}")
    #expect(parsed.text("brand", of: 0) == "\"&lt;")
    #expect(summary.written == 1)
  }
}
