import CPluginABI
import Core
import Liquid

extension Plan {
  /// Records of an input whose fields are looked at.
  private static let sampleSize = 5000

  /// What templates may read: the keys of a brief, the canonical fields, and whatever else the first records have.
  func knownFields() throws -> KnownFields {
    var fields = KnownFields()
    try add(manifest.profiles, as: "profile", to: &fields)
    try add(manifest.catalogue, as: "product", to: &fields)
    let site = manifest.site.document
    withExtendedLifetime(site) { fields.insert(sample: site.root.raw, at: "site", access: Accessors.table) }
    for name in ["locale", "channel", "campaign", "variant", "run_time", "stage", "attempt", "head"] {
      fields.insert(name)
    }
    for name in RecordKind.profile.schema.map(\.name) { fields.insert("profile.\(name)") }
    for name in ["id", "reason", "score"] { fields.insert("profile.recommendations[].\(name)") }
    for name in RecordKind.product.schema.map(\.name) + ["locale", "path", "url", "reason", "score", "times"] {
      fields.insert("product.\(name)")
    }
    for name in RecordKind.product.schema.map(\.name) + ["path", "url"] { fields.insert("product.source.\(name)") }
    for name in ["value", "count"] { fields.insert("product.rating.\(name)") }
    fields.copy("product", to: "products[]")
    for name in ["path", "url", "root", "alternates[].locale", "alternates[].path", "alternates[].url"] {
      fields.insert("asset.\(name)")
    }
    fields.insert("params")
    for pipeline in pipelines {
      for slot in pipeline.slotNames { fields.insert("slots.\(slot)") }
      for step in pipeline.stages.flatMap({ $0.alternatives + $0.checks }) {
        fields.insert(sample: step.config.root.raw, at: "params", access: Accessors.table)
        let options = step.plugin.description.schema.root["properties"]
        for index in 0..<options.count {
          fields.insert("params.\(String(decoding: options.key(at: index), as: UTF8.self))")
        }
      }
    }
    return fields
  }

  private func add(_ input: Manifest.Input?, as name: String, to fields: inout KnownFields) throws {
    // Standard input can be read but once, by the run.
    if input?.path == "-" { return }
    var left = Self.sampleSize
    try forEachRecord(of: input) { record in
      fields.insert(sample: record.raw, at: name, access: Accessors.table)
      // A translation stands in for members of its product.
      let translations = record["translations"]
      if name == "product", translations.kind == .object {
        for translation in translations.elements {
          fields.insert(sample: translation.raw, at: name, access: Accessors.table)
        }
      }
      left -= 1
      return left > 0
    }
  }
}
