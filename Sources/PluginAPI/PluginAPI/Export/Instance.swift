import CPluginABI

/// An instance without its generic parameter, which no C function could carry.
class Instance {
  func process(
    _ requests: UnsafePointer<bespoke_request_v1>?, _ outs: UnsafePointer<OpaquePointer?>?,
    _ statuses: UnsafeMutablePointer<bespoke_status>?, _ count: Int
  ) -> bespoke_status { PluginError.Code.internal.status }
  func warmUp(_ errors: OpaquePointer) -> bespoke_status { statusOK }
}

final class PluginInstance<P: Plugin>: Instance {
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

/// Runs the plugin's code; nothing it throws leaves.
func barrier(_ output: Output, _ body: () throws -> Void) -> bespoke_status {
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

let statusOK = bespoke_status(BESPOKE_OK.rawValue)
