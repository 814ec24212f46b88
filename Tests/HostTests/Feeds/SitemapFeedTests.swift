import Core
import Host
import Markup
import Testing

struct SitemapFeedTests {
  private let folder: TemporaryFolder
  private let twins = [
    (locale: "en-US", url: "https://shop.example/en-US/alpine-tent.html"),
    (locale: "de-DE", url: "https://shop.example/de-DE/alpine-tent.html"),
  ]

  init() throws { folder = try TemporaryFolder() }

  private func feed(locale: String? = nil, limits: SitemapFeed.Limits = .init()) throws -> SitemapFeed {
    try SitemapFeed(
      path: folder.path + "/sitemap.xml", url: "https://shop.example/sitemap.xml", site: shop, locale: locale,
      limits: limits)
  }

  @Test func tellsOfPagesWithTheirLanguagesAndPictures() throws {
    let feed = try feed()
    try feed.add(json: product(["updated_at": "\"2026-02-01\""]), alternates: twins)
    #expect(try feed.finish().written == 1)
    let text = try folder.text(of: "sitemap.xml")
    let page = [
      "<url><loc>https://shop.example/en-US/alpine-tent.html</loc><lastmod>2026-02-01T00:00:00Z</lastmod>",
      #"<xhtml:link rel="alternate" hreflang="en-US" href="https://shop.example/en-US/alpine-tent.html"/>"#,
      #"<xhtml:link rel="alternate" hreflang="x-default" href="https://shop.example/en-US/alpine-tent.html"/>"#,
      #"<xhtml:link rel="alternate" hreflang="de-DE" href="https://shop.example/de-DE/alpine-tent.html"/>"#,
      "<image:image><image:loc>https://shop.example/images/tent.png</image:loc></image:image></url>",
    ].joined()
    #expect(text.contains(page))
  }

  @Test func aPageInOneLanguageHasNoAlternates() throws {
    let feed = try feed()
    try feed.add(json: product(), alternates: Array(twins.prefix(1)))
    _ = try feed.finish()
    #expect(try !folder.text(of: "sitemap.xml").contains("<xhtml:link"))
  }

  @Test func oneLanguageMayBeAskedFor() throws {
    let feed = try feed(locale: "de-DE")
    try feed.add(json: product(), alternates: twins)
    try feed.add(json: product(), locale: "de-DE", path: "de-DE/alpine-tent.html", alternates: twins)
    let summary = try feed.finish()
    #expect(summary.written == 1 && summary.passedOver == 1)
  }

  @Test func manyPagesAreSplitUnderAnIndex() throws {
    var limits = SitemapFeed.Limits()
    limits.addresses = 10
    let feed = try feed(limits: limits)
    for index in 0..<25 { try feed.add(json: product(), path: "\(index).html") }
    #expect(try feed.finish().written == 25)
    #expect(folder.names == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"])
    let index = try folder.text(of: "sitemap.xml")
    #expect(index.contains("<loc>https://shop.example/sitemap-3.xml</loc><lastmod>2026-03-01T08:00:00Z</lastmod>"))
    let counts = try (1...3).map { try folder.text(of: "sitemap-\($0).xml").split(separator: "<url>").count - 1 }
    #expect(counts == [10, 10, 5])
  }

  @Test func noFileGrowsOverItsBytes() throws {
    var limits = SitemapFeed.Limits()
    limits.bytes = 4_000
    let feed = try feed(limits: limits)
    for index in 0..<40 { try feed.add(json: product(), path: "\(index).html", alternates: twins) }
    _ = try feed.finish()
    let parts = folder.names.filter { $0.hasPrefix("sitemap-") }
    #expect(parts.count > 2)
    for part in parts { #expect(try folder.text(of: part).utf8.count <= 4_000) }
  }

  @Test func aShorterSitemapLeavesNoOldParts() throws {
    var limits = SitemapFeed.Limits()
    limits.addresses = 10
    for count in [45, 15, 5, 0] {
      let feed = try feed(limits: limits)
      for index in 0..<count { try feed.add(json: product(), path: "\(index).html") }
      _ = try feed.finish()
      let parts = count == 0 ? 0 : count <= 10 ? 1 : (count + 9) / 10 + 1
      #expect(folder.names.count == parts)
    }
  }

  @Test func nothingIsVisibleBeforeTheEnd() throws {
    var limits = SitemapFeed.Limits()
    limits.addresses = 2
    do {
      let feed = try feed(limits: limits)
      for index in 0..<5 { try feed.add(json: product(), path: "\(index).html") }
      #expect(folder.names.allSatisfy { $0.hasPrefix(".bespoke-") })
    }
    #expect(folder.names.isEmpty)
  }

  @Test func hostileAddressesStayAddresses() throws {
    let feed = try feed()
    try feed.add(json: product(["image": "\"javascript:alert(1)\""]), path: "a b/ä&<\"'>.html")
    _ = try feed.finish()
    let text = try folder.text(of: "sitemap.xml")
    #expect(text.contains("<loc>https://shop.example/a%20b/%C3%A4&amp;%3C%22'%3E.html</loc>"))
    #expect(!text.contains("javascript"))
  }
}

struct SitemapSchemaTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    ("<url><lastmod>2026-01-01</lastmod><loc>https://s.example/</loc></url>", "lastmod"),
    ("<url/>", "url"), ("", "urlset"), ("<url><loc>/relative</loc></url>", "loc"),
    ("<url><loc>https://s.example/a b</loc></url>", "loc"),
    ("<url><loc>https://s.example/</loc><priority>2</priority></url>", "priority"),
    ("<url><loc>https://s.example/</loc><changefreq>often</changefreq></url>", "changefreq"),
    ("<url><loc>https://s.example/</loc><lastmod>yesterday</lastmod></url>", "lastmod"),
    ("<url><loc>https://s.example/</loc><name>x</name></url>", "name"),
  ])
  func refusesWhatTheProtocolDoesNotKnow(content: String, element: String) throws {
    let error = #expect(throws: Diagnostic.self) { try check(content) }
    #expect(error?.description.contains(element) == true)
  }

  @Test func takesWhatTheProtocolKnows() throws {
    try check(
      """
      <url><loc>https://s.example/</loc><lastmod>2026-01-01T10:00:00+01:00</lastmod><changefreq>daily</changefreq>
      <priority>0.5</priority><x:y xmlns:x='urn:x'/></url>
      """)
  }

  private func check(_ content: String) throws {
    let path = "\(folder.path)/s.xml"
    try (#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"# + content + "</urlset>")
      .write(toFile: path)
    try XMLSchema(SitemapSchema.text, named: "sitemap").check(file: path, named: "s.xml")
  }
}
