import Core
import Foundation
import Glibc
import Testing

@testable import Host

/// A finished folder and what the next run makes of it.
struct IncrementalRunTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("templates/card.liquid", "{{ product.name }}: {{ product.price }}")
  }

  private func products(_ rows: (id: String, price: Int)...) throws {
    let lines = rows.map { "{\"id\":\"\($0.id)\",\"name\":\"Name \($0.id)\",\"price\":\($0.price)}" }
    try workspace.write("products.jsonl", lines.joined(separator: "\n"))
  }

  private func run(_ configure: (inout GenerateOptions) -> Void = { _ in }) throws -> RunReport {
    try workspace.generate(
      """
      manifest: 1
      name: cards
      templates: templates
      inputs: { catalogue: { path: products.jsonl } }
      pipelines: { cards: { for_each: products, stages: [ { id: card, use: template-filler, with: { template: card.liquid } } ] } }
      assets: [ { slot: card, path: "cards/{{ product.id }}.txt" } ]
      """, configure: configure)
  }

  private func status(_ name: String) -> stat {
    var status = stat()
    stat("\(workspace.path)/out/cards/\(name).txt", &status)
    return status
  }

  @Test func unchangedAssetsAreLeftAlone() throws {
    try products(("a", 1), ("b", 2), ("c", 3))
    #expect(try run().unchanged == 0)
    let before = (status("a").st_ino, status("b").st_ino)
    try products(("a", 1), ("b", 5), ("c", 3))
    let report = try run()
    #expect(report.unchanged == 2)
    #expect(report.written == 3)
    #expect(status("a").st_ino == before.0)
    #expect(status("b").st_ino != before.1)
    #expect(try workspace.read("out/cards/b.txt") == "Name b: 5")
  }

  @Test func aFinishedFolderHoldsNothingButWhatWasMade() throws {
    try products(("a", 1))
    _ = try run()
    #expect(
      try workspace.files(in: "out").keys.sorted() == ["cards/a.txt", "provenance-steps.json", "provenance.jsonl"])
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/out/.bespoke-checkpoint"))
  }

  @Test func staleAssetsAreNamedUntilTheyAreRemoved() throws {
    try products(("a", 1), ("b", 2), ("c", 3))
    _ = try run()
    try products(("a", 1))
    for _ in 0..<2 {
      let report = try run()
      #expect(report.stale == ["cards/b.txt", "cards/c.txt"])
      #expect(report.pruned == 0)
    }
    try workspace.write("out/cards/note.txt", "written by hand")
    let report = try run { $0.prunes = true }
    #expect(report.pruned == 2)
    #expect(
      try workspace.files(in: "out").keys.sorted()
        == ["cards/a.txt", "cards/note.txt", "provenance-steps.json", "provenance.jsonl"])
    #expect(try run().staleCount == 0)
  }

  @Test(arguments: ["../victim/file", "cards/../../victim/file", "/../victim/file", "./../victim/file"])
  func whatProvenanceNamesOutsideTheFolderIsNotTouched(path: String) throws {
    try products(("a", 1))
    _ = try run()
    try workspace.write("victim/file", "kept")
    let provenance = try workspace.read("out/provenance.jsonl")
    try workspace.write("out/provenance.jsonl", provenance + "{\"path\":\"\(path)\"}\n")
    let report = try run { $0.prunes = true }
    #expect(report.staleCount == 0 && report.pruned == 0)
    #expect(try workspace.read("victim/file") == "kept")
  }

  @Test func foldersThatAreEmptyThenGoToo() throws {
    try products(("a", 1))
    _ = try run()
    try products(("b/c", 1))
    let report = try run { $0.prunes = true }
    #expect(report.pruned == 1)
    #expect(
      try workspace.files(in: "out").keys.sorted() == ["cards/b/c.txt", "provenance-steps.json", "provenance.jsonl"])
  }

  @Test func nothingIsRemovedWhereABriefFailed() throws {
    try products(("a", 1), ("b", 2))
    _ = try run()
    try products(("a", 1), ("../b", 2))
    let report = try run { $0.prunes = true }
    #expect(report.failed == 1)
    #expect(report.staleCount == 1 && report.pruned == 0)
    #expect(report.prunedNothing == "as some briefs failed")
    #expect(try workspace.files(in: "out").keys.contains("cards/b.txt"))
  }

  @Test func aStaleAssetThatIsMadeAgainIsStaleNoMore() throws {
    try products(("a", 1), ("b", 2))
    _ = try run()
    try products(("a", 1))
    #expect(try run().staleCount == 1)
    try products(("a", 1), ("b", 2))
    let report = try run()
    #expect(report.staleCount == 0 && report.unchanged == 2)
    let provenance = try workspace.read("out/provenance.jsonl")
    #expect(!provenance.contains("stale"))
  }

  @Test func feedsAndStaticFilesThatAreMadeNoMoreAreStaleToo() throws {
    try products(("a", 1))
    try workspace.write("pictures/old.svg", "<svg/>")
    try workspace.write("pictures/kept.svg", "<svg/>")
    func manifest(feeds: String) -> String {
      """
      manifest: 1
      name: cards
      run_time: 2026-03-01T08:00:00Z
      site: { base_url: "https://shop.example" }
      templates: templates
      inputs: { catalogue: { path: products.jsonl } }
      pipelines: { cards: { for_each: products, stages: [ { id: card, use: template-filler, with: { template: card.liquid } } ] } }
      assets: [ { slot: card, path: "cards/{{ product.id }}.txt" } ]
      static: [ { from: pictures, to: img } ]
      feeds: [ \(feeds) ]
      """
    }
    let kept = "{ kind: jsonl, path: feeds/all.jsonl, slot: card }"
    let report = try workspace.generate(manifest(feeds: "\(kept), { kind: sitemap, path: sitemap.xml, slot: card }"))
    #expect(report.staleCount == 0)
    let folder = ProvenanceFile(folder: "\(workspace.path)/out")
    let feed = try folder.entry(of: "sitemap.xml")
    let picture = try folder.entry(of: "img/old.svg")
    withExtendedLifetime((feed, picture)) {
      #expect(feed.root["feed"].string == "sitemap")
      #expect(picture.root["static"].bool == true)
    }
    try FileManager.default.removeItem(atPath: "\(workspace.path)/pictures/old.svg")
    #expect(try workspace.generate(manifest(feeds: kept)).stale == ["img/old.svg", "sitemap.xml"])
    #expect(try workspace.generate(manifest(feeds: kept)) { $0.prunes = true }.pruned == 2)
    #expect(
      try workspace.files(in: "out").keys.sorted()
        == ["cards/a.txt", "feeds/all.jsonl", "img/kept.svg", "provenance-steps.json", "provenance.jsonl"])
  }

  @Test func anInputThatVanishedIsNamedAndTheFolderStaysAsItWas() throws {
    try products(("a", 1))
    _ = try run()
    let before = try workspace.files(in: "out")
    try FileManager.default.removeItem(atPath: "\(workspace.path)/products.jsonl")
    #expect(message { _ = try run() }.contains("products.jsonl"))
    #expect(try workspace.files(in: "out") == before)
  }

  @Test func aFolderThatCannotBeWrittenToIsNamed() {
    let refusal = message { _ = try OutputFolder(path: "/proc/bespoke-out") }
    #expect(refusal.contains("cannot write: '/proc/bespoke-out'"))
  }
}
