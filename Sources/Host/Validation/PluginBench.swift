import CPluginABI
public import Core

/// How long a plugin takes for a request, in this process, the host's copying of its output included.
public struct PluginBench {
  /// The time for one size of batch.
  public struct Row: Sendable {
    /// Requests of a call.
    public let batch: Int
    /// The least of several sweeps.
    public let nanosecondsPerRequest: Double
    /// Bytes that a request wrote, on average.
    public let bytesPerRequest: Double
  }

  /// One row for each size of batch.
  public let rows: [Row]

  /// Measures for about a second.
  ///
  /// - Throws: `Diagnostic` where a file cannot be used, no instance can be made, or the plugin fails on the brief.
  public init(_ plugin: LoadedPlugin, input: TrialInput, seed: UInt64) throws(Diagnostic) {
    let trial = try Trial(plugin: plugin, input: input, inventsOptions: true)
    let probe = try trial.probe()
    let answer = probe.process([Probe.Request(brief: trial.brief.root, seed: seed)]).answers.first
    guard let answer, answer.status == Status.ok.rawValue, answer.failure == nil else {
      let status = answer.map { statusName($0.status) } ?? "nothing"
      throw Diagnostic(
        "nothing to measure",
        "'\(plugin.shortName)' answers \(status)\(answer?.failure.map { ": \($0)" } ?? "")",
        help: "give a brief that it can use with --brief FILE")
    }
    rows = [1, 16, 256].map { Self.measure(batch: $0, trial, probe, seed: seed) }
  }

  /// Makes requests one by one: some to warm up, then as many again between two looks at a counter.
  ///
  /// - Throws: `Diagnostic` where a file cannot be used, or no instance can be made.
  static func repeatRequests(
    _ count: Int, _ plugin: LoadedPlugin, input: TrialInput, seed: UInt64, counter: () -> UInt64,
    done: (_ before: UInt64, _ count: Int) -> Void
  ) throws(Diagnostic) {
    let trial = try Trial(plugin: plugin, input: input, inventsOptions: true)
    let probe = try trial.probe()
    let texts = DocumentBuilder()
    let item = OutputItem(
      ports: plugin.description.writes, texts: texts, limit: StepRunner.slotLimit, isCancelled: { false })
    var statuses = [Status.ok.rawValue]
    let requests = [bespoke_request_v1(brief: trial.brief.root.raw, seed: seed, deadline_ns: 0)]
    let outs: [OpaquePointer?] = [item.pointer]
    func run() {
      for _ in 0..<count {
        texts.reset()
        item.reset()
        _ = probe.call(requests, outs, &statuses)
      }
    }
    run()
    let before = counter()
    run()
    done(before, count)
    withExtendedLifetime((item, trial)) {}
  }

  private static func measure(batch: Int, _ trial: Trial, _ probe: Probe, seed: UInt64) -> Row {
    let count = 256
    let texts = DocumentBuilder()
    let items = (0..<count).map { _ in
      OutputItem(
        ports: trial.plugin.description.writes, texts: texts, limit: StepRunner.slotLimit, isCancelled: { false })
    }
    let calls = stride(from: 0, to: count, by: batch).map { start in
      (start..<start + batch).map {
        bespoke_request_v1(brief: trial.brief.root.raw, seed: seed &+ UInt64($0), deadline_ns: 0)
      }
    }
    let outs = stride(from: 0, to: count, by: batch).map { start in
      items[start..<start + batch].map { $0.pointer as OpaquePointer? }
    }
    var statuses = [bespoke_status](repeating: Status.ok.rawValue, count: batch)
    var best = UInt64.max
    let end = monotonicNanoseconds() + 300_000_000
    var sweeps = 0
    while sweeps < 5 || monotonicNanoseconds() < end {
      sweeps += 1
      texts.reset()
      for item in items { item.reset() }
      let start = monotonicNanoseconds()
      for index in calls.indices { _ = probe.call(calls[index], outs[index], &statuses) }
      best = min(best, monotonicNanoseconds() - start)
    }
    return withExtendedLifetime((items, trial)) {
      Row(
        batch: batch, nanosecondsPerRequest: Double(best) / Double(count),
        bytesPerRequest: Double(texts.byteCount) / Double(count))
    }
  }
}
