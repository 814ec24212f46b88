public import CPluginABI
import Synchronization

/// What an entry function is given: the host's side of the ABI.
public typealias HostTable = UnsafePointer<bespoke_host_v1>
/// What an entry function answers: the plugin's side of the ABI.
public typealias PluginTable = UnsafePointer<bespoke_plugin_v1>

/// Answers the entry function: the table of a plugin type, always the same one.
///
/// ```swift
/// @c @implementation
/// public func bespoke_plugin_main_v1(_ host: HostTable?) -> PluginTable? { export(Hello.self, to: host) }
/// ```
public func export<P: Plugin>(_ type: P.Type, to host: HostTable?) -> PluginTable? {
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
        guard let type = PluginType.from(ctx), let with, let instance else { return PluginError.Code.internal.status }
        return type.create(with.pointee, instance)
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
        guard let id else { return nil }
        return PluginType.from(ctx)?.extensions[String(cString: id)]
      }))
  return UnsafePointer(table)
}

/// A C string that is never freed.
func permanent(_ text: String) -> UnsafePointer<CChar> {
  let bytes = text.utf8CString
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
  return UnsafePointer(copy)
}

/// A text that is never freed.
func permanentText(_ text: String) -> bespoke_str { bespoke_str(ptr: permanent(text), len: text.utf8.count) }
