import Core
import Host
import Testing

struct WordPressFeedTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/import.xml" }

  init() throws { folder = try TemporaryFolder() }

  /// Finishes a feed and reads it back.
  private func parse(_ feed: WordPressFeed) throws -> (ParsedFeed, FeedSummary) {
    let summary = try feed.finish()
    return (try ParsedFeed(try folder.text(of: "import.xml")), summary)
  }

  @Test func writesAPost() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    try feed.add(json: product(), alternates: [("en-US", "https://shop.example/en-US/alpine-tent.html")])
    let (parsed, summary) = try parse(feed)
    #expect(summary.written == 1)
    #expect(summary.repaired.isEmpty)
    #expect(parsed.declarations == ["outdoor||Outdoor", "outdoor-tents|outdoor|Tents", "new-in|new in"])
    let expected = [
      "title": "Alpine tent", "creator": "admin", "guid": "https://shop.example/en-US/alpine-tent.html",
      "post_name": "alpine-tent", "status": "publish", "post_type": "post", "category": "Tents", "post_id": "2",
    ]
    for (name, text) in expected { #expect(parsed.text(name, of: 1) == text) }
    #expect(parsed.items[1].filter { $0.name == "encoded" }.map(\.text) == ["<p>Sleeps two.</p>", "Sleeps two."])
    #expect(
      parsed.all("postmeta") == [
        "_wp_attachment_image_altAlpine tent", "skut-1", "price149.9", "currencyEUR", "localeen-US",
        #"hreflang{"en-US":"https://shop.example/en-US/alpine-tent.html"}"#, "_thumbnail_id1",
      ])
    #expect(parsed.text("attachment_url", of: 0) == "https://shop.example/images/tent.png")
    #expect(parsed.text("post_type", of: 0) == "attachment")
    #expect(folder.names == ["import.xml"])
  }

  @Test func declaresTermsBeforeTheItemsAndOnce() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    let paths = ["Men > Shoes", "Women > Shoes", "women >  SHOES", "Women", "背包", "", "A <b>&lt;x&gt;</b>", "100%ab"]
    for (index, path) in paths.enumerated() {
      try feed.add(
        json: product(["id": "\"\(index)\"", "category": "\"\(path)\"", "tags": "[\"a\",\"A\",\"b\\\\c\",7]"]),
        path: "p\(index).html")
    }
    let (parsed, _) = try parse(feed)
    #expect(
      parsed.declarations == [
        "men||Men", "men-shoes|men|Shoes", "women||Women", "women-shoes|women|Shoes", "%e8%83%8c%e5%8c%85||背包",
        "a-x||A ‹x", "100-ab||100％ab", "a|a", "b-c|b/c", "item-7|7",
      ])
    #expect(parsed.elements.last { $0 != "item" } == "tag")
    #expect(parsed.elements.suffix(9).allSatisfy { $0 == "item" }, "eight pages and their picture")
  }

  @Test func titlesAndDatesAreNeverTheSameTwice() throws {
    func dates(_ ids: some Sequence<Int>) throws -> [String: String] {
      let feed = try WordPressFeed(path: path, site: shop)
      for id in ids { try feed.add(json: product(["id": "\"\(id)\""]), path: "p\(id).html") }
      let (parsed, _) = try parse(feed)
      var dates: [String: String] = [:]
      for index in parsed.items.indices {
        dates[parsed.text("link", of: index) ?? ""] = parsed.text("post_date", of: index)
      }
      return dates
    }
    let all = try dates(0..<2_000)
    #expect(Set(all.values).count == 2_001, "every page and the picture")
    #expect(all.values.allSatisfy { $0 < "2026-03-01 08:00:00" && $0 > "2026-01-31" })
    let some = try dates(stride(from: 0, to: 100, by: 7))
    #expect(some.allSatisfy { all[$0.key] == $0.value }, "a date depends on nothing but the page")
  }

  @Test(arguments: [
    ("  Outer\tblanks ", "Outer blanks"), ("C:\\temp", "C:/temp"), ("a <b> & c", "a &lt;b&gt; & c"),
    ("AT&T &amp; x", "AT&amp;T &amp;amp; x"), ("]]>", "]]&gt;"), ("", "Alpine tent"), ("\u{B}", "Alpine tent"),
    ("背包 👨‍👩‍👧", "背包 👨‍👩‍👧"), (String(repeating: "word ", count: 100), String(repeating: "word ", count: 50) + "word"),
  ])
  func titlesAreKeptByWordPress(title: String, expected: String) throws {
    let feed = try WordPressFeed(path: path, site: shop)
    try feed.add(json: product(["image": "null"]), title: title)
    let (parsed, summary) = try parse(feed)
    #expect(parsed.text("title", of: 0) == expected)
    #expect(summary.repaired.isEmpty == (title == expected))
  }

  @Test(arguments: [
    ("alpine-tent", "alpine-tent"), ("Mixed_Case.v2", "mixed-case-v2"), ("a---b", "a-b"),
    ("Größe Ångström", "grosse-angstrom"),
    ("背包", "%e8%83%8c%e5%8c%85"), ("Сумка", "%d1%81%d1%83%d0%bc%d0%ba%d0%b0"), ("don't", "dont"), ("2026", "item-2026"),
    ("page2", "item-page2"), ("feed", "en-us-alpine-tent"), ("🎒", "alpine-tent"), ("e\u{301}t", "et"),
    (
      "हिन्दी",
      "%e0%a4%b9%e0%a4%bf%e0%a4%a8%e0%a5%8d%e0%a4%a6%e0%a5%80"
    ),
  ])
  func slugsAreWrittenAsWordPressKeepsThem(slug: String, expected: String) throws {
    let feed = try WordPressFeed(path: path, site: shop)
    try feed.add(json: product(["image": "null", "slug": "\"\(slug)\""]))
    let (parsed, _) = try parse(feed)
    #expect(parsed.text("post_name", of: 0) == expected)
  }

  @Test func slugsAreUniqueAndShort() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    let slugs = ["tent", "背" + String(repeating: "包", count: 100), String(repeating: "s", count: 300)]
    for (index, slug) in slugs.enumerated() {
      for locale in ["en-US", "de-DE"] {
        for _ in 0..<3 {
          try feed.add(json: product(["slug": "\"\(slug)\""]), locale: locale, path: "\(locale)/\(index).html")
        }
      }
    }
    let (parsed, _) = try parse(feed)
    let names = parsed.all("post_name")
    #expect(Set(names).count == 19)
    #expect(names.allSatisfy { $0.utf8.count <= 200 && !$0.contains("--") && !$0.hasSuffix("-") && !$0.hasSuffix("%") })
    #expect(names.contains("tent") && names.contains("tent-de-de"))
  }

  @Test(arguments: ["a.svg", "noending", "javascript:x.png", "data:image/png;base64,x"])
  func onlyPicturesThatWordPressImportsBecomeFeatured(image: String) throws {
    let feed = try WordPressFeed(path: path, site: shop)
    try feed.add(json: product(["image": "\"\(image)\""]))
    let (parsed, _) = try parse(feed)
    #expect(parsed.items.count == 1)
    #expect(!parsed.all("postmeta").contains { $0.hasPrefix("_thumbnail_id") })
  }

  @Test func aPictureIsImportedOnce() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    for index in 0..<5 { try feed.add(json: product(), path: "p\(index).html") }
    let (parsed, _) = try parse(feed)
    #expect(parsed.all("attachment_url").count == 1)
    #expect(parsed.all("postmeta").filter { $0 == "_thumbnail_id1" }.count == 5)
  }

  @Test func contentIsKeptByteForByteWhereXMLCan() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    let content = "<!-- wp:html -->\n<script>if (a<b && c) x(']]>]]>')</script>&eacute; 背 👨‍👩‍👧 \u{2028}\\n<!-- /wp -->"
    try feed.add(json: product(["image": "null"]), content: Array(content.utf8))
    try feed.add(json: product(["image": "null"]), path: "q.html", content: [0x61, 0x0B, 0xFF, 0x62])
    let (parsed, summary) = try parse(feed)
    #expect(parsed.text("encoded", of: 0) == content)
    #expect(parsed.text("encoded", of: 1) == "a\u{FFFD}b")
    #expect(summary.repaired.contains { $0.reason == "characters that XML cannot hold left out" && $0.count == 1 })
  }

  @Test func contentThatNoImporterReadsIsLeftOut() throws {
    let feed = try WordPressFeed(path: path, site: shop)
    try feed.add(json: product(), content: Array(repeating: 0x61, count: 9 << 20))
    try feed.add(json: product(["id": "\"small\""]))
    let (parsed, summary) = try parse(feed)
    #expect(parsed.all("postmeta").contains("skusmall"))
    #expect(summary.skipped.map(\.reason) == ["content over 8 MiB"])
  }

  @Test func pagesMayWaitAsDraftsOfAnAuthor() throws {
    var options = WordPressFeed.Options()
    options.isDraft = true
    options.postType = .page
    options.author = "editor"
    options.hasImages = false
    let feed = try WordPressFeed(path: path, site: shop, options: options)
    try feed.add(json: product())
    let (parsed, _) = try parse(feed)
    #expect(parsed.items.count == 1)
    #expect(parsed.text("status", of: 0) == "draft")
    #expect(parsed.text("post_type", of: 0) == "page")
    #expect(parsed.text("creator", of: 0) == "editor")
  }
}
