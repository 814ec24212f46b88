import Core
import Foundation
import Host
import Testing

struct DemoTests {
  /// The demo's manifest, once the models that it names are there.
  private func demo() throws -> Manifest {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(repository)/Scripts/train-demo.sh")
    process.environment = ProcessInfo.processInfo.environment.merging(["BESPOKE": "\(builtProducts)/bespoke"]) { $1 }
    process.standardOutput = Pipe()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try Manifest(path: "\(repository)/manifests/demo.yaml")
  }

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
    let plan = try Plan(demo(), registry: PluginRegistry(folder: builtProducts))
    #expect(try plan.checkTemplates().filter { $0.severity == .error }.isEmpty)
    let tests = try plan.testTemplates()
    #expect(!tests.isEmpty)
    #expect(tests.compactMap(\.problem).isEmpty)
  }

  @Test func theDemoMakesEveryPageOnceWhateverTheThreads() throws {
    let one = try Workspace()
    let two = try Workspace()
    for (workspace, threads) in [(one, 1), (two, 2)] {
      let plan = try Plan(demo(), registry: PluginRegistry(folder: builtProducts))
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
      }
      for name in ["index", "landing/newcomers", "landing/regulars"] {
        try aModelWroteTheMotto("\(one.path)/out/\(locale)/\(name).html")
      }
    }
    #expect(try one.files(in: "out") == two.files(in: "out"))
  }

  /// The page shows a line that is in the manner of the shop's taglines, and none of them.
  private func aModelWroteTheMotto(_ file: String) throws {
    let page = try String(contentsOfFile: file, encoding: .utf8)
    let motto = try #require(page.firstMatch(of: /<p class="motto yours">([^<]+)<\/p>\n<p class="machine">/)).1
    let catalogue = try String(contentsOfFile: "\(repository)/Examples/shop/products.jsonl", encoding: .utf8)
    #expect(!catalogue.contains("\"\(motto)\""))
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
