import Core
import Foundation
import Host
import Testing

/// A section of a manifest: how to make the reader name its keys, and where the schema lists them.
struct ManifestSection: Sendable {
  /// As the reference calls it.
  let name: String
  /// A manifest, or a part of one, with a key that nobody knows.
  let text: String
  let schemaPath: String

  static let all = [
    ManifestSection(name: "manifest", text: "zzqx: 1", schemaPath: ""),
    ManifestSection(name: "site", text: "site: { zzqx: 1 }", schemaPath: "properties/site"),
    ManifestSection(name: "locales", text: "locales: { default: en-US, zzqx: 1 }", schemaPath: "properties/locales"),
    ManifestSection(name: "inputs", text: "inputs: { zzqx: 1 }", schemaPath: "properties/inputs"),
    ManifestSection(
      name: "inputs.profiles", text: "inputs: { profiles: { path: x, zzqx: 1 } }",
      schemaPath: "properties/inputs/properties/profiles"),
    ManifestSection(
      name: "inputs.profiles", text: "inputs: { catalogue: { path: x, zzqx: 1 } }",
      schemaPath: "properties/inputs/properties/catalogue"),
    ManifestSection(
      name: "plugins", text: "plugins: { p: { path: x, trust: in-process, zzqx: 1 } }",
      schemaPath: "properties/plugins/additionalProperties"),
    ManifestSection(name: "routes", text: "routes: [ { run: a, zzqx: 1 } ]", schemaPath: "properties/routes/items"),
    ManifestSection(
      name: "operators", text: "routes: [ { if: { profile.x: { zzqx: 1 } }, run: a }, { run: a } ]",
      schemaPath: "$defs/operators"),
    ManifestSection(
      name: "assets", text: "assets: [ { slot: a, path: b, zzqx: 1 } ]", schemaPath: "properties/assets/items"),
    ManifestSection(name: "static", text: "static: [ { from: ., zzqx: 1 } ]", schemaPath: "properties/static/items"),
    ManifestSection(
      name: "feeds", text: "run_time: 2026-01-01\nfeeds: [ { kind: google-merchant, path: a, zzqx: 1 } ]",
      schemaPath: "properties/feeds/items"),
    ManifestSection(
      name: "tests", text: "tests: [ { expect: { slot: a }, zzqx: 1 } ]", schemaPath: "properties/tests/items"),
    ManifestSection(
      name: "expect", text: "tests: [ { expect: { slot: a, zzqx: 1 } } ]", schemaPath: "$defs/expectation"),
    ManifestSection(
      name: "pipelines", text: "pipelines: { a: { zzqx: 1, stages: [ { id: a, use: x } ] } }",
      schemaPath: "properties/pipelines/additionalProperties"),
    ManifestSection(
      name: "stage", text: "pipelines: { a: { stages: [ { id: a, use: x, zzqx: 1 } ] } }", schemaPath: "$defs/stage"),
    ManifestSection(
      name: "step", text: "pipelines: { a: { stages: [ { id: a, use: x, otherwise: { use: y, zzqx: 1 } } ] } }",
      schemaPath: "$defs/step"),
    ManifestSection(
      name: "for_each", text: "pipelines: { a: { for_each: { slot: a, zzqx: 1 }, stages: [ { id: a, use: x } ] } }",
      schemaPath: "$defs/fanOut"),
    ManifestSection(
      name: "products", text: "pipelines: { a: { products: { slot: a, zzqx: 1 }, stages: [ { id: a, use: x } ] } }",
      schemaPath: "$defs/slotOfProducts"),
  ]

  /// The keys that the reader names when it meets an unknown one.
  var readersKeys: Set<String> {
    let pipelines = text.hasPrefix("pipelines:") ? "" : "pipelines: { a: { stages: [ { id: a, use: x } ] } }\n"
    let answer = message { _ = try Manifest(path: "m.yaml", text: "manifest: 1\nname: m\n\(pipelines)\(text)") }
    guard
      let line = answer.split(separator: "help: ").first(where: {
        $0.hasPrefix("keys are ") || $0.hasPrefix("operators are ")
      })
    else { return [] }
    let list = line.prefix { $0 != "\n" }
    return Set(list.split(separator: "'").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
  }
}

/// The schema that editors read, the reference that people read and the reader that runs are held to the same keys.
struct ManifestSchemaTests {
  @Test(arguments: ManifestSection.all)
  func theSchemaHasTheReadersKeys(section: ManifestSection) throws {
    let file = "\(repository)/manifests/schema/manifest.schema.json"
    let schema = try Document(json: String(contentsOfFile: file, encoding: .utf8))
    let keys = withExtendedLifetime(schema) {
      let properties = section.schemaPath.split(separator: "/").reduce(schema.root) { $0[String($1)] }["properties"]
      return Set((0..<properties.count).map { String(decoding: properties.key(at: $0), as: UTF8.self) })
    }
    #expect(!keys.isEmpty)
    #expect(section.readersKeys == keys)
  }

  @Test(arguments: ManifestSection.all)
  func theReferenceHasTheReadersKeys(section: ManifestSection) throws {
    let text = try String(contentsOfFile: "\(repository)/docs/specs/manifest.md", encoding: .utf8)
    let part = text.components(separatedBy: "\n## ").first { $0.hasPrefix("\(section.name)\n") }
    let rows = try #require(part).split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| key ") }
    // The first cell of a row holds one key or several, each in backquotes.
    let keys = rows.flatMap { row in
      row.split(separator: "|")[0].split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
        .map { String($0.element) }
    }
    #expect(Set(keys) == section.readersKeys)
    #expect(keys.count == Set(keys).count)
  }
}
