import Core
import Host
import Testing

/// What must hold of a feed whatever the catalogue says.
struct FeedPropertyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let pieces = [
    "a", "Word", " ", "<b>", "</script>", "]]>", "&", "&amp;", "\\\\", "\\\"", "'", "\\u0000", "\\u000b", "\\t", "\\n",
    "\\u2028", "\\ufffe", "\\ud83c", "背包", "👨‍👩‍👧", "é", "e\u{301}", "مرحبا", "--", ".", "%ab", "> ", "0", "19.90", "1e3",
    "in_stock", "https://x.example/", "javascript:", ".png", "4006381333931", "EUR", "{{", "/", "?",
  ]
  private static let keys = [
    "id", "name", "slug", "brand", "category", "price", "sale_price", "currency", "availability", "availability_date",
    "condition", "gtin", "mpn", "image", "description", "tagline", "item_group_id", "color", "size",
  ]

  /// Products most of whose members are what every feed accepts, the others anything.
  private func hostileProducts(seed: UInt64, count: Int) -> [String] {
    var random = SeededRandom(seed: seed)
    func text() -> String {
      let length = Int.random(in: 0...6, using: &random)
      return "\"" + (0..<length).compactMap { _ in Self.pieces.randomElement(using: &random) }.joined() + "\""
    }
    return (0..<count).map { index in
      var members = ["id": "\"p\(index)\""]
      for key in Self.keys where Int.random(in: 0..<8, using: &random) == 0 { members[key] = text() }
      members["tags"] = "[\(text()),\(text()),null,{}]"
      members["images"] = "[\(text()),\(text())]"
      return product(members)
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func everyMerchantItemIsWithinTheSpecification(seed: UInt64) throws {
    let feed = try MerchantFeed(path: folder.path + "/m.xml", site: shop)
    for json in hostileProducts(seed: seed, count: 400) { try feed.add(json: json) }
    let summary = try feed.finish()
    let parsed = try ParsedFeed(try folder.text(of: "m.xml"))
    #expect(parsed.items.count == summary.written && summary.written > 20)
    #expect(summary.written + summary.skipped.map(\.count).reduce(summary.passedOver, +) == 400)
    let ids = parsed.all("id")
    #expect(Set(ids).count == ids.count)
    for item in parsed.items {
      for name in ["id", "title", "description", "link", "image_link", "availability", "price"] {
        #expect(item.filter { $0.name == name && !$0.text.isEmpty }.count == 1, "\(name) in \(item)")
      }
      for (name, text) in item {
        #expect(!text.isEmpty, "\(name) in \(item)")
        if name.hasSuffix("link") { #expect(text.hasPrefix("http") && !text.contains(" ")) }
        if name.hasSuffix("price") {
          let parts = text.split(separator: " ")
          #expect(parts.count == 2 && parts.last?.utf8.count == 3 && (parts.first.flatMap { Double($0) } ?? 0) > 0)
        }
      }
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func everyWordPressItemIsOneThatWordPressKeeps(seed: UInt64) throws {
    let feed = try WordPressFeed(path: folder.path + "/w.xml", site: shop)
    let products = hostileProducts(seed: seed, count: 400)
    for (index, json) in products.enumerated() {
      let document = try Document(json: json)
      let title = withExtendedLifetime(document) { document.root["name"].string ?? "" }
      try feed.add(json: json, title: title, path: "p\(index % 300).html", content: Array(json.utf8))
    }
    let summary = try feed.finish()
    #expect(summary.written == 400 && summary.skipped.isEmpty)
    let parsed = try ParsedFeed(try folder.text(of: "w.xml"))
    let posts = parsed.items.filter { item in item.contains { $0 == ("post_type", "post") } }
    #expect(posts.count == 400)
    #expect(posts.map { $0.first { $0.name == "encoded" }?.text } == products)
    var seen: Set<String> = []
    for item in parsed.items {
      let texts = Dictionary(item.map { ($0.name, $0.text) }) { first, _ in first }
      let (title, slug) = (texts["title"] ?? "", texts["post_name"] ?? "")
      #expect(!title.isEmpty && !title.contains("\\") && !title.contains("<") && title.first != " ", "\(title)")
      #expect(seen.insert("\(title)|\(texts["post_date"] ?? "")|\(texts["post_type"] ?? "")").inserted)
      #expect(seen.insert("slug " + slug).inserted)
      #expect(!slug.isEmpty && !slug.contains("--") && slug.utf8.count <= 200, "\(slug)")
      #expect(slug.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 || $0 == 37 }, "\(slug)")
      for category in item where category.name == "category" {
        #expect(parsed.declarations.contains { $0.hasSuffix("|\(category.text)") }, "\(category.text)")
      }
    }
  }
}
