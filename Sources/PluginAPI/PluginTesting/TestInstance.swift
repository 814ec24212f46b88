import CPluginABI
import PluginAPI

/// An instance of a plugin in a test host.
///
/// It is destroyed with the last reference. For one thread at a time.
public final class TestInstance {
  private let host: TestHost
  private let plugin: UnsafePointer<bespoke_plugin_v1>
  private let instance: UnsafeMutableRawPointer
  private let config: TestDocument
  private let ports: [String: PluginInfo.Kind]
  // What earlier calls lent: kept, poisoned, so that late questions are found out.
  private var lentDocuments: [TestDocument] = []
  private var lentOutputs: [TestOutput] = []

  init(
    host: TestHost, plugin: UnsafePointer<bespoke_plugin_v1>, config: String, stage: String, threads: Int,
    memoryLimit: UInt64
  ) throws {
    let document = try TestDocument(name: "the config", json: config, misuses: host.misusesFound)
    let errors = TestOutput(ports: ["": .text], misuses: host.misusesFound)
    ports = try Self.ports(plugin)
    var made: UnsafeMutableRawPointer?
    var stage = stage
    let status = stage.withUTF8 { stage in
      var with = bespoke_create_v1(
        host: host.table, config: document.root, stage: bespoke_str(stage), slot: bespoke_str(stage),
        threads: UInt32(max(1, threads)), reserved: 0, memory_limit_bytes: memoryLimit, errors: errors.pointer)
      return plugin.pointee.create(plugin.pointee.ctx, &with, &made)
    }
    if status != statusOK {
      document.poison()
      errors.finish()
      throw Self.failure(status, errors)
    }
    guard let made else { throw TestError("create answered ok without an instance") }
    self.host = host
    self.plugin = plugin
    instance = made
    self.config = document
    lentOutputs = [errors]
    if let table = plugin.pointee.extension(plugin.pointee.ctx, BESPOKE_WARM_UP) {
      let status = table.assumingMemoryBound(to: bespoke_warm_up_v1.self).pointee.warm_up(made, errors.pointer)
      if status != statusOK { throw Self.failure(status, errors) }
    }
    errors.finish()
  }

  deinit {
    plugin.pointee.destroy(instance)
    config.poison()
  }

  /// Runs one request; see `process(_:)` of several.
  ///
  /// - Throws: as `process(_:)` of several.
  public func process(_ request: TestRequest) throws -> TestResult {
    try process([request])[0]
  }

  /// Runs requests in one call and returns a result for each.
  ///
  /// - Throws: `PluginError` where the whole batch failed; `TestError` where the plugin broke the contract by now, or a
  ///   brief is not JSON.
  public func process(_ requests: [TestRequest]) throws -> [TestResult] {
    let documents = try requests.enumerated().map { index, request in
      try TestDocument(name: "brief \(index)", json: request.brief, misuses: host.misusesFound)
    }
    let outputs = requests.map {
      TestOutput(ports: ports, misuses: host.misusesFound, cancelAfter: $0.cancelAfter)
    }
    lentDocuments += documents
    lentOutputs += outputs
    let raw = zip(requests, documents).map { request, document in
      bespoke_request_v1(brief: document.root, seed: request.seed, deadline_ns: request.deadline)
    }
    let outs = outputs.map { OptionalOut(pointer: $0.pointer) }
    // A number that no plugin sets: an item left out is found by it.
    var statuses = [bespoke_status](repeating: .min, count: requests.count)
    let status = outs.withUnsafeBytes { outs in
      plugin.pointee.process(
        instance, raw, outs.baseAddress?.assumingMemoryBound(to: OpaquePointer?.self), &statuses, UInt32(raw.count))
    }
    for output in outputs { output.finish() }
    for document in documents { document.poison() }
    if status != statusOK { throw Self.failure(status, outputs.first { $0.failure != nil }) }
    for index in statuses.indices where statuses[index] == .min {
      host.misusesFound.add("the status of item \(index) was not set")
    }
    let misuses = host.misuses
    guard misuses.isEmpty else { throw TestError("against the contract: \(misuses.joined(separator: "; "))") }
    return zip(outputs, statuses).map { output, status in
      let isDone = status == statusOK && output.failure == nil
      return TestResult(
        slots: output.slots, notes: output.notes, failure: isDone ? nil : Self.failure(status, output))
    }
  }

  /// A pointer in the layout of the ABI's array of outputs.
  private struct OptionalOut { let pointer: OpaquePointer? }

  /// The status in words; what the sink refused weighs as much as a status.
  static func failure(_ status: bespoke_status, _ output: TestOutput?) -> PluginError {
    var failure = output?.failure ?? PluginError(.internal, "no reason was given")
    if status != statusOK { failure.code = PluginError.Code(rawValue: status) ?? .internal }
    return failure
  }

  /// The ports that `describe` lists.
  private static func ports(_ plugin: UnsafePointer<bespoke_plugin_v1>) throws(TestError) -> [String: PluginInfo.Kind] {
    let document = try TestDocument(
      name: "describe", json: String(cString: plugin.pointee.describe), misuses: Misuses())
    return try withExtendedLifetime(document) { () throws(TestError) in
      let writes = Value(document.root, TestAccessors.table)["writes"]
      var ports: [String: PluginInfo.Kind] = [:]
      for index in 0..<writes.count {
        guard let kind = writes[index]["kind"].string.flatMap(PluginInfo.Kind.init) else {
          throw TestError("describe: a port has no kind that is known")
        }
        ports[writes[index]["name"].string ?? ""] = kind
      }
      guard !ports.isEmpty else { throw TestError("describe: lists nothing under 'writes'") }
      return ports
    }
  }
}
