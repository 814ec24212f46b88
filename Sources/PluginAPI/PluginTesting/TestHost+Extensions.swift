import CPluginABI
public import PluginAPI

extension TestHost {
  /// Runs the cases that a plugin ships and returns what went otherwise than they say, in words; empty when all is well.
  ///
  /// - Throws: `TestError` where a case is not JSON or the plugin broke the contract.
  public func selfTestFaults<P: SelfTestingPlugin>(of type: P.Type) throws -> [String] {
    guard let plugin = export(type, to: Self.entryTable) else { throw TestError("the plugin refused the host") }
    return try selfTestFaults(of: plugin)
  }

  /// Runs the cases that a plugin ships, given the table that its entry function answered.
  ///
  /// - Throws: `TestError`, also where the plugin ships none.
  public func selfTestFaults(of plugin: PluginTable) throws -> [String] {
    guard let found = plugin.pointee.extension(plugin.pointee.ctx, BESPOKE_SELF_TEST) else {
      throw TestError("the plugin ships no self-tests")
    }
    let tests = found.assumingMemoryBound(to: bespoke_self_test_v1.self)
    var faults: [String] = []
    for index in 0..<tests.pointee.count(plugin.pointee.ctx) {
      let test = tests.pointee.at(plugin.pointee.ctx, index)
      let name = String(decoding: test.name.buffer, as: UTF8.self)
      let config = String(decoding: test.config.buffer, as: UTF8.self)
      let result = try instance(plugin, config: config).process(
        TestRequest(String(decoding: test.brief.buffer, as: UTF8.self), seed: test.seed))
      if let failure = result.failure { faults.append("case '\(name)' failed: \(failure.message)") }
      let expected = try TestDocument(
        name: "case '\(name)'", json: String(decoding: test.expect.buffer, as: UTF8.self), misuses: Misuses())
      withExtendedLifetime(expected) {
        let ports = Value(expected.root, TestAccessors.table)
        for member in 0..<ports.count {
          let port = String(decoding: ports.key(at: member), as: UTF8.self)
          let text = ports[member].string ?? ""
          if result[port] != text {
            faults.append("case '\(name)', port '\(port)': expected '\(text)', got '\(result[port] ?? "nothing")'")
          }
        }
      }
    }
    return faults
  }

  /// Trains, and returns the steps of progress as "STEP/TOTAL METRIC VALUE".
  ///
  /// Draft, as `TrainingPlugin` is.
  ///
  /// - Parameters:
  ///   - config: the options as JSON text.
  ///   - output: path of the file to make; removing it is the caller's matter.
  ///   - cancelAfter: how often the plugin may ask whether it is cancelled before the answer is yes; nil for never.
  /// - Throws: `PluginError` as training failed with it; `TestError` where the options are not JSON.
  public func train<P: TrainingPlugin>(
    _ type: P.Type, config: String = "{}", inputs: [String], output: String, seed: UInt64 = 0, threads: Int = 1,
    cancelAfter: Int? = nil
  ) throws -> [String] {
    guard let plugin = export(type, to: Self.entryTable),
      let found = plugin.pointee.extension(plugin.pointee.ctx, BESPOKE_TRAIN)
    else { throw TestError("the plugin refused the host") }
    let document = try TestDocument(name: "the training config", json: config, misuses: misusesFound)
    let report = TestOutput(ports: ["": .text], misuses: misusesFound, cancelAfter: cancelAfter)
    let progress = Progress(report: report)
    let lentInputs = inputs.map(LentText.init)
    let lentOutput = LentText(output)
    let status = lentInputs.map(\.text).withUnsafeBufferPointer { inputs in
      var request = bespoke_train_request_v1(
        host: table, config: document.root, inputs: inputs.baseAddress, input_count: UInt32(inputs.count),
        threads: UInt32(max(1, threads)), output: lentOutput.text, seed: seed,
        progress_ctx: Unmanaged.passUnretained(progress).toOpaque(),
        progress: { ctx, step, total, metric, value in
          Progress.from(ctx)?.steps.append(
            "\(step)/\(total) \(String(decoding: metric.buffer, as: UTF8.self)) \(value)")
        },
        cancelled: { ctx in Progress.from(ctx)?.report.isCancelled() == true ? 1 : 0 }, report: report.pointer)
      return found.assumingMemoryBound(to: bespoke_train_v1.self).pointee.train(plugin.pointee.ctx, &request)
    }
    report.finish()
    document.poison()
    return try withExtendedLifetime((progress, lentInputs, lentOutput)) {
      if status != statusOK { throw TestInstance.failure(status, report) }
      return progress.steps
    }
  }

  /// What a plugin tells of a file, as compact JSON.
  ///
  /// Draft, as `InspectablePlugin` is.
  ///
  /// - Parameter config: what is asked, as JSON text.
  /// - Throws: `PluginError` as inspecting failed with it; `TestError` where the config is not JSON.
  public func inspect<P: InspectablePlugin>(
    _ type: P.Type, config: String = "{}", name: String = "file", bytes: [UInt8]
  ) throws -> String {
    guard let plugin = export(type, to: Self.entryTable),
      let found = plugin.pointee.extension(plugin.pointee.ctx, BESPOKE_INSPECT)
    else { throw TestError("the plugin refused the host") }
    let document = try TestDocument(name: "the inspection config", json: config, misuses: misusesFound)
    let output = TestOutput(ports: ["": .json], misuses: misusesFound)
    let lentName = LentText(name)
    let status = bytes.withUnsafeBufferPointer { bytes in
      var request = bespoke_inspect_request_v1(
        host: table, config: document.root, name: lentName.text, bytes: bytes.baseAddress, length: bytes.count)
      return found.assumingMemoryBound(to: bespoke_inspect_v1.self).pointee.inspect(
        plugin.pointee.ctx, &request, output.pointer)
    }
    output.finish()
    document.poison()
    return try withExtendedLifetime(lentName) {
      guard status == statusOK, output.failure == nil, case .json(let text) = output.slots[""] else {
        throw TestInstance.failure(status, output)
      }
      return text
    }
  }
}

/// What a training run reports; for one thread.
private final class Progress {
  var steps: [String] = []
  let report: TestOutput

  init(report: TestOutput) { self.report = report }

  static func from(_ ctx: UnsafeMutableRawPointer?) -> Progress? {
    ctx.map { Unmanaged<Progress>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// A text in memory that stays where it is as long as this object.
private final class LentText {
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    bytes = .allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
  }

  deinit { bytes.deallocate() }

  var text: bespoke_str { bespoke_str(UnsafeBufferPointer(bytes)) }
}
