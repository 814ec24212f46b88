import Foundation
import Glibc
import Testing

@testable import Host

/// No asset takes the place of a feed or of provenance, whatever the data.
struct OwnFileTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("templates/card.liquid", "{{ product.id }}")
  }

  private func run(path: String, feed: String = "feeds/pages.jsonl") throws -> RunReport {
    try workspace.write("products.jsonl", "{\"id\":\"a\",\"name\":\"\(path)\"}\n{\"id\":\"b\",\"name\":\"fine.txt\"}")
    return try workspace.generate(
      """
      manifest: 1
      name: cards
      site: { name: Shop, base_url: "https://shop.example" }
      run_time: 2026-03-01T08:00:00Z
      templates: templates
      inputs: { catalogue: { path: products.jsonl } }
      pipelines: { cards: { for_each: products, stages: [ { id: card, use: template-filler, with: { template: card.liquid } } ] } }
      assets: [ { slot: card, path: "{{ product.name }}" } ]
      feeds: [ { kind: jsonl, slot: card, path: "\(feed)" } ]
      """)
  }

  @Test(arguments: [
    "provenance.jsonl", "Provenance.jsonl", "provenance.jsonl/x", "feeds", "feeds/pages.jsonl", "feeds/pages.jsonl/x",
  ])
  func anAssetThatWouldTakeTheirPlaceFails(path: String) throws {
    let report = try run(path: path)
    #expect(report.collisions.count == 1)
    #expect(report.written == 1)
    #expect(try workspace.read("out/fine.txt") == "b")
    let feed = try workspace.read("out/feeds/pages.jsonl")
    #expect(feed.contains("fine.txt") && feed.split(separator: "\n").count == 1)
  }

  @Test func anAssetCannotBeCalledAsAHalfWrittenFeed() throws {
    let report = try run(path: "feeds/.bespoke-pages.jsonl")
    #expect(report.failed == 0 && report.written == 2)
    #expect(try workspace.read("out/feeds/_.bespoke-pages.jsonl") == "a")
  }

  @Test(arguments: ["../pages.jsonl", "/pages.jsonl", "feeds/../../pages.jsonl", ".bespoke-checkpoint/checkpoint.log"])
  func aFeedThatWouldLieOutsideIsRefused(feed: String) throws {
    #expect(
      message { _ = try run(path: "x.txt", feed: feed) }.contains(
        "feed 'jsonl': 'path' must be a file below the output folder, got '\(feed)'"))
    #expect(!isFolder("\(workspace.path)/out"))
  }

  @Test func aFeedIsNotWrittenThroughALink() throws {
    try workspace.write("outside/kept", "kept")
    try workspace.write("out/own", "")
    #expect(symlink("../outside", "\(workspace.path)/out/feeds") == 0)
    #expect(message { _ = try run(path: "x.txt") }.contains("cannot write"))
    #expect(try workspace.files(in: "outside").keys.sorted() == ["kept"])
  }
}
