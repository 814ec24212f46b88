import Core
import Host
import Testing

struct StreamedFeedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ name: String, _ feed: StreamedFeed) throws -> String {
    _ = try feed.finish()
    return try folder.text(of: name)
  }

  @Test func atomTellsOfPages() throws {
    let feed = try StreamedFeed.atom(
      path: folder.path + "/atom.xml", url: "https://shop.example/atom.xml", site: shop)
    try feed.add(json: product(["tagline": "\"Dry & light\""]), title: "A <b>tent</b>")
    try feed.add(json: product(), locale: "de-DE", path: "de-DE/alpine-tent.html")
    let text = try written("atom.xml", feed)
    #expect(text.contains("<id>https://shop.example/atom.xml</id><title>Fernweh &amp; Co</title>"))
    let entry = [
      "<entry><id>https://shop.example/en-US/alpine-tent.html</id><title>A &lt;b&gt;tent&lt;/b&gt;</title>",
      #"<link rel="alternate" type="text/html" href="https://shop.example/en-US/alpine-tent.html"/>"#,
      "<updated>2026-03-01T08:00:00Z</updated><summary>Dry &amp; light</summary>",
      #"<content type="html" xml:base="https://shop.example/en-US/alpine-tent.html">"#,
      #"&lt;p&gt;Sleeps two.&lt;/p&gt;</content><category term="Outdoor"/><category term="Tents"/></entry>"#,
    ].joined()
    #expect(text.contains(entry))
    #expect(!text.contains("de-DE"))
  }

  @Test func rssTellsOfPages() throws {
    let feed = try StreamedFeed.rss(path: folder.path + "/rss.xml", url: "https://shop.example/rss.xml", site: shop)
    try feed.add(json: product(["tagline": "\"Dry &amp; <b>light</b>\""]))
    let parsed = try ParsedFeed(try written("rss.xml", feed))
    #expect(parsed.text("title", of: 0) == "Alpine tent")
    #expect(parsed.text("guid", of: 0) == "https://shop.example/en-US/alpine-tent.html")
    #expect(parsed.text("description", of: 0) == "Dry &amp; light")
    #expect(parsed.text("encoded", of: 0) == "<p>Sleeps two.</p>")
    #expect(parsed.all("category") == ["Outdoor", "Tents"])
  }

  @Test func jsonLinesHoldEverything() throws {
    let feed = try StreamedFeed.jsonLines(path: folder.path + "/pages.jsonl", site: shop)
    try feed.add(
      json: product(["name": "\"Zelt \\\"Ü\\\"\""]), title: "Zelt", locale: "de-DE",
      alternates: [("de-DE", "https://shop.example/de")])
    let text = try written("pages.jsonl", feed)
    #expect(text.split(separator: "\n").count == 1)
    let document = try Document(json: text)
    withExtendedLifetime(document) {
      let page = document.root
      #expect(page["locale"].string == "de-DE")
      #expect(page["content"].string == "<p>Sleeps two.</p>")
      #expect(page["alternates"]["de-DE"].string == "https://shop.example/de")
      #expect(page["images"][0].string == "https://shop.example/images/tent.png")
      #expect(page["product"]["name"].string == "Zelt \"Ü\"")
      #expect(page["product"]["price"].scalarText == "149.90")
    }
  }

  @Test func shopifyGetsARowForEveryPicture() throws {
    let feed = try StreamedFeed.shopifyCSV(path: folder.path + "/products.csv", site: shop)
    try feed.add(
      json: product(["images": "[\"images/b.png\"]", "sale_price": "99", "name": "\"Tent, \\\"two\\\"\""]))
    try feed.add(json: product(), path: "again.html")
    try feed.add(json: product(["id": "\"t-2\"", "price": "null"]))
    let summary = try feed.finish()
    #expect(summary.written == 1 && summary.passedOver == 1)
    #expect(summary.skipped.map(\.reason) == ["no 'price'"])
    let rows = try folder.text(of: "products.csv").split(separator: "\r\n")
    #expect(rows.count == 3)
    #expect(
      rows[1] == """
        alpine-tent,"Tent, ""two""\",<p>Sleeps two.</p>,Fernweh,Tents,new in,TRUE,Title,Default Title,t-1,deny,manual,\
        99.00,149.90,TRUE,TRUE,4006381333931,https://shop.example/images/tent.png,1,"Tent, ""two""\",\
        "Tent, ""two""\",Sleeps two.,active
        """)
    #expect(rows[2].hasPrefix("alpine-tent,,,") && rows[2].contains("https://shop.example/images/b.png,2,"))
  }

  @Test func aFormulaIsNoFormula() throws {
    let feed = try StreamedFeed.shopifyCSV(path: folder.path + "/products.csv", site: shop)
    try feed.add(json: product(["name": "\"=1+1\"", "brand": "\"@x\"", "description": "\"-2\""]))
    let summary = try feed.finish()
    #expect(summary.repaired.count == 1)
    let text = try folder.text(of: "products.csv")
    #expect(!text.contains(",=") && !text.contains(",@") && !text.contains(",-"))
  }

  @Test func aBrokenFileNeverBecomesVisible() throws {
    // A line break inside a document would break the lines; an unpaired quote the records.
    let feed = try StreamedFeed.jsonLines(path: folder.path + "/pages.jsonl", site: shop)
    try feed.add(json: product(["description": "\"a\\nb\\u2028c\""]), content: [0x0A, 0x22, 0xFF, 0x5C])
    #expect(try feed.finish().written == 1)
    #expect(try folder.text(of: "pages.jsonl").split(separator: "\n").count == 1)
  }

  @Test func hostileTextStaysTextInEveryFormat() throws {
    let name = #""</script><img src=x onerror=alert(1)> ]]> \u000b & \"=1\"""#
    let content = Array("<p>]]>&lt;script&gt;\u{B}</p>".utf8) + [0xFF]
    for (file, feed) in [
      ("atom.xml", try StreamedFeed.atom(path: folder.path + "/atom.xml", url: "https://s.example/a", site: shop)),
      ("rss.xml", try StreamedFeed.rss(path: folder.path + "/rss.xml", url: "https://s.example/r", site: shop)),
      ("pages.jsonl", try StreamedFeed.jsonLines(path: folder.path + "/pages.jsonl", site: shop)),
      ("products.csv", try StreamedFeed.shopifyCSV(path: folder.path + "/products.csv", site: shop)),
    ] {
      try feed.add(json: product(["name": name, "brand": name, "category": name, "slug": name]), content: content)
      #expect(try feed.finish().written == 1, "\(file)")
      let text = try folder.text(of: file)
      if file.hasSuffix("xml") { #expect(!text.contains("<img")) }
    }
  }
}
