import CPluginABI
import Core
import Liquid

/// Runs one pipeline over the items of a chunk, for one thread.
///
/// All it wrote stays until `reset`.
final class PipelineRunner {
  let pipeline: CompiledPipeline
  private(set) var items: [Item] = []
  private let context: WorkerContext
  private var slots: [Value] = []
  /// For each item what plugins noted about its slots.
  private var notes: [[SlotNote]] = []
  private let alternatives: [[StepRunner]]
  private let checks: [[StepRunner]]
  /// Documents that the items' `products` and `asset` and fanned-out lists lie in.
  private let extras = DocumentBuilder()
  /// Rendered options lie apart: they are written while templates read `extras`.
  private let params = DocumentBuilder()

  struct SlotNote {
    let slot: Int
    let key: String
    let value: String
  }

  init(_ pipeline: CompiledPipeline, context: WorkerContext) throws(Diagnostic) {
    self.pipeline = pipeline
    self.context = context
    func runners(_ steps: [CompiledStep]) throws(Diagnostic) -> [StepRunner] {
      var made: [StepRunner] = []
      for step in steps { made.append(try context.runner(for: step)) }
      return made
    }
    var alternatives: [[StepRunner]] = []
    var checks: [[StepRunner]] = []
    for stage in pipeline.stages {
      alternatives.append(try runners(stage.alternatives))
      checks.append(try runners(stage.checks))
    }
    self.alternatives = alternatives
    self.checks = checks
  }

  func reset() {
    items.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    extras.reset()
    params.reset()
    for runner in (alternatives + checks).joined() { runner.reset() }
  }

  /// Adds items; those of one profile and product in all its locales must follow each other.
  func add(_ item: Item) { items.append(item) }

  /// What a slot of an item holds.
  func slot(_ slot: Int, of item: Int) -> Value { slots[item * slotCount + slot] }

  /// What plugins noted about a slot of an item.
  func notes(item: Int) -> [SlotNote] { notes[item] }

  private var slotCount: Int { pipeline.slotNames.count }

  /// Runs all stages.
  func run() {
    slots = Array(repeating: .missing, count: items.count * slotCount)
    notes = Array(repeating: [], count: items.count)
    let before = pipeline.stagesBeforeFanOut
    for stage in 0..<before { run(stage: stage) }
    if before > 0 { fanOut(after: before) }
    for stage in before..<pipeline.stages.count { run(stage: stage) }
  }

  // MARK: Stages

  private func run(stage index: Int) {
    let stage = pipeline.stages[index]
    var pending = items.indices.filter { items[$0].isRunning }
    if pending.isEmpty { return }
    prepare(stage, pending)
    var lastFailure: [Int: StepRunner.Outcome] = [:]
    for (number, runner) in alternatives[index].enumerated() {
      if pending.isEmpty { break }
      var outcomes = callPatiently(runner, pending, attempt: number, stage: index)
      for check in checks[index] {
        let passed = zip(pending, outcomes).filter { $0.1.wrote }.map(\.0)
        if passed.isEmpty { break }
        for (item, outcome) in zip(passed, callPatiently(check, passed, attempt: number, stage: index)) {
          if let place = pending.firstIndex(of: item), !outcome.isSkip { outcomes[place] = outcome }
        }
      }
      var rest: [Int] = []
      for (item, outcome) in zip(pending, outcomes) {
        if outcome.wrote {
          settle(stage, item)
          items[item].used.append(number)
        } else {
          clear(stage, runner.step, item)
          items[item].passedOver.append((index, number, outcome.reason ?? ""))
          lastFailure[item] = outcome
          rest.append(item)
        }
      }
      pending = rest
    }
    for item in pending { giveUp(stage, item, lastFailure[item]) }
  }

