import Core
import Foundation
import Host
import Testing

/// A catalogue that was read before is mapped; anything but the very same is read anew.
struct CatalogueCacheTests {
  private let workspace: Workspace
  private let cache: CatalogueCache

  init() throws {
    workspace = try Workspace()
    cache = CatalogueCache(folder: "\(workspace.path)/cache", minimumBytes: 1)
    try workspace.write(
      "templates/t.liquid", "{{ product.name }} {{ product.price }} {{ products.size }} {{ product.path }}")
    try write(products: 300)
  }

  private func write(products: Int, extra: String = "") throws {
    let rows = (0..<products).map { #"{"id":"p\#($0)","name":"Lamp \#($0)","price":\#($0 + 1),"tags":["a","b"]}"# }
    // Of the last two one is repeated, one has no name: the report of both runs says so.
    try workspace.write(
      "products.jsonl",
      (rows + [#"{"id":"p1","name":"Again"}"#, #"{"id":"none"}"#]).joined(separator: "\n") + "\n" + extra)
  }

  private func run(_ more: String = "", strict: Bool = false) throws -> RunReport {
    try? FileManager.default.removeItem(atPath: "\(workspace.path)/out")
    let file = try workspace.write(
      "m.yaml",
      """
      manifest: 1
      name: m
      site: { base_url: "https://shop.example", product_path: "p/{{ product.slug }}.html" }
      locales: { default: en-US, supported: [en-US, de-DE] }
      inputs: { catalogue: { path: products.jsonl } }
      pipelines:
        pages:
          for_each: products
          locales: all
          products: catalogue
          stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ]
      assets: [ { slot: text, path: "{{ locale }}/{{ product.id }}.txt" } ]
      \(more)
      """)
    var manifest = try Manifest(path: file)
    manifest.catalogueCache = cache
    var options = GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: 2)
    options.isStrict = strict
    return try Generation(Plan(manifest, registry: PluginRegistry(folder: builtProducts)), options: options).run()
  }

  private var cached: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: cache.folder)) ?? []).sorted()
  }

  @Test func theSecondRunMapsAndWritesTheSame() throws {
    let first = try run()
    let files = try workspace.files(in: "out")
    #expect(files["en-US/p7.txt"] == Data("Lamp 7 8 300 p/lamp-7-p7.html".utf8))
    #expect(cached.count == 1 && cached.allSatisfy { $0.hasSuffix(".catalogue") })
    let written =
      try FileManager.default.attributesOfItem(atPath: "\(cache.folder)/\(cached[0])")[.systemFileNumber] as? Int
    let second = try run()
    #expect(try workspace.files(in: "out") == files)
    #expect(second.inputs.map(\.dirt) == first.inputs.map(\.dirt))
    #expect(second.inputs.map(\.rows) == [302])
    #expect(second.inputs.first?.dirt.rejected == 2)
    #expect(cached.count == 1)
    #expect(
      try FileManager.default.attributesOfItem(atPath: "\(cache.folder)/\(cached[0])")[.systemFileNumber] as? Int
        == written,
      "the file is the one that the first run wrote")
  }

  @Test func anotherContentOrMapIsAnotherCatalogue() throws {
    _ = try run()
    try write(products: 300, extra: #"{"id":"new","name":"New"}"#)
    #expect(try run().written == 602)
    #expect(cached.count == 2)
    _ = try run("run_time: 2026-01-01")
    #expect(cached.count == 3)
  }

  /// What can befall a file: bytes that change anywhere, an end that is missing, another program's file, nothing.
  @Test(arguments: [0, 9, 41, 50, 60, 70, 1000, -1, -9, -200])
  func aDamagedFileIsNotUsedAndIsWrittenAnew(place: Int) throws {
    _ = try run()
    let files = try workspace.files(in: "out")
    let path = "cache/\(cached[0])"
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(workspace.path)/\(path)"))
    var damaged = whole
    damaged[place < 0 ? damaged.count + place : place] ^= 0x40
    for content in [damaged, whole.prefix(max(0, place)), whole + Data([0])] {
      try workspace.write(path, content)
      _ = try run()
      #expect(try workspace.files(in: "out") == files)
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(workspace.path)/\(path)")) == whole)
    }
  }

  @Test func onlyTheLastUsedAreKept() throws {
    for count in 1...6 {
      try write(products: count)
      _ = try run()
    }
    #expect(cached.count == 4)
  }

  @Test func aStrictRunStopsAtTheRowThoughItWasReadBefore() throws {
    _ = try run()
    #expect(message { _ = try run(strict: true) }.contains("duplicate id"))
  }

  @Test func aFolderThatCannotBeMadeDoesNoHarm() throws {
    try workspace.write("cache", "a file stands where the folder should")
    #expect(try run().written == 600)
  }

  @Test func aSmallCatalogueIsNotKept() throws {
    var manifest = try Manifest(
      path: workspace.write(
        "m.yaml",
        """
        manifest: 1
        name: m
        inputs: { catalogue: { path: products.jsonl } }
        pipelines: { a: { products: catalogue, stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
        """))
    manifest.catalogueCache = CatalogueCache(folder: cache.folder)
    let plan = try Plan(manifest, registry: PluginRegistry(folder: builtProducts))
    _ = try Generation(plan, options: GenerateOptions(sink: .null)).run()
    #expect(cached.isEmpty)
  }
}
