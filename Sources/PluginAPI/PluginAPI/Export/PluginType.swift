import CPluginABI

/// A plugin type without its generic parameter, which no C function could carry; the `ctx` of its table.
class PluginType {
  let extensions: ExtensionTables
  /// The cases that the plugin ships; their texts live as long as the process.
  let selfTests: UnsafeBufferPointer<bespoke_self_test_case_v1>

  fileprivate init(extensions: ExtensionTables, selfTests: [SelfTest]) {
    self.extensions = extensions
    let cases = UnsafeMutableBufferPointer<bespoke_self_test_case_v1>.allocate(capacity: selfTests.count)
    for (index, test) in selfTests.enumerated() {
      cases.initializeElement(
        at: index,
        to: bespoke_self_test_case_v1(
          name: permanentText(test.name), config: permanentText(test.config), brief: permanentText(test.brief),
          expect: permanentText(test.expectation), seed: test.seed))
    }
    self.selfTests = UnsafeBufferPointer(cases)
  }

  static func from(_ ctx: UnsafeMutableRawPointer?) -> PluginType? {
    ctx.map { Unmanaged<PluginType>.fromOpaque($0).takeUnretainedValue() }
  }

  func create(_ with: bespoke_create_v1, _ instance: UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> bespoke_status {
    PluginError.Code.internal.status
  }
  func train(_ request: bespoke_train_request_v1) -> bespoke_status { PluginError.Code.unsupported.status }
  func inspect(_ request: bespoke_inspect_request_v1, _ out: OpaquePointer) -> bespoke_status {
    PluginError.Code.unsupported.status
  }
}

final class TypeBox<P: Plugin>: PluginType {
  init() {
    super.init(
      extensions: ExtensionTables(of: P.self), selfTests: (P.self as? any SelfTestingPlugin.Type)?.selfTests ?? [])
  }

  override func create(
    _ with: bespoke_create_v1, _ instance: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) -> bespoke_status {
    guard let host = with.host, let errors = with.errors else { return PluginError.Code.internal.status }
    let setup = Setup(
      config: Value(with.config, host.pointee.access), host: HostServices(host),
      stage: String(decoding: with.stage.buffer, as: UTF8.self),
      slot: String(decoding: with.slot.buffer, as: UTF8.self),
      threads: Int(with.threads), memoryLimit: with.memory_limit_bytes)
    return barrier(Output(errors, host.pointee.sink)) {
      let made = PluginInstance(plugin: try P(setup), host: host) as Instance
      instance.pointee = Unmanaged.passRetained(made).toOpaque()
    }
  }

  override func train(_ request: bespoke_train_request_v1) -> bespoke_status {
    guard let type = P.self as? any TrainingPlugin.Type, let report = request.report, let run = TrainingRun(request)
    else { return PluginError.Code.unsupported.status }
    return barrier(Output(report, run.host.host.pointee.sink)) { try type.train(run) }
  }

  override func inspect(_ request: bespoke_inspect_request_v1, _ out: OpaquePointer) -> bespoke_status {
    guard let type = P.self as? any InspectablePlugin.Type, let file = InspectedFile(request) else {
      return PluginError.Code.unsupported.status
    }
    let output = Output(out, file.host.host.pointee.sink)
    return barrier(output) { try type.inspect(file, into: output) }
  }
}
