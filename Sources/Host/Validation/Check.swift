import Core

/// One thing that must hold of every plugin; run in a process of its own.
struct Check: Sendable {
  /// What the command line calls it.
  let name: String
  /// Whether it can only be run on a plugin of which instances can be made.
  var needsInstance = true
  /// How often it may be tried: what looks at a clock gets a second chance on a busy machine.
  var attempts = 1
  /// Whether it is run in two processes, which must find the same.
  var isRepeated = false
  /// Answers what it found, in words, or throws `Fault` or `Skip`.
  let run: @Sendable (CheckContext) throws -> String

  /// What does not hold.
  struct Fault: Error {
    let detail: String
    var help: String?

    init(_ detail: String, help: String? = nil) {
      self.detail = detail
      self.help = help
    }
  }

  /// Why there is nothing to check.
  struct Skip: Error {
    let detail: String
  }

  /// In the order in which they are run: what later ones need comes first.
  static let all: [Check] = [
    .loads, .loadTime, .describe, .symbols, .libraries, .entry, .extensions, .create, .options, .oddValues, .statuses,
    .ports,
    .outputs, .batches, .repeatable, .interleaved, .cancel, .deadline, .memory, .quiet, .leftovers, .selfTest,
  ]
}

/// What a check works with, in its process.
final class CheckContext {
  let file: String
  private let input: TrialInput
  private let seed: UInt64
  /// How long the check may take.
  let seconds: Double
  private let tell: (String) -> Void
  private var known: (plugin: LoadedPlugin, trial: Trial?)?

  /// - Parameter tell: takes what the check is about to do, for the case that it does not survive it.
  init(file: String, input: TrialInput, seed: UInt64, seconds: Double, tell: @escaping (String) -> Void) {
    self.file = file
    self.input = input
    self.seed = seed
    self.seconds = seconds
    self.tell = tell
  }

  var random: SeededRandom { SeededRandom(seed: seed) }

  func note(_ words: String) { tell(words) }

  func plugin() throws -> LoadedPlugin {
    if let known { return known.plugin }
    let plugin = try LoadedPlugin(path: file)
    known = (plugin, nil)
    return plugin
  }

  func trial() throws -> Trial {
    let plugin = try plugin()
    if let trial = known?.trial { return trial }
    let trial = try Trial(plugin: plugin, input: input, inventsOptions: true)
    known = (plugin, trial)
    return trial
  }

  func probe() throws -> Probe { try trial().probe() }

  /// Requests that differ, and the documents that they lie in, which must be kept.
  func requests(_ count: Int) throws -> (requests: [Probe.Request], documents: [Document]) {
    var random = random
    let documents = SampleBrief.variants(of: try trial().brief.root, count: count, random: &random)
    return (documents.map { Probe.Request(brief: $0.root, seed: random.next()) }, documents)
  }
}
