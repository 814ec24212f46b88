import Foundation
import HostileFragments
import PluginAPI
import PluginTesting
import ProductPage
import TemplateFiller
import Testing

/// The demo's pages of every kind, told of products and people whose texts are programs.
struct HostilePageTests {
  private static let templates = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Templates")
  private let host: TestHost

  init() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.templates.path())
      .filter { $0.hasSuffix(".liquid") || $0.hasPrefix("locales/") }
    host = try TestHost(
      resources: names.map {
        TestResource(
          kind: "template", name: $0,
          text: try String(contentsOf: Self.templates.appending(path: $0), encoding: .utf8))
      })
  }

  private static func brief(_ text: String, image: String = "images/a.png", url: String = "https://shop.example/a")
    throws -> TestRequest
  {
    func quoted(_ text: String) throws -> String {
      String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
    let (text, image, url) = (try quoted(text), try quoted(image), try quoted(url))
    let product = """
      "name":\(text),"brand":\(text),"tagline":\(text),"description":\(text),"color":\(text),"highlights":[\(text)],\
      "attributes":{"weight":\(text)},"image":\(image),"url":\(url),"path":\(url),"price":80,"sale_price":60,\
      "currency":"EUR","availability":"in_stock","category":"Packs > Daypacks"
      """
    return TestRequest(
      """
      {"locale":"en-US","run_time":1772352000,"params":{"title":\(text),"description":\(text)},
      "site":{"name":\(text),"base_url":"https://shop.example","default_locale":"en-US"},
      "asset":{"root":"../","path":"en-US/x.html","url":"https://shop.example/en-US/x.html"},
      "profile":{"id":"u","first_name":\(text),"interests":[\(text)],"segments":["new"],"orders":3,
        "consent":{"personalise":true}},
      "slots":{"headline":\(text),"teaser":\(text),"motto":\(text),"invitation":\(text)},
      "product":{"id":"a",\(product)},"products":[{"id":"b",\(product)},{"id":"c",\(product)}]}
      """)
  }

  /// The plugins that make the demo's pages.
  private func plugins() throws -> [(name: String, plugin: TestInstance)] {
    let pages = try ["product-page", "landing", "for-you"].map {
      let config = #"{"template":"\#($0).liquid","body_template":"product-body.liquid","written_by":"trained_model"}"#
      return ($0, try host.instance(of: ProductPage.self, config: config))
    }
    let block = #"{"template":"home-block.liquid","kind":"html"}"#
    return pages + [("home-block", try host.instance(of: TemplateFiller.self, config: block))]
  }

  /// The pages and the fragments that they make of a brief.
  private func pages(
    _ plugins: [(name: String, plugin: TestInstance)], _ brief: TestRequest
  ) throws -> [(name: String, html: String)] {
    try plugins.flatMap { name, plugin in
      let result = try plugin.process(brief)
      let page = try #require(result.text, "\(String(describing: result.failure))")
      return [(name, page)] + (result["body"].map { [(name + " body", $0)] } ?? [])
    }
  }

  @Test func noTextAddsATagOrAnAttribute() throws {
    let plugins = try plugins()
    let expected = try pages(plugins, Self.brief("Alpine tent")).map { TagSkeleton($0.html).tags }
    #expect(expected.count == 7 && expected.allSatisfy { $0.count > 5 && !$0.contains("a stray <") })
    for vector in XSSVectors.all {
      for (page, tags) in zip(try pages(plugins, Self.brief(vector)), expected) {
        // A long name has a class of its own.
        let found = TagSkeleton(page.html).tags.map { $0 == "h1 class=" ? "h1" : $0 }
        #expect(found == tags, "\(page.name): \(vector)")
      }
    }
  }

  @Test func noAddressRunsAProgram() throws {
    let plugins = try plugins()
    for url in XSSVectors.urls {
      for page in try pages(plugins, Self.brief("Alpine tent", image: url, url: url)) {
        #expect(TagSkeleton(page.html).badURLs == [], "\(page.name): \(url)")
      }
    }
  }
}