  /// Calls one step for items, and again, after a while, for those to which it answers that they may be tried again.
  ///
  /// Brief, seed and attempt stay as they were: what comes of it does not depend on how often it was asked for.
  private func callPatiently(
    _ runner: StepRunner, _ pending: [Int], attempt: Int, stage: Int
  ) -> [StepRunner.Outcome] {
    var outcomes = call(runner, pending, attempt: attempt)
    var delay = runner.step.retries.delaySeconds
    for _ in 0..<runner.step.retries.most {
      let again = outcomes.indices.filter { outcomes[$0].mayBeTriedAgain }
      guard !again.isEmpty, context.wait(seconds: delay) else { break }
      delay = min(2 * delay, 60)
      let answers = call(runner, again.map { pending[$0] }, attempt: attempt)
      for (place, answer) in zip(again, answers) {
        outcomes[place] = answer
        items[pending[place]].retries[stage, default: 0] += 1
      }
    }
    return outcomes
  }

  /// Calls one step for items, in batches of the size that its plugin prefers.
  private func call(_ runner: StepRunner, _ items: [Int], attempt: Int) -> [StepRunner.Outcome] {
    var outcomes: [StepRunner.Outcome] = []
    outcomes.reserveCapacity(items.count)
    var start = 0
    while start < items.count {
      let batch = items[start..<min(start + runner.batchSize, items.count)]
      start += batch.count
      var ready: [(item: Int, brief: Value, seed: UInt64)] = []
      var failed: [Int: StepRunner.Outcome] = [:]
      context.briefs.reset()
      var roots: [(item: Int, root: Int, seed: UInt64)] = []
      for item in batch {
        do throws(Diagnostic) {
          let brief = try brief(of: item, runner.step, attempt: attempt)
          roots.append((item, Int(brief.raw.node), seed(of: item, runner.step, attempt: attempt)))
        } catch {
          failed[item] = .failed(code: .config, field: "", message: "\(error)")
        }
      }
      for entry in roots { ready.append((entry.item, context.briefs.builder.root(at: entry.root), entry.seed)) }
      var byItem: [Int: StepRunner.Outcome] = failed
      runner.run(ready.map { ($0.brief, $0.seed) }) { index, outcome, written, noted in
        let item = ready[index].item
        // Of what may be tried again nothing stays.
        if !outcome.mayBeTriedAgain {
          for (slot, value) in written { slots[item * slotCount + slot] = value }
          notes[item] += noted.map {
            SlotNote(slot: runner.step.portSlots[$0.port], key: $0.key, value: $0.value)
          }
        }
        byItem[item] =
          written.isEmpty && outcome.wrote ? .skipped(reason: "'\(runner.step.name)' wrote nothing") : outcome
      }
      outcomes += batch.map { byItem[$0] ?? .failed(code: .internal, field: "", message: "no answer") }
    }
    return outcomes
  }

  private func brief(of item: Int, _ step: CompiledStep, attempt: Int) throws(Diagnostic) -> Value {
    var params = step.config.root
    if let templates = step.params {
      let scope = context.scope(of: hostBrief(of: item), locale: items[item].locale)
      do throws(Diagnostic) {
        try templates.write(to: self.params, renderer: context.renderer, scope: scope)
      } catch {
        self.params.abandonRoot()
        throw error
      }
      params = self.params.finishRoot()
    }
    return withSlots(of: item) {
      context.briefs.brief(
        of: items[item], pipeline: pipeline, slots: $0, params: params, stage: step.stage, attempt: attempt)
    }
  }

  /// The brief that the host's own Liquid reads: option strings and paths.
  func hostBrief(of item: Int) -> Value {
    withSlots(of: item) {
      context.briefs.brief(of: items[item], pipeline: pipeline, slots: $0, params: .missing, stage: "", attempt: 0)
    }
  }

