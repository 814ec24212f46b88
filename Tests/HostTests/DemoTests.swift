import Core
import Foundation
import Host
import Testing

struct DemoTests {
  @Test func theCommittedProfilesAreWhatTheGeneratorMakes() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(builtProducts)/shop-profiles")
    process.arguments = ["\(repository)/Examples/shop/products.jsonl"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let made = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(made == (try Data(contentsOf: URL(fileURLWithPath: "\(repository)/Examples/shop/profiles.jsonl"))))
  }

  @Test func theDemosTemplatesPassTheirChecksAndTests() throws {
    let plan = try Plan(
      Manifest(path: "\(repository)/manifests/demo.yaml"), registry: PluginRegistry(folder: builtProducts))
    #expect(try plan.checkTemplates().filter { $0.severity == .error }.isEmpty)
    let tests = try plan.testTemplates()
    #expect(!tests.isEmpty)
    #expect(tests.compactMap(\.problem).isEmpty)
  }

  @Test func theDemoMakesEveryPageOnceWhateverTheThreads() throws {
    let one = try Workspace()
    let two = try Workspace()
    for (workspace, threads) in [(one, 1), (two, 2)] {
      let manifest = try Manifest(path: "\(repository)/manifests/demo.yaml")
      let plan = try Plan(manifest, registry: PluginRegistry(folder: builtProducts))
      let report = try Generation(
        plan, options: GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: threads)
      ).run()
      #expect(report.failed == 0, "\(report.failures)")
      #expect(
        report.assets == [
          "page": 723, "letter": 2000, "mail": 1450, "picture": 240, "start": 1, "landing": 9, "block": 9,
        ])
      #expect(report.feeds.map(\.items) == [720, 240, 723, 240, 240, 240, 720])
    }
    try everySitemapEntryNamesItself("\(one.path)/out/sitemap.xml")
    for locale in ["en-US", "de-DE", "zh-CN"] {
      for name in ["landing/regulars", "blocks/regulars"] {
        let page = try String(contentsOfFile: "\(one.path)/out/\(locale)/\(name).html", encoding: .utf8)
        #expect(page.utf8.count < 30_000 && !page.contains("<script src") && !page.contains("{{"))
        #expect(page.contains(#""@type":"ItemList""#) == name.hasPrefix("landing"))
      }
    }
    #expect(try one.files(in: "out") == two.files(in: "out"))
  }

  /// Languages are told in both directions: every page's list of its twins holds the page itself.
  private func everySitemapEntryNamesItself(_ file: String) throws {
    let entries = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "<url>").dropFirst()
    #expect(entries.count == 723)
    for entry in entries {
      let own = try #require(entry.components(separatedBy: "</loc>").first).dropFirst(5)
      #expect(entry.contains("href=\"\(own)\"") && entry.contains("hreflang=\"x-default\""), "\(entry.prefix(200))")
    }
  }
}
