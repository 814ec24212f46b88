public import CPluginABI
import Synchronization

/// Answers the entry function: the table of a plugin type, always the same one.
///
/// ```swift
/// @c @implementation
/// public func bespoke_plugin_main_v1(_ host: UnsafePointer<bespoke_host_v1>?) -> UnsafePointer<bespoke_plugin_v1>? {
///   export(Hello.self, to: host)
/// }
/// ```
public func export<P: Plugin>(
  _ type: P.Type, to host: UnsafePointer<bespoke_host_v1>?
) -> UnsafePointer<bespoke_plugin_v1>? {
  guard host != nil else { return nil }
  return tables.withLock { tables in
    if let known = tables[ObjectIdentifier(type)] { return known.pointer }
    let made = Table(pointer: makeTable(type))
    tables[ObjectIdentifier(type)] = made
    return made.pointer
  }
}

private struct Table: @unchecked Sendable {
  // The target is immutable and never freed.
  let pointer: UnsafePointer<bespoke_plugin_v1>
}

private let tables = Mutex<[ObjectIdentifier: Table]>([:])

private func makeTable<P: Plugin>(_ type: P.Type) -> UnsafePointer<bespoke_plugin_v1> {
  let table = UnsafeMutablePointer<bespoke_plugin_v1>.allocate(capacity: 1)
  table.initialize(
    to: bespoke_plugin_v1(
      abi_minor: UInt32(BESPOKE_ABI_MINOR), reserved: 0,
      ctx: Unmanaged.passRetained(TypeBox<P>() as PluginType).toOpaque(),
      id: permanent(P.info.id), version: permanent(P.info.version), describe: permanent(P.info.describe),
      create: { ctx, with, instance in
        guard let ctx, let with, let instance else { return PluginError.Code.internal.status }
        return Unmanaged<PluginType>.fromOpaque(ctx).takeUnretainedValue().create(with.pointee, instance)
      },
      destroy: { instance in
        if let instance { Unmanaged<Instance>.fromOpaque(instance).release() }
      },
      process: { instance, requests, outs, statuses, count in
        guard let instance else { return PluginError.Code.internal.status }
        return Unmanaged<Instance>.fromOpaque(instance)._withUnsafeGuaranteedRef {
          $0.process(requests, outs, statuses, Int(count))
        }
      },
      extension: { ctx, id in
        guard let ctx, let id else { return nil }
        return Unmanaged<PluginType>.fromOpaque(ctx).takeUnretainedValue().extension(String(cString: id))
      }))
  return UnsafePointer(table)
}

/// A C string that is never freed.
private func permanent(_ text: String) -> UnsafePointer<CChar> {
  let bytes = text.utf8CString
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
  return UnsafePointer(copy)
}

/// A plugin type without its generic parameter, which no C function could carry.
private class PluginType {
  func create(_ with: bespoke_create_v1, _ instance: UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> bespoke_status {
    PluginError.Code.internal.status
  }
  func `extension`(_ id: String) -> UnsafeRawPointer? { nil }
}

private final class TypeBox<P: Plugin>: PluginType {
  private let concurrent = UnsafeMutablePointer<bespoke_concurrent_v1>.allocate(capacity: 1)
  private let warmUp = UnsafeMutablePointer<bespoke_warm_up_v1>.allocate(capacity: 1)

  override init() {
    concurrent.initialize(to: bespoke_concurrent_v1(most_calls: 0, reserved: 0))
    warmUp.initialize(
      to: bespoke_warm_up_v1(warm_up: { instance, errors in
        guard let instance, let errors else { return PluginError.Code.internal.status }
        return Unmanaged<Instance>.fromOpaque(instance)._withUnsafeGuaranteedRef { $0.warmUp(errors) }
      }))
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

  override func `extension`(_ id: String) -> UnsafeRawPointer? {
    switch id {
    case BESPOKE_CONCURRENT where P.self is any ConcurrentPlugin.Type: UnsafeRawPointer(concurrent)
    case BESPOKE_WARM_UP where P.self is any WarmUpPlugin.Type: UnsafeRawPointer(warmUp)
    default: nil
    }
  }
}

/// Runs the plugin's code; nothing it throws leaves.
private func barrier(_ output: Output, _ body: () throws -> Void) -> bespoke_status {
  do {
    try body()
    return statusOK
  } catch let error as PluginError {
    output.fail(error)
    return error.code.status
  } catch {
    output.fail(PluginError(.internal, "\(error)"))
    return PluginError.Code.internal.status
  }
}

private let statusOK = bespoke_status(BESPOKE_OK.rawValue)

private class Instance {
  func process(
    _ requests: UnsafePointer<bespoke_request_v1>?, _ outs: UnsafePointer<OpaquePointer?>?,
    _ statuses: UnsafeMutablePointer<bespoke_status>?, _ count: Int
  ) -> bespoke_status { PluginError.Code.internal.status }
  func warmUp(_ errors: OpaquePointer) -> bespoke_status { statusOK }
}

private final class PluginInstance<P: Plugin>: Instance {
  let plugin: P
  let batchPlugin: (any BatchPlugin)?
  let host: UnsafePointer<bespoke_host_v1>

  init(plugin: P, host: UnsafePointer<bespoke_host_v1>) {
    self.plugin = plugin
    self.batchPlugin = plugin as? any BatchPlugin
    self.host = host
  }

  override func process(
    _ requests: UnsafePointer<bespoke_request_v1>?, _ outs: UnsafePointer<OpaquePointer?>?,
    _ statuses: UnsafeMutablePointer<bespoke_status>?, _ count: Int
  ) -> bespoke_status {
    guard count > 0 else { return statusOK }
    guard let requests, let outs, let statuses else { return PluginError.Code.internal.status }
    if let batchPlugin {
      for index in 0..<count { statuses[index] = statusOK }
      let batch = Batch(requests: requests, outs: outs, statuses: statuses, host: host, count: count)
      return barrier(batch.output(0)) { try batchPlugin.process(batch) }
    }
    let access: UnsafePointer<bespoke_access_v1> = host.pointee.access
    for index in 0..<count {
      guard let out = outs[index] else { return PluginError.Code.internal.status }
      let output = Output(out, host.pointee.sink)
      statuses[index] = barrier(output) { try plugin.process(Request(requests[index], access), into: output) }
    }
    return statusOK
  }

  override func warmUp(_ errors: OpaquePointer) -> bespoke_status {
    guard let plugin = plugin as? any WarmUpPlugin else { return statusOK }
    return barrier(Output(errors, host.pointee.sink)) { try plugin.warmUp() }
  }
}
