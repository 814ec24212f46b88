import Foundation
import Host
import Testing

/// Feeds held to schemas of others, where they lie beside the repository.
struct SharedSchemaTests {
  private static let schemas = "\(repositoryRoot)/../shared/schemas"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func isPresent(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(schemas)/\(file)") }

  private static let canValidate =
    isPresent("sitemaps/sitemap-all.xsd") && FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")

  /// What xmllint says of a file; empty where it follows the schema.
  ///
  /// Our own libxml2 never loads what a schema imports.
  private func faults(of name: String, by schema: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/xmllint")
    process.arguments = [
      "--noout", "--nonet", "--schema", "\(Self.schemas)/sitemaps/\(schema)", "\(folder.path)/\(name)",
    ]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? "" : text
  }

  @Test(.enabled("needs ../shared/schemas and xmllint") { canValidate })
  func sitemapsAndTheirIndexFollowTheProtocolsSchema() throws {
    var limits = SitemapFeed.Limits()
    limits.addresses = 20
    let feed = try SitemapFeed(
      path: folder.path + "/sitemap.xml", url: "https://shop.example/sitemap.xml", site: shop, limits: limits)
    let hostile = ["Zelt", "a b", "ä&<\"'>", "背包", "%41", "[x]", "a;b,c", "{{d}}", "e\u{301}", "\u{1F392}"]
    for index in 0..<50 {
      let path = "\(hostile[index % hostile.count])-\(index).html"
      let members = index % 2 == 0 ? ["updated_at": "\"2026-02-0\(1 + index % 9)\""] : ["image": "\"b/\(path)\""]
      try feed.add(
        json: product(members), path: path,
        alternates: ["en-US", "de-DE", "zh-CN"].map { ($0, "https://shop.example/\($0)/\(index).html") })
    }
    #expect(try feed.finish().written == 50)
    for part in 1...3 { #expect(try faults(of: "sitemap-\(part).xml", by: "sitemap-all.xsd") == "") }
    #expect(try faults(of: "sitemap.xml", by: "siteindex-0.9.xsd") == "")
    // The schema does say no.
    #expect(try faults(of: "sitemap.xml", by: "sitemap-all.xsd") != "")
  }

  @Test(.enabled("needs ../shared/schemas") { isPresent("google-merchant-product.tsv") })
  func merchantItemsHaveWhatTheSpecificationNamesAndNoMoreThanItAllows() throws {
    var limits: [String: Int?] = [:]
    var required: Set<String> = []
    for line in try String(contentsOfFile: "\(Self.schemas)/google-merchant-product.tsv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
    {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      limits.updateValue(Int(cells[2]), forKey: cells[0])
      if cells[1] == "required" { required.insert(cells[0]) }
    }
    let feed = try MerchantFeed(path: folder.path + "/merchant.xml", site: shop)
    let long = String(repeating: "wort ", count: 2_000)
    for key in ["id", "name", "brand", "description", "color", "size", "category", "item_group_id", "mpn", "tagline"] {
      try feed.add(json: product(["id": "\"of-\(key)\""].merging([key: "\"\(key) \(long)\""]) { $1 }))
    }
    for (availability, extra) in [
      ("preorder", "\"2026-05-01\""), ("backorder", "\"2026-05-01\""), ("out_of_stock", "null"),
    ] {
      try feed.add(
        json: product([
          "id": "\"\(availability)\"", "availability": "\"\(availability)\"", "availability_date": extra,
          "sale_price": "99", "condition": "\"used\"", "images": "[\"b.png\",\"c.png\"]",
        ]))
    }
    #expect(try feed.finish().written == 13)
    for item in try ParsedFeed(try folder.text(of: "merchant.xml")).items {
      #expect(required.isSubset(of: item.map(\.name)), "\(item)")
      for (name, text) in item {
        let limit = try #require(limits[name], "the specification has no '\(name)'")
        if let limit { #expect(text.unicodeScalars.count <= limit, "\(name)") }
      }
    }
  }
}
