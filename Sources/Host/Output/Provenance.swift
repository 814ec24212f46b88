import CPluginABI
import Core
import Crypto

/// Writes how each asset came to be: one JSON object a line in `provenance.jsonl`, as docs/specs/provenance.md says.
///
/// What many lines have in common stands once in a file of its own, `provenance-steps.json`. One a thread.
final class ProvenanceWriter: LineWriter {
  private let context: WorkerContext
  private let run: [UInt8]
  private var routes: [Int: [UInt8]] = [:]
  /// What does not depend on the brief, by the step's index and the locale.
  private var steps: [[Int]: StepEntry] = [:]
  private var lastProfile = Digest()
  private var lastProduct = Digest()
  private var scratch: [UInt8] = []
  private(set) var bytes: [UInt8] = []

  /// A record and the hash of its JSON; several briefs in a row are about the same one.
  private struct Digest {
    var record = Value.missing
    var text = ""
  }

  init(context: WorkerContext) {
    self.context = context
    let manifest = context.plan.manifest
    run = Document { builder in
      builder.beginObject()
      builder.key("manifest")
      builder.string(manifest.sha256)
      builder.key("seed")
      builder.int(Int64(bitPattern: manifest.seed))
      builder.key("run_time")
      builder.int(manifest.runTime)
      builder.end()
    }.json.utf8.dropFirst().dropLast()
  }

  /// Forgets the lines.
  func reset() {
    bytes.removeAll(keepingCapacity: true)
    lastProfile = Digest()
    lastProduct = Digest()
  }

  /// Adds the line of an asset and returns its place among `bytes`.
  func add(_ item: Int, asset: Int, path: String, of runner: PipelineRunner) -> Range<Int> {
    let start = bytes.count
    let record = runner.items[item]
    let pipeline = runner.pipeline
    let compiled = pipeline.assets[asset]
    let locale = context.plan.manifest.locales.supported[record.locale]
    bytes.append("{\"path\":", string: path)
    bytes.append(",\"slot\":", string: compiled.rule.slot)
    bytes.append(",\"media_type\":", string: compiled.mediaType)
    bytes.append(",\"locale\":", string: locale)
    bytes.append(",\"profile\":")
    bytes.appendJSON(record.profile["id"])
    bytes.append(",\"profile_sha256\":", string: digest(of: record.profile, &lastProfile))
    if record.product.exists {
      bytes.append(",\"product\":")
      bytes.appendJSON(record.product["id"])
      bytes.append(",\"product_sha256\":", string: digest(of: record.product, &lastProduct))
    }
    bytes.append(",\"pipeline\":", string: pipeline.spec.name)
    bytes.append(",\"route\":")
    bytes += route(of: record.profile)
    bytes.append(",")
    bytes += run
    bytes.append(",\"stages\":[")
    // What came after the slot was written had no part in it.
    let last = pipeline.stages.firstIndex { stage in
      compiled.rule.slot == stage.spec.id || compiled.rule.slot.hasPrefix("\(stage.spec.id).")
    }
    for (index, used) in record.used.prefix((last ?? pipeline.stages.count - 1) + 1).enumerated() {
      if index > 0 { bytes.append(",") }
      add(stage: index, used: used, item, record, runner)
    }
    bytes.append("]}\n")
    return start..<bytes.count
  }

  private func add(stage index: Int, used: Int?, _ item: Int, _ record: Item, _ runner: PipelineRunner) {
    let stage = runner.pipeline.stages[index]
    bytes.append("{\"stage\":", string: stage.spec.id)
    if let used {
      let step = stage.alternatives[used]
      bytes.append(",\"plugin\":", string: step.plugin.id)
      bytes.append(",\"version\":", string: step.plugin.version)
      bytes.append(",\"step\":", string: entry(stage, index, used, record.locale, runner).name)
      if used > 0 { bytes.append(",\"alternative\":\(used)") }
      bytes.append(",\"seed\":", string: runner.seed(of: item, stage: index, alternative: used).hexadecimal)
      addNotes(of: runner.notes(item: item).filter { step.portSlots.contains($0.slot) }, stage, runner)
    } else {
      bytes.append(",\"empty\":true")
    }
    let passedOver = record.passedOver.filter { $0.stage == index }
    for (number, entry) in passedOver.enumerated() {
      bytes.append(number == 0 ? ",\"passed_over\":[" : ",")
      bytes.append("{\"plugin\":", string: stage.alternatives[entry.alternative].plugin.id)
      bytes.append(",\"version\":", string: stage.alternatives[entry.alternative].plugin.version)
      bytes.append(",\"reason\":", string: context.plan.manifest.environment.hidden(in: entry.reason))
      bytes.append("}")
    }
    bytes.append(passedOver.isEmpty ? "}" : "]}")
  }

