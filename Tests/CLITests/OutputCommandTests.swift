import Foundation
import Testing

/// Where `generate` writes, and what `explain` says of it.
struct OutputCommandTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-output-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: "\(folder)/templates", withIntermediateDirectories: true)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    try write("templates/letter.liquid", "Dear {{ profile.first_name }}")
    try write("templates/none.liquid", "{{ profile.last_name }}")
    try write(
      "shop.yaml",
      """
      manifest: 1
      name: letters
      run_time: 2026-03-01T08:00:00Z
      inputs: { profiles: { inline: [ { id: ada, first_name: Ada }, { id: bo, first_name: Bo } ] } }
      pipelines:
        letters:
          stages:
            - id: letter
              use: template-filler
              with: { template: none.liquid }
              otherwise: { use: template-filler, with: { template: letter.liquid } }
      assets: [ { slot: letter, path: "letters/{{ profile.id }}.txt" } ]
      """)
  }

  /// Runs the command in the folder, which is removed when the last command of a test is done.
  private func command(_ arguments: String...) throws -> Command { try Command(arguments: arguments, in: folder) }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  @Test func explainSaysHowAnAssetCameToBe() throws {
    defer { remove() }
    #expect(try command("generate", "shop.yaml").status == 0)
    let found = try command("explain", "out/letters/ada.txt")
    #expect(found.status == 0, "\(found.errors)")
    for part in [
      "asset 'letters/ada.txt' (text/plain, en-US), from slot 'letter'",
      "route 1, which takes whoever no other route took: pipeline 'letters'",
      "run time 2026-03-01T08:00:00Z",
      "stage 'letter' was filled by 'org.bespoke.template-filler'",
      "fallback 1",
      "was tried: template 'none.liquid' made no text",
      "may read profile.first_name",
      "file 'letter.liquid', sha256 ",
    ] { #expect(found.output.contains(part), "\(found.output)") }
    let json = try command("explain", "letters/ada.txt", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["profile"] as? String == "ada")
  }

  @Test func previewExplainsRouteAndFallbacks() throws {
    defer { remove() }
    let preview = try command("preview", "shop.yaml", "--profile", "bo", "--explain")
    #expect(preview.status == 0, "\(preview.errors)")
    #expect(preview.output.contains("route 1, which takes whoever no other route took"), "\(preview.output)")
    #expect(preview.output.contains("'template-filler' was passed over: template 'none.liquid' made no text"))
    #expect(preview.output.contains("stage 'letter': filled by 'template-filler'"))
  }

  @Test func explainAnswersAnUnknownAssetWithTheNearest() throws {
    defer { remove() }
    #expect(try command("generate", "shop.yaml").status == 0)
    let unknown = try command("explain", "ada.txt")
    #expect(unknown.status == 65)
    #expect(unknown.errors.contains("did you mean 'letters/ada.txt'?"), "\(unknown.errors)")
    #expect(try command("explain", "ada.txt", "--output", "nowhere").status == 66)
  }

  @Test func theNameOfTheOutputSaysHowItIsWritten() throws {
    defer { remove() }
    let tar = try command("generate", "shop.yaml", "--output", "site.tar")
    #expect(tar.status == 0 && tar.output.contains("2 assets in 'site.tar'"), "\(tar.errors)")
    let lines = try command("generate", "shop.yaml", "--output", "assets.jsonl")
    #expect(lines.status == 0)
    #expect(try String(contentsOfFile: "\(folder)/assets.jsonl", encoding: .utf8).split(separator: "\n").count == 2)
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    #expect(names == ["site.tar", "assets.jsonl", "shop.yaml", "templates"])
  }

  @Test func standardOutputHoldsAssetsAlone() throws {
    defer { remove() }
    let lines = try command("generate", "shop.yaml", "--output", "-", "--sink", "jsonl")
    #expect(lines.status == 0)
    #expect(
      lines.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"path\":\"letters/") && $0.hasSuffix("}") })
    #expect(lines.errors.contains("2 assets"))
    let tar = try command("generate", "shop.yaml", "--output", "-", "--sink", "tar")
    #expect(tar.output.utf8.count % 10_240 == 0 && tar.output.hasPrefix("letters/ada.txt\0"))
  }

  @Test(arguments: [
    (["--output", "-"], "'--output -' needs '--sink tar' or '--sink jsonl'"),
    (["--output", "site.tar.gz"], "write '--output - --sink tar | gzip > ...'"),
    (["--output", "templates", "--sink", "tar"], "'templates' is a folder, expected a file for '--sink tar'"),
    (["--sink", "zip"], "'zip'"),
  ])
  func whatCannotBeWrittenIsSaidAtOnce(options: [String], part: String) throws {
    defer { remove() }
    let found = try Command(arguments: ["generate", "shop.yaml"] + options, in: folder)
    #expect(found.status == 64)
    #expect(found.errors.contains(part), "\(found.errors)")
  }
}
