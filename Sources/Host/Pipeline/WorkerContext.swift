import Core
import Glibc
import Liquid
import Synchronization

/// What the threads of a run share: the plan, the catalogue, instances of concurrent plugins, the wish to stop.
final class RunContext: Sendable {
  let plan: Plan
  let catalogue: Catalogue?
  let threads: Int
  /// What is written a line an asset.
  let lines: AssetLines
  /// Most rows of a piece of work and most briefs of a call; nil for what is preferred.
  let batchSize: Int?
  private let stop = Atomic<Bool>(false)
  private let openCheckpoint = Mutex<Checkpoint?>(nil)
  private let facts = Mutex<[Int: [String]]>([:])
  private let shared = Mutex<[Int: PluginInstance]>([:])
  private let log: @Sendable (HostTable.LogLine) -> Void

  init(
    plan: Plan, catalogue: Catalogue?, threads: Int, lines: AssetLines = .none, batchSize: Int? = nil,
    log: @escaping @Sendable (HostTable.LogLine) -> Void
  ) {
    self.lines = lines
    self.batchSize = batchSize.map { max(1, $0) }
    self.plan = plan
    self.catalogue = catalogue
    self.threads = threads
    self.log = log
  }

  /// Where dear calls are remembered; nil where nothing could be gone on with.
  var checkpoint: Checkpoint? { openCheckpoint.withLock { $0 } }

  /// From now on dear calls are remembered.
  func remember(in checkpoint: Checkpoint) { openCheckpoint.withLock { $0 = checkpoint } }

  /// Asks all threads to stop after what they are at.
  func cancel() { stop.store(true, ordering: .relaxed) }

  var isCancelled: Bool { stop.load(ordering: .relaxed) }

  /// What the templates of a step, or else the plugin itself, read of profile and product: paths, sorted.
  func facts(of step: CompiledStep) -> [String] {
    facts.withLock { facts in
      if let known = facts[step.index] { return known }
      let found = plan.facts(of: step)
      facts[step.index] = found
      return found
    }
  }

  /// An instance for one thread; of a concurrent plugin the one that all share.
  func instance(of step: CompiledStep) throws(Diagnostic) -> PluginInstance {
    func make(threads: Int) throws(Diagnostic) -> PluginInstance {
      let host = HostTable(stage: step.stage, resources: plan.resources, catalogue: catalogue, log: log)
      do throws(Diagnostic) { return try PluginInstance(step, host: host, threads: threads) } catch {
        throw plan.withPlace(error)
      }
    }
    guard step.plugin.isConcurrent else { return try make(threads: 1) }
    let result: Result<PluginInstance, Diagnostic> = shared.withLock { shared in
      if let known = shared[step.index] { return .success(known) }
      do throws(Diagnostic) {
        let made = try make(threads: threads)
        shared[step.index] = made
        return .success(made)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

/// What one thread of a run has for itself.
final class WorkerContext {
  let run: RunContext
  let renderer = Renderer()
  let briefs: BriefWriter
  let localiser: Localiser
  private let urlBase: [UInt8]

  init(run: RunContext) {
    self.run = run
    briefs = BriefWriter(plan: run.plan)
    localiser = Localiser(plan: run.plan)
    urlBase = Array(run.plan.manifest.site.baseURL.utf8)
  }

  var plan: Plan { run.plan }

  /// Waits; false where the run was stopped meanwhile.
  func wait(seconds: Double) -> Bool {
    let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
    while !run.isCancelled {
      let now = monotonicNanoseconds()
      if now >= end { return true }
      usleep(UInt32(min(20_000, (end - now) / 1000 + 1)))
    }
    return false
  }

  func runner(for step: CompiledStep) throws(Diagnostic) -> StepRunner {
    StepRunner(
      step, instance: try run.instance(of: step), batchSize: run.batchSize,
      isCancelled: { [run] in run.isCancelled }, checkpoint: { [run] in run.checkpoint })
  }

  func scope(of brief: Value, locale: Int) -> Scope {
    plan.scope(of: brief, locale: plan.manifest.locales.supported[locale])
  }

  func pipelineSeed(_ pipeline: String) -> SeedHash {
    var hash = SeedHash(plan.manifest.seed)
    hash.combine(pipeline)
    return hash
  }

  /// A product of the catalogue in a locale; missing where there is none.
  func product(id: UnsafeBufferPointer<UInt8>, locale: Int) -> Value {
    guard let catalogue = run.catalogue, let index = catalogue.find(id) else { return .missing }
    return catalogue.variant(index, locale: locale)
  }

  /// Every product in a locale; missing where there is no catalogue.
  func catalogue(locale: Int) -> Value { run.catalogue?.all(locale: locale) ?? .missing }

  /// The products of a list of ids, each with what the list says of it: `reason`, `score`, `times`, and as `source` the
  /// product that it follows from.
  func products(listed list: Value, locale: Int, in builder: DocumentBuilder) -> Value {
    guard run.catalogue != nil else { return .missing }
    builder.beginArray()
    for entry in list.elements {
      let id = entry.kind == .object ? entry["id"] : entry
      let product = product(id: id.text, locale: locale)
      guard product.exists else { continue }
      builder.beginObject()
      for index in 0..<product.count {
        builder.key(product.key(at: index))
        builder.link(product[index])
      }
      for name in ["reason", "score", "times"] where entry[name].exists {
        builder.key(name)
        builder.link(entry[name])
      }
      let source = self.product(id: entry["source"].text, locale: locale)
      if source.exists {
        builder.key("source")
        builder.link(source)
      }
      builder.end()
    }
    builder.end()
    return builder.finishRoot()
  }

  /// Adds the members `path` and `url` of an output path.
  func writeLink(_ path: String, to builder: DocumentBuilder) {
    builder.key("path")
    builder.string(path)
    builder.key("url")
    builder.string(plan.url(of: path))
  }
}
