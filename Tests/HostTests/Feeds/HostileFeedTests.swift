import Core
import Host
import HostileFragments
import Markup
import Testing

/// What authors, models or catalogues may write comes out of every feed as text or as harmless markup.
struct HostileFeedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A feed whose products are called, described and filed as the vectors say, and whose content was sanitised.
  private func written(_ name: String, _ make: (String) throws -> any FeedWriter) throws -> String {
    let feed = try make("\(folder.path)/\(name)")
    for (index, vector) in XSSVectors.all.enumerated() {
      let text = "\"" + String(decoding: Escaping.jsonString.escaped(vector), as: UTF8.self) + "\""
      let members = ["id": "\"\(index)\"", "image": "\"images/\(index).png\""].merging(
        ["name", "brand", "category", "description", "slug", "color"].map { ($0, text) }
      ) { $1 }
      try feed.add(
        json: product(members), title: vector, path: "\(index).html", content: HTMLSanitiser().sanitised(vector))
    }
    #expect(try feed.finish().written == XSSVectors.all.count)
    return try folder.text(of: name)
  }

  private func expectInert(_ html: String, _ place: String) {
    let offences = InertHTML(Array(html.utf8)).offences
    #expect(offences.isEmpty, "\(place): \(html)")
  }

  @Test func wordPressPrintsNothingThatRuns() throws {
    let feed = try ParsedFeed(try written("w.xml") { try WordPressFeed(path: $0, site: shop) })
    // Themes print titles and excerpts as they are.
    for name in ["title", "encoded", "category"] { feed.all(name).forEach { expectInert($0, name) } }
  }

  @Test func readersOfFeedsPrintNothingThatRuns() throws {
    let rss = try ParsedFeed(
      try written("r.xml") { try StreamedFeed.rss(path: $0, url: "https://shop.example/r.xml", site: shop) })
    for name in ["encoded", "description"] { rss.all(name).forEach { expectInert($0, name) } }
    let atom = try written("a.xml") { try StreamedFeed.atom(path: $0, url: "https://shop.example/a.xml", site: shop) }
    #expect(!atom.contains("<script") && !atom.contains("<img") && !atom.contains("<svg"))
  }

  @Test func merchantAndSitemapHoldNoMarkup() throws {
    for text in [
      try written("m.xml") { try MerchantFeed(path: $0, site: shop) },
      try written("s.xml") { try SitemapFeed(path: $0, url: "https://shop.example/s.xml", site: shop) },
    ] {
      #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("<svg"))
      #expect(!text.contains("<link>javascript") && !text.contains("<loc>javascript"))
    }
  }

  @Test func linesOfJSONHoldHarmlessContent() throws {
    let text = try written("p.jsonl") { try StreamedFeed.jsonLines(path: $0, site: shop) }
    for line in text.split(separator: "\n") {
      let page = try Document(json: String(line))
      withExtendedLifetime(page) { expectInert(page.root["content"].string ?? "", "content") }
    }
  }

  @Test func whatIsPublishedByRESTRunsNothing() throws {
    _ = try written("p.jsonl") { try StreamedFeed.jsonLines(path: $0, site: shop) }
    let server = FakeWordPress()
    let site = "https://blog.example"
    let api = try WordPressAPI(site: site, user: "ed", password: "abcd efgh", transport: server)
    var options = PublishOptions()
    options.mediaFolder = nil
    let report = try WordPressPublisher(api: api, site: site, ledger: folder.path + "/ledger", options: options)
      .publish(file: folder.path + "/p.jsonl")
    #expect(report.created == XSSVectors.all.count)
    // Themes print titles and excerpts as they are.
    for post in server.posts.values {
      for text in [post.title, post.excerpt, post.content] { expectInert(text, post.slug) }
    }
  }

  @Test func shopifyGetsHarmlessBodiesAndNoFormulas() throws {
    let text = try written("p.csv") { try StreamedFeed.shopifyCSV(path: $0, site: shop) }
    #expect(!text.contains("\"=HYPERLINK") && !text.contains(",=HYPERLINK"))
    #expect(!text.contains("\r\n=") && text.contains("\" =HYPERLINK"))
  }
}
