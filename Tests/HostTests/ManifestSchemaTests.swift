import Core
import Foundation
import Host
import Testing

/// The schema that editors read and the reader that runs are held to the same keys.
struct ManifestSchemaTests {
  private let schema: Document

  init() throws {
    let file = "\(repository)/manifests/schema/manifest.schema.json"
    schema = try Document(json: String(contentsOfFile: file, encoding: .utf8))
  }

  /// The keys that the reader names when it meets an unknown one.
  private func readersKeys(_ manifest: String) -> Set<String> {
    let text = message { _ = try Manifest(path: "m.yaml", text: manifest) }
    guard
      let line = text.split(separator: "help: ").first(where: {
        $0.hasPrefix("keys are ") || $0.hasPrefix("operators are ")
      })
    else { return [] }
    let list = line.prefix { $0 != "\n" }
    return Set(list.split(separator: "'").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
  }

  /// The keys of an object of the schema, at a path of members.
  private func schemasKeys(_ path: String) -> Set<String> {
    withExtendedLifetime(schema) {
      let properties = path.split(separator: "/").reduce(schema.root) { $0[String($1)] }["properties"]
      return Set((0..<properties.count).map { String(decoding: properties.key(at: $0), as: UTF8.self) })
    }
  }

  @Test(arguments: [
    ("zzqx: 1", ""),
    ("site: { zzqx: 1 }", "properties/site"),
    ("locales: { default: en-US, zzqx: 1 }", "properties/locales"),
    ("inputs: { zzqx: 1 }", "properties/inputs"),
    ("inputs: { profiles: { path: x, zzqx: 1 } }", "properties/inputs/properties/profiles"),
    ("inputs: { catalogue: { path: x, zzqx: 1 } }", "properties/inputs/properties/catalogue"),
    ("plugins: { p: { path: x, trust: in-process, zzqx: 1 } }", "properties/plugins/additionalProperties"),
    ("routes: [ { run: a, zzqx: 1 } ]", "properties/routes/items"),
    ("routes: [ { if: { profile.x: { zzqx: 1 } }, run: a }, { run: a } ]", "$defs/operators"),
    ("assets: [ { slot: a, path: b, zzqx: 1 } ]", "properties/assets/items"),
    ("static: [ { from: ., zzqx: 1 } ]", "properties/static/items"),
    ("tests: [ { expect: { slot: a }, zzqx: 1 } ]", "properties/tests/items"),
    ("tests: [ { expect: { slot: a, zzqx: 1 } } ]", "$defs/expectation"),
    ("run_time: 2026-01-01\nfeeds: [ { kind: google-merchant, path: a, zzqx: 1 } ]", "properties/feeds/items"),
  ])
  func everySectionHasTheReadersKeys(section: String, path: String) {
    let manifest = "manifest: 1\nname: m\npipelines: { a: { stages: [ { id: a, use: x } ] } }\n\(section)"
    #expect(!schemasKeys(path).isEmpty)
    #expect(readersKeys(manifest) == schemasKeys(path))
  }

  @Test(arguments: [
    ("a: { zzqx: 1, stages: [ { id: a, use: x } ] }", "properties/pipelines/additionalProperties"),
    ("a: { stages: [ { id: a, use: x, zzqx: 1 } ] }", "$defs/stage"),
    ("a: { stages: [ { id: a, use: x, otherwise: { use: y, zzqx: 1 } } ] }", "$defs/step"),
    ("a: { for_each: { slot: a, zzqx: 1 }, stages: [ { id: a, use: x } ] }", "$defs/fanOut"),
    ("a: { products: { slot: a, zzqx: 1 }, stages: [ { id: a, use: x } ] }", "$defs/slotOfProducts"),
  ])
  func everyPartOfAPipelineHasTheReadersKeys(pipeline: String, path: String) {
    #expect(!schemasKeys(path).isEmpty)
    #expect(readersKeys("manifest: 1\nname: m\npipelines: { \(pipeline) }") == schemasKeys(path))
  }
}
