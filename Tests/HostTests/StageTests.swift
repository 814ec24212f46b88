import Core
import Foundation
import Host
import Synchronization
import Testing

/// How a stage deals with plugins that are away, slow or never done.
@Suite(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"), .timeLimit(.minutes(2)))
struct StageTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("templates/plain.liquid", "plain {{ profile.id }}")
  }

  /// A manifest whose stage `text` takes a fixture, then a template.
  private func manifest(_ fixture: String, _ keys: String) throws -> String {
    let path = try FixturePlugin.build(fixture, in: workspace, from: "stages")
    return """
      manifest: 1
      name: stages
      inputs: { profiles: { inline: [ { id: a, first_name: Ada }, { id: b, first_name: Bo } ] } }
      plugins: { fixture: { path: \(path), trust: in-process } }
      pipelines:
        all:
          stages:
            - { id: text, use: fixture, \(keys) otherwise: { use: template-filler, with: { template: plain.liquid } } }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      """
  }

  @Test func aPluginThatIsAwayIsCalledAgain() throws {
    // Each profile of a manifest is a piece of work of its own; the fixture counts its calls, so one thread takes them.
    let report = try workspace.generate(
      manifest("moody", "retries: 2, retry_delay_seconds: 0.01,"), threads: 1)
    #expect(report.retries == ["text": 2])
    #expect(report.fallbacks.isEmpty && report.passedOver.isEmpty)
    #expect(try workspace.read("out/a.txt") == "Hello, Ada")
  }

  @Test func aPluginThatStaysAwayIsPassedOver() throws {
    let report = try workspace.generate(manifest("moody", "retries: 1, retry_delay_seconds: 0,"), threads: 1)
    #expect(report.retries == ["text": 1])
    #expect(report.fallbacks == ["text: template-filler": 1])
    #expect(report.passedOver["text: fixture: the server is away (unavailable)"]?.examples == ["profile 'a'"])
    #expect(try workspace.read("out/a.txt") == "plain a")
    #expect(try workspace.read("out/b.txt") == "Hello, Bo")
    let entry = try ProvenanceFile(folder: "\(workspace.path)/out").entry(of: "a.txt")
    withExtendedLifetime(entry) {
      let stage = entry.root["stages"][0]
      #expect(stage["alternative"].int == 1)
      #expect(stage["passed_over"][0]["plugin"].string == "com.example.fixture")
      #expect(stage["passed_over"][0]["reason"].string == "the server is away (unavailable)")
    }
  }

  @Test func withoutRetriesNothingIsCalledAgain() throws {
    let report = try workspace.generate(manifest("moody", ""), threads: 1)
    #expect(report.retries.isEmpty)
    #expect(report.fallbacks == ["text: template-filler": 2])
  }

  @Test func onlyAStatusThatAsksForItIsTriedAgain() throws {
    let report = try workspace.generate(manifest("endless", "retries: 3, timeout_seconds: 0.01,"))
    #expect(report.retries.isEmpty)
  }

  @Test func theDeadlineReachesThePluginAndIsCounted() throws {
    let report = try workspace.generate(manifest("endless", "timeout_seconds: 0.01,"))
    #expect(report.fallbacks == ["text: template-filler": 2])
    #expect(report.passedOver["text: fixture: the deadline passed (deadline)"]?.count == 2)
    #expect(try workspace.read("out/a.txt") == "plain a")
  }

  @Test func aStoppedRunReachesThePlugin() throws {
    let manifest = try manifest("endless", "")
    let running = Mutex<Generation?>(nil)
    var options = GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: 2)
    // The plugin would never end by itself.
    options.log = { line in if line.contains("begun") { running.withLock { $0?.interrupt() } } }
    let generation = Generation(try workspace.plan(manifest), options: options)
    running.withLock { $0 = generation }
    let report = try generation.run()
    running.withLock { $0 = nil }
    #expect(report.isInterrupted)
    // No fallback stands in for a plugin that was told to stop.
    #expect(report.written == 0)
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/out/a.txt"))
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/out/provenance.jsonl"))
  }

  @Test(arguments: [
    ("retries: 11,", "'retries' must be a number in 0...10, got 11"),
    ("retries: 1.5,", "'retries' must be a whole number, got 1.5"),
    ("retry_delay_seconds: 1,", "'retry_delay_seconds' is of no use without 'retries'"),
  ])
  func aManifestSaysWhatIsWrongWithItsRetries(keys: String, expected: String) {
    let text = """
      manifest: 1
      name: m
      pipelines: { all: { stages: [ { id: text, \(keys) use: template-filler } ] } }
      """
    #expect(message { _ = try Manifest(path: "m.yaml", text: text) }.contains(expected))
  }
}
