import Core
import Foundation
import Host
import Testing

/// Whole catalogues through the demo's product page: every row becomes a page or stands in the report.
struct CatalogueRunTests {
  private static let shared = "\(repository)/../shared/data"

  private func run(_ name: String, catalogue: String, sink: SinkKind = .null) throws -> RunReport {
    var manifest = try Manifest(path: "\(repository)/Examples/catalogues/\(name).yaml")
    let isKnown = manifest.setInput("catalogue", path: catalogue)
    #expect(isKnown)
    let plan = try Plan(manifest, registry: PluginRegistry(folder: builtProducts))
    return try Generation(plan, options: GenerateOptions(sink: sink)).run()
  }

  private func expectNothingLost(_ report: RunReport, rows: Int) throws {
    let input = try #require(report.inputs.first)
    #expect(input.rows == rows)
    #expect((report.assets["page"] ?? 0) + input.dirt.rejected == rows, "\(report.failures) \(report.collisions)")
    #expect(report.failed == 0)
  }

  @Test(
    .enabled("needs ../shared/data") { FileManager.default.fileExists(atPath: shared) },
    arguments: [
      ("icecat", "catalogue-icecat/products.jsonl.gz", 11_636), ("fashion", "catalogue-fashion/products.csv.gz", 1661),
      ("flipkart", "corpus/flipkart_products.tsv", 930),
    ])
  func realCataloguesLoseNoRow(name: String, file: String, rows: Int) throws {
    let report = try run(name, catalogue: "\(Self.shared)/\(file)")
    try expectNothingLost(report, rows: rows)
    #expect((report.inputs.first?.dirt.rejected ?? .max) < rows / 50)
  }

  @Test func hostileRowsLoseNothingAndBreakNothing() throws {
    let workspace = try Workspace()
    let fixture = "\(repository)/Tests/HostTests/Fixtures/inputs/hostile.jsonl"
    var rows = try Data(contentsOf: URL(fileURLWithPath: fixture))
    if rows.last != UInt8(ascii: "\n") { rows.append(UInt8(ascii: "\n")) }
    let million = String(repeating: "长 & <b> ", count: 125_000)
    rows.append(Data("{\"id\":\"million\",\"name\":\"Million\",\"description\":\"\(million)\"}\n".utf8))
    let file = try workspace.write("hostile.jsonl", rows)
    let report = try run("hostile", catalogue: file, sink: .folder("\(workspace.path)/out"), in: workspace)
    let input = try #require(report.inputs.first)
    #expect(input.rows > 50)
    #expect((report.assets["page"] ?? 0) + input.dirt.rejected == input.rows, "\(report.failures) \(report.collisions)")
    for (name, content) in try workspace.files(in: "out") where name.hasSuffix(".html") {
      let page = String(decoding: content, as: UTF8.self)
      #expect(!page.contains("\u{0}"))
      #expect(page.components(separatedBy: "<script").count == 2, "only the JSON-LD is a script: \(name)")
      #expect(page.components(separatedBy: "</script").count == 2, "\(name)")
      #expect(!page.contains("<img src=x"))
    }
  }

  @Test(arguments: ["hostile.latin1.csv", "hostile.utf16.tsv"])
  func otherEncodingsLoseNothing(name: String) throws {
    let workspace = try Workspace()
    let report = try run(
      "encodings", catalogue: "\(repository)/Tests/HostTests/Fixtures/inputs/\(name)", sink: .null, in: workspace)
    let input = try #require(report.inputs.first)
    #expect(input.rows > 0)
    #expect((report.assets["page"] ?? 0) + input.dirt.rejected == input.rows, "\(report.failures) \(report.collisions)")
  }

  /// Runs rows that need no map through the demo's product page.
  private func run(_ name: String, catalogue: String, sink: SinkKind, in workspace: Workspace) throws -> RunReport {
    let plan = try workspace.plan(
      """
      manifest: 1
      name: \(name)
      site: { name: Hostile, base_url: "https://hostile.example", currency: EUR }
      run_time: 2026-03-01T08:00:00Z
      templates: \(repository)/Templates
      inputs: { catalogue: { path: \(catalogue) } }
      pipelines:
        pages:
          for_each: products
          stages: [ { id: page, use: product-page, with: { template: product-page.liquid, body_template: product-body.liquid } } ]
      assets: [ { slot: page, path: "{{ product.slug }}.html" } ]
      feeds: [ { kind: wordpress-wxr, path: import.xml }, { kind: google-merchant, path: merchant.xml } ]
      """)
    return try Generation(plan, options: GenerateOptions(sink: sink)).run()
  }
}
