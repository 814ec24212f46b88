import Foundation
import Testing

struct CommandTests {
  /// A folder with a manifest of one pipeline; removed by the caller.
  private func shop(profiles: String = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-shop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("templates"), withIntermediateDirectories: true)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    try write(
      "shop.yaml",
      """
      manifest: 1
      name: shop
      inputs: { profiles: { path: profiles.jsonl } }
      pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      """)
    try write("profiles.jsonl", profiles)
    try write("templates/t.liquid", "for {{ profile.id }}")
    return folder.path
  }

  @Test(arguments: [
    [], ["init"], ["generate"], ["check"], ["preview"], ["plugins", "list"], ["plugins", "inspect"],
    ["plugins", "new"],
    ["train"], ["inspect"], ["plugins", "run"], ["plugins", "bench"], ["plugins", "validate"], ["templates", "check"],
    ["templates", "test"], ["templates", "render"], ["publish", "wordpress"],
  ])
  func everyVerbHasHelpWithAnExample(verb: [String]) throws {
    let command = try Command(arguments: verb + ["--help"])
    #expect(command.status == 0)
    #expect(command.output.contains("USAGE:"))
    if !verb.isEmpty { #expect(command.output.contains("Example:")) }
  }

  @Test func generateWritesAssetsAndSaysSo() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = try Command("generate", "shop.yaml", "--output", "out", in: folder)
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("2 assets in 'out'"))
    #expect(try String(contentsOfFile: "\(folder)/out/a.txt", encoding: .utf8) == "for a")
  }

  @Test func reportsAreJSONForMachines() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = try Command("generate", "shop.yaml", "--json", in: folder)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
    #expect(report["written"] as? Int == 2)
    #expect(report["failed"] as? Int == 0)
  }

  @Test func aWrongInputIsToldWithTheVerbsOwnUsage() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let misspelt = try Command("check", "shop.yaml", "--input", "catalog=x.csv", in: folder)
    #expect(misspelt.status == 64)
    #expect(misspelt.errors.contains("got 'catalog=x.csv'") && misspelt.errors.contains("Usage: bespoke check"))
    let missing = try Command("check", "shop.yaml", "--input", "catalogue=x.csv", in: folder)
    #expect(missing.status == 65)
    #expect(missing.errors.contains("'shop.yaml' has no input 'catalogue'"), "\(missing.errors)")
  }

  @Test func aPipeIsNotReadBeforeTheRunReadsIt() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "\"$0\" generate shop.yaml --output out --input profiles=<(cat profiles.jsonl)",
      try #require(Command.process([], in: folder).executableURL?.path),
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = Pipe()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").contains("b.txt"))
  }

  @Test func anInputCanBeReadFromAnotherFile() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("id\nc\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/other.csv"))
    let command = try Command("generate", "shop.yaml", "--input", "profiles=other.csv", in: folder)
    #expect(command.status == 0, "\(command.errors)")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/out/c.txt"))
  }

  @Test func previewShowsOneProfileAndWritesNothing() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = try Command("preview", "shop.yaml", "--profile", "b", "--explain", in: folder)
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("pipeline 'all'"))
    #expect(command.output.contains("stage 'text': filled by 'template-filler'"))
    #expect(command.output.contains("for b"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
  }

  @Test func checkAnswersInOneLine() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = try Command("check", "shop.yaml", in: folder)
    #expect(command.status == 0)
    #expect(
      command.output == "'shop.yaml' is right: 1 pipeline, 1 route, 1 plugin, 1 asset, 0 feeds; no tests\n")
  }

  @Test func templatesAreCheckedAgainstTheDataTheyRead() throws {
    let folder = try shop(profiles: "{\"id\":\"a\",\"town\":\"Ulm\"}\n")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("{{ profile.town }} {{ profile.twon }}".utf8)
      .write(to: URL(fileURLWithPath: "\(folder)/templates/t.liquid"))
    let command = try Command("templates", "check", "shop.yaml", in: folder)
    #expect(command.output.contains("'profile.twon' is in none of the data"))
    #expect(command.output.contains("did you mean 'profile.town'?") || command.output.contains("did you mean 'town'?"))
    #expect(!command.output.contains("'profile.town' is in none"))
  }

  @Test func pluginsListsOurs() throws {
    let command = try Command("plugins", "list")
    #expect(command.status == 0)
    #expect(command.output.contains("template-filler"))
    #expect(command.output.contains("product-page"))
  }

  @Test func exitStatusesAreThoseOfSysexits() throws {
    let folder = try shop()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let wrongUsage = try Command("generate", in: folder)
    #expect(wrongUsage.status == 64)
    let wrongInput = try Command("generate", "shop.yaml", "--input", "nonsense", in: folder)
    #expect(wrongInput.status == 64)
    let missingManifest = try Command("generate", "absent.yaml", in: folder)
    #expect(missingManifest.status == 66)
    let missingInput = try Command("generate", "shop.yaml", "--input", "profiles=absent.jsonl", in: folder)
    #expect(missingInput.status == 66)
    try Data("manifest: 2".utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.yaml"))
    let badManifest = try Command("check", "bad.yaml", in: folder)
    #expect(badManifest.status == 78)
    #expect(badManifest.errors.contains("invalid manifest"))
    try Data("{\"id\":\"a\"}\nnot json\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.jsonl"))
    let badInput = try Command("generate", "shop.yaml", "--input", "profiles=bad.jsonl", "--strict", in: folder)
    #expect(badInput.status == 65)
    #expect(badInput.errors.contains("bad.jsonl:2"))
    try Data("{\"id\":\"..\"}\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/escape.jsonl"))
    try Data("x/{{ profile.id }}".utf8).write(to: URL(fileURLWithPath: "\(folder)/templates/t.liquid"))
    let manifest = try String(contentsOfFile: "\(folder)/shop.yaml", encoding: .utf8)
    try Data(manifest.replacingOccurrences(of: "{{ profile.id }}.txt", with: "x/{{ profile.id }}").utf8)
      .write(to: URL(fileURLWithPath: "\(folder)/shop.yaml"))
    let someFailed = try Command("generate", "shop.yaml", "--input", "profiles=escape.jsonl", in: folder)
    #expect(someFailed.status == 1)
  }

  @Test func anInterruptStopsCleanlyAndLeavesNoPartialFile() throws {
    let profiles = (0..<200_000).map { "{\"id\":\"p\($0)\"}" }.joined(separator: "\n")
    let folder = try shop(profiles: profiles)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Command.process(["generate", "shop.yaml", "--output", "out", "--json"], in: folder)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(20)
    while !FileManager.default.fileExists(atPath: "\(folder)/out/p100.txt"), Date() < deadline { usleep(10_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
    #expect(names.count < 200_000)
    #expect(names.filter { !$0.hasSuffix(".txt") || $0.hasPrefix(".") } == [".bespoke-checkpoint"])
    for name in names.filter({ $0.hasSuffix(".txt") }).prefix(500) {
      #expect(try String(contentsOfFile: "\(folder)/out/\(name)", encoding: .utf8) == "for \(name.dropLast(4))")
    }
  }
}
