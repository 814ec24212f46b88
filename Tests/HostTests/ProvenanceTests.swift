import Core
import Crypto
import Foundation
import Host
import Testing

/// What a run writes about how its assets came to be.
struct ProvenanceTests {
  private let workspace: Workspace
  private let manifest = """
    manifest: 1
    name: letters
    seed: 7
    run_time: 2026-03-01T08:00:00Z
    locales: { default: en-US, supported: [en-US, de-DE] }
    inputs:
      catalogue: { inline: [ { id: K-1, name: Kettle }, { id: K-2, name: Pot } ] }
      profiles: { inline: [ { id: a, first_name: Ada, segments: [vip] }, { id: b, locale: de-DE } ] }
    routes:
      - { if: { profile.segments: { contains: vip } }, run: premium }
      - run: plain
    pipelines:
      premium:
        for_each: products
        stages:
          - id: letter
            use: template-filler
            with: { template: letter.liquid, values: { greeting: "Dear {{ profile.first_name }}" } }
          - { id: later, use: template-filler, with: { template: part.liquid } }
      plain:
        stages:
          - id: intro
            use: template-filler
            with: { template: nothing.liquid }
            optional: true
          - { id: letter, use: template-filler, with: { template: letter.liquid } }
    assets: [ { slot: letter, path: "{{ profile.id }}/{{ product.id | default: 'none' }}.txt" } ]
    """

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "templates/letter.liquid", "{% render 'part', name: product.name %} {{ params.values.greeting }}")
    try workspace.write("templates/part.liquid", "{{ name }} {{ 'hello' | t }}")
    try workspace.write("templates/nothing.liquid", "{{ profile.last_name }}")
    try workspace.write("templates/locales/en.json", #"{"hello":"Hello"}"#)
    try workspace.write("templates/locales/de.json", #"{"hello":"Guten Tag"}"#)
  }

  private func sha256(_ file: String) throws -> String {
    SHA256.hash(data: Data(try workspace.read(file).utf8)).map { String(format: "%02x", $0) }.joined()
  }

  @Test func everyStageNamesItsPluginItsFilesAndItsFacts() throws {
    try workspace.generate(manifest)
    let manifestHash = try sha256("manifest.yaml")
    let hashes = try ["letter.liquid", "part.liquid", "locales/en.json"].map { ($0, try sha256("templates/\($0)")) }
    let entry = try ProvenanceFile(folder: "\(workspace.path)/out").entry(of: "a/K-1.txt")
    withExtendedLifetime(entry) {
      let root = entry.root
      #expect(root["profile"].string == "a" && root["product"].string == "K-1")
      #expect(root["manifest"].string == manifestHash)
      #expect(root["seed"].int == 7 && root["run_time"].int == 1_772_352_000)
      #expect(root["route"].json == #"{"number":1,"if":{"profile.segments":{"contains":"vip"}}}"#)
      // What came after the slot was written is not part of how it came to be.
      #expect(root["stages"].count == 1)
      let stage = root["stages"][0]
      #expect(stage["stage"].string == "letter" && stage["plugin"].string == "org.bespoke.template-filler")
      #expect(stage["version"].string?.isEmpty == false)
      #expect(stage["facts"].json == #"["product.name","profile.first_name"]"#)
      for (name, hash) in hashes { #expect(stage["files"][name].string == hash) }
      #expect(stage["files"].count == 3)
      #expect(stage["seed"].string?.count == 16)
    }
  }

  @Test func whatStagesHaveInCommonStandsOnce() throws {
    try workspace.generate(manifest)
    let steps = try Document(json: workspace.read("out/provenance-steps.json"))
    let lines = try workspace.read("out/provenance.jsonl").split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { !$0.contains("letter.liquid\":") && !$0.contains("\"facts\"") })
    // Four steps, of which each has the texts of its locale.
    #expect(steps.root.count == 8)
    let line = try Document(json: String(try #require(lines.first)))
    withExtendedLifetime((steps, line)) {
      let name = line.root["stages"][0]["step"].string ?? ""
      #expect(steps.root[name]["plugin"].string == "org.bespoke.template-filler")
      #expect(steps.root[name]["files"]["letter.liquid"].exists)
    }
  }

  @Test func aRecordIsNamedByTheHashOfItsJSON() throws {
    try workspace.generate(manifest)
    let file = ProvenanceFile(folder: "\(workspace.path)/out")
    let (first, second) = (try file.entry(of: "a/K-1.txt"), try file.entry(of: "a/K-2.txt"))
    withExtendedLifetime((first, second)) {
      #expect(first.root["profile_sha256"].json == second.root["profile_sha256"].json)
      #expect(first.root["product_sha256"].json != second.root["product_sha256"].json)
      #expect(first.root["stages"][0]["seed"].json != second.root["stages"][0]["seed"].json)
      #expect(first.root["product_sha256"].string?.count == 64)
    }
  }

  @Test func aStageThatStayedEmptyAndTheLastRouteAreSaid() throws {
    try workspace.generate(manifest)
    let entry = try ProvenanceFile(folder: "\(workspace.path)/out").entry(of: "b/none.txt")
    withExtendedLifetime(entry) {
      #expect(entry.root["route"].json == #"{"number":2}"#)
      #expect(!entry.root["product"].exists)
      #expect(entry.root["stages"][0]["empty"].bool == true)
      #expect(entry.root["stages"][1]["files"]["locales/de.json"].exists)
    }
  }

  @Test func anUnknownAssetIsAnsweredWithTheNearest() throws {
    try workspace.generate(manifest)
    let file = ProvenanceFile(folder: "\(workspace.path)/out")
    #expect(message { _ = try file.entry(of: "b/nome.txt") }.contains("did you mean 'b/none.txt'?"))
    #expect(message { _ = try file.entry(of: "K-2.txt") }.contains("did you mean 'a/K-2.txt'?"))
    #expect(message { _ = try file.entry(of: "x") }.contains("an asset is named by its path below the folder"))
    let nowhere = message { _ = try ProvenanceFile(folder: "\(workspace.path)/none").entry(of: "x") }
    #expect(nowhere.contains("missing file") && nowhere.contains("--output"))
  }
}
