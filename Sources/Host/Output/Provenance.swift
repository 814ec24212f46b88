import Core
import Markup

/// How each asset came to be: one JSON object a line in `provenance.jsonl`.
enum Provenance {
  /// The line of an asset.
  static func line(of item: Int, asset: Int, path: String, in runner: PipelineRunner, plan: Plan) -> [UInt8] {
    let builder = DocumentBuilder()
    let record = runner.items[item]
    let pipeline = runner.pipeline
    let notes = runner.notes(item: item)
    builder.beginObject()
    builder.key("path")
    builder.string(path)
    builder.key("slot")
    builder.string(pipeline.assets[asset].rule.slot)
    builder.key("media_type")
    builder.string(pipeline.assets[asset].mediaType)
    builder.key("pipeline")
    builder.string(pipeline.spec.name)
    builder.key("profile")
    builder.link(record.profile["id"])
    if record.product.exists {
      builder.key("product")
      builder.link(record.product["id"])
    }
    builder.key("locale")
    builder.string(plan.manifest.locales.supported[record.locale])
    builder.key("manifest")
    builder.string(plan.manifest.sha256)
    builder.key("seed")
    builder.int(Int64(bitPattern: plan.manifest.seed))
    builder.key("stages")
    builder.beginArray()
    for (stage, used) in zip(pipeline.stages, record.used) {
      builder.beginObject()
      builder.key("stage")
      builder.string(stage.spec.id)
      if let used {
        let step = stage.alternatives[used]
        builder.key("plugin")
        builder.string(step.plugin.id)
        builder.key("version")
        builder.string(step.plugin.version)
        if used > 0 {
          builder.key("alternative")
          builder.int(Int64(used))
        }
        for note in notes where step.portSlots.contains(note.slot) {
          builder.key(note.key)
          builder.string(note.value)
        }
      }
      builder.end()
    }
    builder.end()
    builder.end()
    let root = builder.finishRoot()
    var bytes: [UInt8] = []
    withExtendedLifetime(builder) { bytes.appendJSON(root) }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}
