import CPluginABI
import PluginAPI
import PluginTesting
import Testing

struct ExtensionTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

  @Test func onlyWhatAPluginConformsToIsOffered() throws {
    func ids<P: Plugin>(_ type: P.Type) throws -> [String] {
      let table = try #require(export(type, to: host.table))
      let all = [BESPOKE_CONCURRENT, BESPOKE_WARM_UP, BESPOKE_SELF_TEST, BESPOKE_TRAIN, BESPOKE_INSPECT, "x/1"]
      return all.filter { table.pointee.extension(table.pointee.ctx, $0) != nil }
    }
    #expect(try ids(Hoarder.self) == [])
    #expect(try ids(Counter.self) == all)
  }

  private let all = [BESPOKE_CONCURRENT, BESPOKE_WARM_UP, BESPOKE_SELF_TEST, BESPOKE_TRAIN, BESPOKE_INSPECT]

  @Test func theTableOfATypeIsAlwaysTheSame() {
    #expect(export(Counter.self, to: host.table) == export(Counter.self, to: host.table))
    #expect(export(Counter.self, to: host.table) != export(Hoarder.self, to: host.table))
    #expect(export(Counter.self, to: nil) == nil)
  }

  @Test func aConcurrentPluginSaysHowManyCallsItBears() throws {
    let table = try #require(export(Counter.self, to: host.table))
    let found = try #require(table.pointee.extension(table.pointee.ctx, BESPOKE_CONCURRENT))
    #expect(found.assumingMemoryBound(to: bespoke_concurrent_v1.self).pointee.most_calls == 3)
  }

  @Test func warmingUpComesBeforeTheFirstRequest() throws {
    #expect(try host.instance(of: Counter.self).process("{}").text == "warm")
  }

  @Test func selfTestsAreRun() throws {
    #expect(
      try host.selfTestFaults(of: Counter.self) == ["case 'wrong', port '': expected 'cold', got 'warm'"])
  }

  @Test func trainingReportsItsProgress() throws {
    let steps = try host.train(
      Counter.self, config: #"{"steps":2}"#, inputs: ["a", "b"], output: "unused", seed: 9, threads: 3)
    #expect(steps == ["0/2 loss 1.0", "1/2 loss 0.5"])
    #expect(host.log == [.init(.info, #"["a", "b"] unused 9 3"#)])
  }

  @Test func trainingCanBeCancelled() throws {
    let error = try #require(throws: PluginError.self) {
      try host.train(Counter.self, config: #"{"steps":9}"#, inputs: [], output: "", cancelAfter: 1)
    }
    #expect(error.code == .cancelled)
  }

  @Test func aFileIsInspected() throws {
    #expect(try host.inspect(Counter.self, bytes: Array("CNT!".utf8)) == #"{"format":"count","bytes":4}"#)
    let error = try #require(throws: PluginError.self) { try host.inspect(Counter.self, name: "m", bytes: []) }
    #expect(error.code == .input)
    #expect(error.message == "'m' is not a count")
  }
}

/// A plugin with every optional interface.
private final class Counter: ConcurrentPlugin, WarmUpPlugin, SelfTestingPlugin, TrainingPlugin, InspectablePlugin,
  @unchecked Sendable
{
  // Warming up is over before the first request; hence the unchecked conformance.
  static let info = PluginInfo(id: "com.example.counter", version: "1.0.0")
  static let selfTests = [
    SelfTest("right", brief: "{}", expect: ["": "warm"]), SelfTest("wrong", brief: "{}", expect: ["": "cold"]),
  ]
  static let mostCalls = 3
  static let trainingConfig = #"{"type":"object","properties":{"steps":{"type":"integer"}}}"#
  private var isWarm = false

  init(_ setup: Setup) throws {}

  func warmUp() throws { isWarm = true }

  func process(_ request: Request, into output: Output) throws { output.write(isWarm ? "warm" : "cold") }

  static func train(_ run: TrainingRun) throws {
    run.host.log(.info, "\(run.inputs) \(run.output) \(run.seed) \(run.threads)")
    let steps = UInt64(run.config["steps"].int ?? 0)
    for step in 0..<steps {
      if run.isCancelled { throw PluginError(.cancelled, "stopped") }
      run.progress(step: step, of: steps, metric: "loss", 1 / Double(step + 1))
    }
  }

  static func inspect(_ file: InspectedFile, into output: Output) throws {
    guard file.bytes.starts(with: "CNT".utf8) else { throw PluginError(.input, "'\(file.name)' is not a count") }
    output.open(.json).object {
      $0.member("format", "count")
      $0.member("bytes", file.bytes.count)
    }
  }
}
