import Core

/// What a run did, in numbers and first examples.
public struct RunReport: Sendable {
  /// Something that happened several times.
  public struct Tally: Sendable, Equatable {
    /// How often.
    public var count = 0
    /// The first few, for people.
    public var examples: [String] = []

    mutating func add(_ example: @autoclosure () -> String) {
      count += 1
      if examples.count < 3 { examples.append(example()) }
    }
  }

  /// What became of one feed.
  public struct Feed: Sendable {
    /// Its kind.
    public let kind: String
    /// Its file, relative to the output folder.
    public let path: String
    /// Items written.
    public let items: Int
    /// What was left out or repaired, by reason.
    public let notes: [(reason: String, count: Int, examples: [String])]
  }

  /// A value that a template asked for and did not get.
  public struct Gap: Sendable, Hashable {
    /// The template's name.
    public let template: String
    /// How the template names the value.
    public let variable: String
    /// Whether a `default` stood in for it; otherwise nothing was printed.
    public let fellBack: Bool
  }

  /// Profiles (or products, where a run is over products alone) by the pipeline they took.
  public internal(set) var routed: [String: Int] = [:]
  /// Profiles whose locale is not supported, nor one of its language, by that locale: they got the default's.
  public internal(set) var unsupportedLocales: [String: Tally] = [:]
  /// Assets written, by slot.
  public internal(set) var assets: [String: Int] = [:]
  /// Assets whose files held the same bytes before, and were left alone.
  public internal(set) var unchanged = 0
  /// Assets of former runs that this one did not make, at most `mostStaleShown` of them, sorted as provenance names them.
  public internal(set) var stale: [String] = []
  /// How many assets of former runs this one did not make.
  public internal(set) var staleCount = 0
  /// How many of them were removed.
  public internal(set) var pruned = 0
  /// Why stale assets were kept although they were to be removed; nil where they were not.
  public internal(set) var prunedNothing: String?
  /// Whether the run went on with one that had not been finished.
  public internal(set) var isResumed = false
  /// How many stale assets are named.
  public static let mostStaleShown = 1000
  /// Bytes of all assets.
  public internal(set) var bytes = 0
  /// Briefs that failed, by stage and reason.
  public internal(set) var failures: [String: Tally] = [:]
  /// Briefs that a stage skipped, by stage and reason.
  public internal(set) var skips: [String: Tally] = [:]
  /// Slots of optional stages that stayed empty, by stage and reason.
  public internal(set) var emptied: [String: Tally] = [:]
  /// Values that templates of written assets asked for and did not get.
  public internal(set) var gaps: [Gap: Tally] = [:]
  /// What plugins warn of in slots of written assets, by slot and warning.
  public internal(set) var warnings: [String: Tally] = [:]
  /// How often a stage was filled by another alternative than its first: by "stage: plugin".
  public internal(set) var fallbacks: [String: Int] = [:]
  /// Alternatives that were passed over, by "stage: plugin: reason".
  public internal(set) var passedOver: [String: Tally] = [:]
  /// Calls that were made again, by stage.
  public internal(set) var retries: [String: Int] = [:]
  /// Assets that were not written because another brief had the same path.
  public internal(set) var collisions = Tally()
  /// Feeds written.
  public internal(set) var feeds: [Feed] = []
  /// What was wrong with each input, by its name.
  public internal(set) var inputs: [(name: String, rows: Int, dirt: DirtReport)] = []
  /// Wall time, in seconds.
  public internal(set) var seconds = 0.0
  /// Whether the run was stopped before its end.
  public internal(set) var isInterrupted = false

  /// Number of briefs that failed.
  public var failed: Int { failures.values.reduce(0) { $0 + $1.count } + collisions.count }
  /// Number of assets written.
  public var written: Int { assets.values.reduce(0, +) }
}

extension RunReport {
  /// The key of the note with which a stage tells what its template missed, one value a line: `default` or `empty`, the
  /// variable, the template.
  static let gapsKey = "gaps"
  /// The key of the note with which a stage warns of what it wrote.
  static let warningKey = "warning"

  /// Counts the gaps of one brief.
  mutating func add(gaps note: String, of brief: String) {
    for line in note.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3 else { continue }
      let gap = Gap(template: String(parts[2]), variable: String(parts[1]), fellBack: parts[0] == "default")
      gaps[gap, default: .init()].add(brief)
    }
  }
}

extension RunReport.Feed {
  init(_ spec: Manifest.FeedSpec, _ summary: FeedSummary) {
    self.init(
      kind: spec.kind, path: spec.path, items: summary.written,
      notes: (summary.skipped.map { ("left out: \($0.reason)", $0.count, $0.examples) }
        + summary.repaired.map { ("repaired: \($0.reason)", $0.count, $0.examples) }))
  }
}