  private func withSlots<R>(of item: Int, _ body: (UnsafeBufferPointer<Value>) -> R) -> R {
    slots.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[item * slotCount..<(item + 1) * slotCount])) }
  }

  /// The files that a step's instance read to make itself ready.
  func files(stage: Int, alternative: Int) -> [ResourceStore.File] { alternatives[stage][alternative].files }

  /// All files that instances read to make themselves ready.
  var files: [ResourceStore.File] { (alternatives + checks).joined().flatMap(\.files) }

  /// The files that a check's instance read to make itself ready.
  func files(stage: Int, check: Int) -> [ResourceStore.File] { checks[stage][check].files }

  /// The seed of a stage's call; before the pipeline is repeated for products, calls are about none.
  func seed(of item: Int, stage: Int, alternative: Int) -> UInt64 {
    let product = stage < pipeline.stagesBeforeFanOut ? Value.missing : items[item].product
    return seed(items[item].profile, product, pipeline.stages[stage].spec.id, attempt: alternative)
  }

  private func seed(of item: Int, _ step: CompiledStep, attempt: Int) -> UInt64 {
    seed(items[item].profile, items[item].product, step.stage, attempt: attempt)
  }

  private func seed(_ profile: Value, _ product: Value, _ stage: String, attempt: Int) -> UInt64 {
    var hash = context.pipelineSeed(pipeline.spec.name)
    hash.combine(profile["id"].text)
    hash.combine(product["id"].text)
    hash.combine(stage)
    hash.combine(UInt64(attempt))
    return hash.value
  }

  // MARK: What a stage leaves

  /// Turns candidates that no check chose from into the best of them.
  private func settle(_ stage: CompiledStage, _ item: Int) {
    let place = item * slotCount + stage.slot
    guard slots[place].kind == .array, stage.writesCandidates else { return }
    let best = slots[place].elements.max { ($0["score"].double ?? -.infinity) < ($1["score"].double ?? -.infinity) }
    slots[place] = best?["text"] ?? .missing
  }

  private func clear(_ stage: CompiledStage, _ step: CompiledStep, _ item: Int) {
    for slot in step.portSlots { slots[item * slotCount + slot] = .missing }
    notes[item].removeAll { step.portSlots.contains($0.slot) }
  }

  private func giveUp(_ stage: CompiledStage, _ item: Int, _ outcome: StepRunner.Outcome?) {
    items[item].used.append(nil)
    if stage.spec.isOptional {
      items[item].emptied.append((stage.spec.id, outcome?.reason ?? "nothing was written"))
      return
    }
    switch outcome {
    case .failed(let code, let field, let message):
      items[item].state = .failed(stage: stage.spec.id, code: code, field: field, message: message)
    case .skipped(let reason): items[item].state = .skipped(stage: stage.spec.id, reason: reason)
    case .wrote, nil: break
    }
  }

  // MARK: Preparation

  /// Works out what briefs of this stage show beyond slots: products, and the asset to be written.
  private func prepare(_ stage: CompiledStage, _ running: [Int]) {
    context.briefs.reset()
    if (stage.alternatives + stage.checks).contains(where: \.readsProducts) || stage.hasParams {
      for item in running where !items[item].products.exists {
        items[item].products = products(of: item)
      }
    }
    guard let asset = stage.asset else { return }
    let compiled = pipeline.assets[asset]
    for item in running where items[item].paths[asset] == nil {
      let scope = context.scope(of: hostBrief(of: item), locale: items[item].locale)
      do throws(Diagnostic) {
        let rendered = try context.renderer.render(compiled.path, scope: scope)
        do throws(AssetPath.Refusal) {
          items[item].paths[asset] = try AssetPath.clean(rendered)
        } catch {
          let shown = String(decoding: rendered.prefix(120), as: UTF8.self)
          items[item].state = .failed(
            stage: stage.spec.id, code: .refused, field: "assets.path",
            message: error == .empty
              ? "the asset's path '\(shown)' has an empty part" : "the asset's path '\(shown)' leaves the output folder"
          )
        }
      } catch {
        items[item].state = .failed(stage: stage.spec.id, code: .config, field: "assets.path", message: "\(error)")
      }
    }
    for item in running where items[item].isRunning { items[item].asset = assetValue(item, asset) }
  }

  /// What `products` shows; missing as long as the slot that it is to show is empty.
  private func products(of item: Int) -> Value {
    let locale = items[item].locale
    switch pipeline.spec.products {
    case .catalogue: return context.catalogue(locale: locale)
    case .recommendations:
      return context.products(listed: items[item].profile["recommendations"], locale: locale, in: extras)
    case .slot(let name):
      guard let slot = pipeline.slotNames.firstIndex(of: name), case let list = self.slot(slot, of: item), list.exists
      else { return .missing }
      return context.products(listed: list, locale: locale, in: extras)
    }
  }

  /// What `asset` shows: `{ path, url, root, alternates: [{ locale, path, url }] }`.
  private func assetValue(_ item: Int, _ asset: Int) -> Value {
    let path = items[item].paths[asset] ?? ""
    extras.beginObject()
    context.writeLink(path, to: extras)
    extras.key("root")
    extras.string(String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") }))
    extras.key("alternates")
    extras.beginArray()
    for twin in siblings(of: item) {
      guard let path = items[twin].paths[asset] else { continue }
      extras.beginObject()
      extras.key("locale")
      extras.string(context.plan.manifest.locales.supported[items[twin].locale])
      context.writeLink(path, to: extras)
      extras.end()
    }
    extras.end()
    extras.end()
    return extras.finishRoot()
  }

  /// Where an asset of an item lies in each of the item's locales, its own included; empty where there is but one.
  func alternates(item: Int, asset: Int) -> [(locale: String, url: String)] {
    siblings(of: item).compactMap { twin in
      items[twin].paths[asset].map {
        (context.plan.manifest.locales.supported[items[twin].locale], context.plan.url(of: $0))
      }
    }
  }

  /// The same page in all its locales, the item itself included; empty where there is but one.
  private func siblings(of item: Int) -> Range<Int> {
    guard pipeline.spec.allLocales, context.plan.manifest.locales.supported.count > 1 else { return 0..<0 }
    let count = context.plan.manifest.locales.supported.count
    let first = item - items[item].locale
    return first..<min(first + count, items.count)
  }

  // MARK: Fan-out

  /// Replaces each item by one for each product of its slot.
  private func fanOut(after stages: Int) {
    guard case .slot(let name, let limit) = pipeline.spec.forEach,
      let slot = pipeline.slotNames.firstIndex(of: name)
    else { return }
    var fanned: [Item] = []
    var fannedSlots: [Value] = []
    var fannedNotes: [[SlotNote]] = []
    for (index, item) in items.enumerated() {
      guard item.isRunning else {
        fanned.append(item)
        fannedSlots += slots[index * slotCount..<(index + 1) * slotCount]
        fannedNotes.append(notes[index])
        continue
      }
      let first = fanned.count
      for entry in slots[index * slotCount + slot].elements.prefix(limit ?? .max) {
        var one = item
        // What was called again was called for all of them together.
        if fanned.count > first { one.retries = [:] }
        one.product = context.product(id: entry["id"].text, locale: item.locale)
        guard one.product.exists else { continue }
        fanned.append(one)
        fannedSlots += slots[index * slotCount..<(index + 1) * slotCount]
        fannedNotes.append(notes[index])
      }
    }
    items = fanned
    slots = fannedSlots
    notes = fannedNotes
  }
}

extension CompiledStage {
  fileprivate var writesCandidates: Bool {
    alternatives.contains { step in
      step.plugin.description.writes.contains { $0.name.isEmpty && $0.kind == .candidates }
    }
  }

  fileprivate var hasParams: Bool { (alternatives + checks).contains { $0.params != nil } }
}

extension StepRunner.Outcome {
  fileprivate var wrote: Bool {
    if case .wrote = self { true } else { false }
  }

  fileprivate var reason: String? {
    switch self {
    case .wrote: nil
    case .skipped(let reason): reason
    case .failed(let code, let field, let message): "\(field.isEmpty ? "" : "\(field): ")\(message) (\(code))"
    }
  }

  fileprivate var mayBeTriedAgain: Bool {
    if case .failed(.unavailable, _, _) = self { true } else { false }
  }

  fileprivate var isSkip: Bool {
    if case .skipped = self { true } else { false }
  }
}
