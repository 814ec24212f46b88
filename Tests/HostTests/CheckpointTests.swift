import Core
import Foundation
import Synchronization
import Testing

@testable import Host

struct CheckpointTests {
  private let workspace: Workspace
  private let letters = """
    manifest: 1
    name: letters
    plugins: { diary: { path: diary.so, trust: in-process } }
    inputs: { profiles: { path: people.jsonl } }
    pipelines: { letters: { stages: [ { id: letter, use: diary } ] } }
    assets: [ { slot: letter, path: "{{ profile.id }}.txt" } ]
    """
  private var log: String { "\(workspace.path)/out/.bespoke-checkpoint/checkpoint.log" }

  init() throws {
    workspace = try Workspace()
    let people = (0..<400).map { "{\"id\":\"p\($0)\",\"first_name\":\"Ida \($0)\"}" }
    try workspace.write("people.jsonl", people.joined(separator: "\n"))
  }

  /// Runs the letters until so many lines were logged, and then stops; nil to run to the end.
  private func run(stopAfter most: Int? = nil, _ configure: (inout GenerateOptions) -> Void = { _ in }) throws
    -> (report: RunReport, calls: Int)
  {
    if !FileManager.default.fileExists(atPath: "\(workspace.path)/diary.so") {
      _ = try FixturePlugin.build("diary", in: workspace, from: "stages")
    }
    final class Counter: Sendable {
      let calls = Mutex(0)
      let generation = Mutex<Generation?>(nil)
    }
    let counter = Counter()
    var options = GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: 2)
    configure(&options)
    options.log = { _ in
      let count = counter.calls.withLock { calls in
        calls += 1
        return calls
      }
      if let most, count >= most { counter.generation.withLock { $0 }?.interrupt() }
    }
    let generation = Generation(try workspace.plan(letters), options: options)
    counter.generation.withLock { $0 = generation }
    let report = try generation.run()
    counter.generation.withLock { $0 = nil }
    return (report, counter.calls.withLock { $0 })
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func anUnfinishedRunIsGoneOnWithAndNothingIsAskedTwice() throws {
    let first = try run(stopAfter: 150)
    #expect(first.report.isInterrupted)
    let written = try workspace.files(in: "out").filter { $0.key.hasSuffix(".txt") }
    let second = try run()
    #expect(second.report.isResumed)
    #expect(second.report.written == 400)
    #expect(!written.isEmpty && second.calls <= 400 - written.count)
    #expect(second.report.unchanged == written.count)
    for (name, content) in written { #expect(try workspace.files(in: "out")[name] == content) }
    #expect(
      try workspace.files(in: "out").keys.filter { !$0.hasSuffix(".txt") }.allSatisfy { $0.hasPrefix("provenance") })
    let third = try run()
    #expect(!third.report.isResumed)
    #expect(third.calls == 400)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func anUnfinishedRunOfAnotherPlanIsRefusedAndDiscardedOnDemand() throws {
    _ = try run(stopAfter: 150)
    let written = try workspace.files(in: "out").keys.filter { $0.hasSuffix(".txt") }
    try workspace.write("people.jsonl", "{\"id\":\"q\",\"first_name\":\"Quin\"}")
    let refusal = message { _ = try run() }
    #expect(refusal.contains("holds an unfinished run of another plan: input 'profiles' has changed"))
    #expect(refusal.contains("discard it with '--restart'"))
    let report = try run { $0.restarts = true }.report
    #expect(!report.isResumed)
    #expect(report.written == 1)
    #expect(Set(report.stale) == Set(written))
    #expect(try workspace.files(in: "out").keys.contains("q.txt"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aTornEndIsForgotten() throws {
    _ = try run(stopAfter: 150)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: log))
    for torn in [1, 9, 40, bytes.count - 5] {
      try bytes.dropLast(torn).write(to: URL(fileURLWithPath: log))
      let report = try run(stopAfter: 1).report
      #expect(report.isInterrupted)
    }
    #expect(try run().report.written == 400)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func damageInTheMiddleIsAnError() throws {
    _ = try run(stopAfter: 150)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: log))
    bytes[20] ^= 0xFF
    try bytes.write(to: URL(fileURLWithPath: log))
    let refusal = message { _ = try run() }
    #expect(refusal.contains("damaged checkpoint: '\(log)' is damaged at byte 0"))
    #expect(refusal.contains("begin anew with '--restart'"))
    #expect(try run { $0.restarts = true }.report.written == 400)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aRunThatEndedByBadInputDoesNotStandInTheWayOfTheMendedOne() throws {
    try workspace.write("people.jsonl", "{\"id\":\"p0\",\"first_name\":\"Ida\"}\nnot json")
    #expect(message { _ = try run { $0.isStrict = true } }.contains("people.jsonl:2"))
    try workspace.write("people.jsonl", "{\"id\":\"p1\",\"first_name\":\"Ida\"}")
    let report = try run { $0.isStrict = true }.report
    #expect(report.written == 1 && !report.isResumed)
  }

  @Test func entriesAreReadAsTheyWereWritten() throws {
    var call = RememberedCall()
    call.slots = [(0, .text(Array("a\0ü".utf8))), (3, .json(Array("[1,2]".utf8)))]
    call.notes = [OutputItem.Note(port: 1, key: "k", value: "v\n")]
    let read = call.bytes.withUnsafeBufferPointer { RememberedCall($0) }
    #expect(read.bytes == call.bytes)
    #expect(read.skipReason == nil && read.slots.count == 2 && read.notes.first?.value == "v\n")
    var skipped = RememberedCall()
    skipped.skipReason = ""
    #expect(skipped.bytes.withUnsafeBufferPointer { RememberedCall($0) }.skipReason == "")
  }

  /// Whatever the bytes are: they are read, or refused in words.
  @Test(arguments: 0..<20) func anyBytesAreSurvived(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var log = CheckpointEntries.entry(.plan, Array("{}".utf8)) + CheckpointEntries.entry(.paths, Array("a\nb".utf8))
    log += CheckpointEntries.entry(.call, Array(repeating: 7, count: 60))
    for _ in 0..<500 {
      var changed = log
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<changed.count, using: &random)
        if Bool.random(using: &random) {
          changed[place] = UInt8.random(in: 0...255, using: &random)
        } else {
          changed.remove(at: place)
        }
      }
      let refusal = message {
        _ = try changed.withUnsafeBufferPointer { try CheckpointEntries($0, path: "log", toleratesDamage: false) }
      }
      #expect(refusal == "nothing was thrown" || refusal.contains("'log' is damaged at byte"))
    }
  }
}
