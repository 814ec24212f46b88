import CPluginABI
import Core

/// The sink functions that plugins call; each finds its `OutputItem` behind the pointer.
enum SinkTable {
  nonisolated(unsafe) static let table: UnsafePointer<bespoke_sink_v1> = permanent(
    bespoke_sink_v1(
      write: { out, slot, text in with(out) { $0.write(slot, text, append: false) } },
      append: { out, slot, text in with(out) { $0.write(slot, text, append: true) } },
      bytes: { out, slot, type, bytes, count in
        with(out) { $0.bytes(slot, type, UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)) }
      },
      open: { out, slot, kind in with(out) { $0.open(slot, kind) } },
      object: { out in with(out) { $0.begin(isObject: true) } },
      array: { out in with(out) { $0.begin(isObject: false) } },
      key: { out, key in with(out) { $0.key(key) } },
      end: { out in with(out) { $0.end() } },
      str: { out, text in with(out) { $0.string(text) } },
      i64: { out, number in with(out) { $0.add { $0.int(number) } } },
      f64: { out, number in with(out) { $0.add { $0.double(number) } } },
      boolean: { out, truth in with(out) { $0.add { $0.bool(truth != 0) } } },
      null: { out in with(out) { $0.add { $0.null() } } },
      value: { out, value in with(out) { $0.add { $0.copy(Value(value)) } } },
      note: { out, slot, key, value in with(out) { $0.note(slot, key, value) } },
      fail: { out, code, field, message in
        _ = with(out) { item in
          item.fail(Status(abi: code), field.string, message.string)
          return Status.ok.rawValue
        }
      },
      cancelled: { out in with(out) { $0.cancelled ? 1 : 0 } }))

  @inline(__always)
  private static func with(_ out: OpaquePointer?, _ body: (OutputItem) -> Int32) -> Int32 {
    guard let out else { return Status.internal.rawValue }
    return Unmanaged<OutputItem>.fromOpaque(UnsafeRawPointer(out))._withUnsafeGuaranteedRef(body)
  }
}
