import Core
import Foundation
import Host
import Testing

struct DemoTests {
  /// The demo of fewer customers, whose profiles and model the demo's own script makes of their events.
  private func demo(customers: Int) throws -> Workspace {
    let workspace = try Workspace()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(repository)/Scripts/demo-data.sh")
    process.arguments = [
      builtProducts, "\(workspace.path)/shop", "\(workspace.path)/models", "\(customers)",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Diagnostic("demo", "demo-data.sh failed") }
    for file in ["shop.gguf", "shop.txt"] {
      try FileManager.default.copyItem(
        atPath: "\(repository)/manifests/models/\(file)", toPath: "\(workspace.path)/models/\(file)")
    }
    let manifest = try String(contentsOfFile: "\(repository)/manifests/demo.yaml", encoding: .utf8)
    try workspace.write(
      "demo.yaml",
      manifest.replacingOccurrences(of: "../out/shop/", with: "shop/")
        .replacingOccurrences(of: " ../", with: " \(repository)/"))
    return workspace
  }

  @Test func theDemosTemplatesPassTheirChecksAndTests() throws {
    let workspace = try demo(customers: 60)
    let plan = try Plan(Manifest(path: "\(workspace.path)/demo.yaml"), registry: PluginRegistry(folder: builtProducts))
    #expect(try plan.checkTemplates().filter { $0.severity == .error }.isEmpty)
    let tests = try plan.testTemplates()
    #expect(!tests.isEmpty)
    #expect(tests.compactMap(\.problem).isEmpty)
  }

  @Test func theDemosProfilesAndModelAreTheSameEachTime() throws {
    let (one, two) = (try demo(customers: 60), try demo(customers: 60))
    for file in ["shop/profiles.jsonl", "shop/report.html", "models/recommender.model", "models/de-DE.ngram"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(one.path)/\(file)"))
      #expect(!bytes.isEmpty)
      #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: "\(two.path)/\(file)"))), "\(file)")
    }
  }

  @Test func theDemoMakesEveryPageOnceWhateverTheThreads() throws {
    let one = try demo(customers: 300)
    let two = try Workspace()
    let wantMail = try one.read("shop/accounts.jsonl").components(separatedBy: #""email":true"#).count - 1
    let declined = try one.read("shop/accounts.jsonl").components(separatedBy: #""personalise":false"#).count - 1
    for (workspace, threads) in [(one, 1), (two, 2)] {
      let manifest = try Manifest(path: "\(one.path)/demo.yaml")
      let plan = try Plan(manifest, registry: PluginRegistry(folder: builtProducts))
      let report = try Generation(
        plan, options: GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: threads)
      ).run()
      #expect(report.failed == 0, "\(report.failures)")
      #expect(
        report.assets == [
          "page": 723, "letter": 300, "mail": wantMail, "picture": 240, "start": 1, "landing": 9, "block": 9,
        ])
      #expect(report.feeds.map(\.items) == [720, 240, 723, 240, 240, 240, 720])
      #expect(report.routed["plain"] == declined && declined > 0)
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
