import CPluginABI
import PluginAPI

/// The sink table over `TestOutput`.
enum TestSink {
  /// Lives as long as the process; nothing writes to it after it is made.
  nonisolated(unsafe) static let table: UnsafePointer<bespoke_sink_v1> = permanent(
    bespoke_sink_v1(
      write: { out, slot, text in with(out) { $0.write(copy(slot), copy(text), appending: false) } },
      append: { out, slot, text in with(out) { $0.write(copy(slot), copy(text), appending: true) } },
      bytes: { out, slot, type, bytes, count in
        with(out) { $0.bytes(copy(slot), copy(type), Array(UnsafeBufferPointer(start: bytes, count: count))) }
      },
      open: { out, slot, kind in with(out) { $0.open(copy(slot), copy(kind)) } },
      object: { out in with(out) { $0.begin(isObject: true) } },
      array: { out in with(out) { $0.begin(isObject: false) } },
      key: { out, key in with(out) { $0.key(copy(key)) } },
      end: { out in with(out) { $0.end() } },
      str: { out, text in with(out) { $0.add(JSONWriter.string(copy(text))) } },
      i64: { out, number in with(out) { $0.add("\(number)") } },
      f64: { out, number in with(out) { $0.add(JSONWriter.number(number)) } },
      boolean: { out, truth in with(out) { $0.add(truth == 0 ? "false" : "true") } },
      null: { out in with(out) { $0.add("null") } },
      value: { out, value in with(out) { $0.add(JSONWriter.value(Value(value, TestAccessors.table))) } },
      note: { out, slot, key, value in with(out) { $0.note(copy(slot), copy(key), copy(value)) } },
      fail: { out, code, field, message in TestOutput.find(out)?.fail(code, copy(field), copy(message)) },
      cancelled: { out in TestOutput.find(out)?.isCancelled() == false ? 0 : 1 }))

  private static func with(_ out: OpaquePointer?, _ body: (TestOutput) -> bespoke_status) -> bespoke_status {
    TestOutput.find(out).map(body) ?? PluginError.Code.internal.rawValue
  }

  private static func copy(_ text: bespoke_str) -> String { String(decoding: text.buffer, as: UTF8.self) }
}