  private func addNotes(of notes: [PipelineRunner.SlotNote], _ stage: CompiledStage, _ runner: PipelineRunner) {
    var isFirst = true
    for (place, note) in notes.enumerated() {
      // A check may note what the plugin before it noted: the last word stands.
      if notes[(place + 1)...].contains(where: { $0.slot == note.slot && $0.key == note.key }) { continue }
      bytes.append(isFirst ? ",\"notes\":{" : ",")
      isFirst = false
      let port =
        note.slot == stage.slot
        ? "" : "\(runner.pipeline.slotNames[note.slot].dropFirst(stage.spec.id.utf8.count + 1))."
      bytes.append("", string: port + note.key)
      bytes.append(":", string: context.plan.manifest.environment.hidden(in: note.value))
    }
    if !isFirst { bytes.append("}") }
  }

  /// What is known of a step before any brief: its name in the file of steps, and what stands there.
  private struct StepEntry {
    let name: String
    let text: [UInt8]
  }

  /// All steps of all pipelines, each by its name: what lines refer to as `step`.
  ///
  /// Every step is in it, used or not, so that it is the same file for a run that went on after a stop.
  func stepsFile(of runners: [PipelineRunner]) -> [UInt8]? {
    var text: [UInt8] = Array("{".utf8)
    var seen: Set<String> = []
    for runner in runners {
      for (index, stage) in runner.pipeline.stages.enumerated() {
        for alternative in stage.alternatives.indices {
          for locale in context.plan.manifest.locales.supported.indices {
            let entry = entry(stage, index, alternative, locale, runner)
            guard seen.insert(entry.name).inserted else { continue }
            text.append(seen.count == 1 ? "\n" : ",\n", string: entry.name)
            text.append(":{")
            text += entry.text
            text.append("}")
          }
        }
      }
    }
    text.append("\n}\n")
    return text
  }

  private func entry(
    _ stage: CompiledStage, _ index: Int, _ alternative: Int, _ locale: Int, _ runner: PipelineRunner
  ) -> StepEntry {
    let step = stage.alternatives[alternative]
    if let known = steps[[step.index, locale]] { return known }
    var text: [UInt8] = []
    add(step, files: runner.files(stage: index, alternative: alternative), locale, to: &text)
    for (number, check) in stage.checks.enumerated() {
      text.append(number == 0 ? ",\"checks\":[{" : ",{")
      add(check, files: runner.files(stage: index, check: number), locale, to: &text)
      text.append(number == stage.checks.count - 1 ? "}]" : "}")
    }
    let entry = StepEntry(name: String(hexadecimal(SHA256.hash(data: text)).prefix(16)), text: text)
    steps[[step.index, locale]] = entry
    return entry
  }

  private func add(_ step: CompiledStep, files: [ResourceStore.File], _ locale: Int, to text: inout [UInt8]) {
    text.append("\"plugin\":", string: step.plugin.id)
    text.append(",\"version\":", string: step.plugin.version)
    let facts = context.run.facts(of: step)
    for (number, fact) in facts.enumerated() { text.append(number == 0 ? ",\"facts\":[" : ",", string: fact) }
    if !facts.isEmpty { text.append("]") }
    let all = files + localeFiles(locale, besides: files)
    for (number, file) in all.enumerated() {
      text.append(number == 0 ? ",\"files\":{" : ",", string: file.name)
      text.append(":", string: file.sha256)
    }
    if !all.isEmpty { text.append("}") }
  }

  /// The texts of a locale, which templates look up while they are rendered.
  private func localeFiles(_ locale: Int, besides files: [ResourceStore.File]) -> [ResourceStore.File] {
    guard files.contains(where: { $0.name.hasSuffix(".liquid") }) else { return [] }
    let name = context.plan.manifest.locales.supported[locale]
    let language = name.prefix { $0 != "-" }
    return Set(["locales/\(language).json", "locales/\(name).json"]).sorted().compactMap { name in
      files.contains { $0.name == name } ? nil : try? context.plan.resources.open(kind: "locale", name: name)
    }
  }

  /// The number of the route that a profile takes, from 1, and its condition.
  private func route(of profile: Value) -> [UInt8] {
    let plan = context.plan
    var index = 0
    if plan.routes.count > 1 {
      context.briefs.reset()
      let locale = plan.manifest.locales.supported[plan.locale(of: profile)]
      index = plan.routeIndex(context.briefs.routeBrief(profile: profile, locale: locale))
    }
    if let known = routes[index] { return known }
    let condition = plan.manifest.routes[index].text.map { ",\"if\":\($0)" } ?? ""
    let text = Array("{\"number\":\(index + 1)\(condition)}".utf8)
    routes[index] = text
    return text
  }

  private func digest(of record: Value, _ last: inout Digest) -> String {
    if last.record.exists, last.record.raw.doc == record.raw.doc, last.record.raw.node == record.raw.node {
      return last.text
    }
    scratch.removeAll(keepingCapacity: true)
    scratch.appendJSON(record)
    last = Digest(record: record, text: hexadecimal(SHA256.hash(data: scratch)))
    return last.text
  }
}
