import CPluginABI
import Core

/// A sink that does what the host's does for text: finds the port, checks the UTF-8, copies.
final class BenchOutput {
  static let ports = ["headline", "body"].map { Array($0.utf8) }
  private(set) var texts: [[UInt8]] = [[], []]

  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

  private func write(_ slot: bespoke_str, _ text: bespoke_str, appending: Bool) -> bespoke_status {
    let name = slot.buffer
    guard let port = Self.ports.firstIndex(where: { $0.count == name.count && $0.elementsEqual(name) }),
      (try? UTF8Span(validating: text.buffer.span)) != nil
    else { return 9 }
    if !appending { texts[port].removeAll(keepingCapacity: true) }
    texts[port].append(contentsOf: text.buffer)
    return 0
  }

  private static func find(_ out: OpaquePointer?) -> BenchOutput? {
    out.map { Unmanaged<BenchOutput>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  /// Only what the compared plugins call.
  static func table() -> bespoke_sink_v1 {
    var table = bespoke_sink_v1()
    table.write = { out, slot, text in BenchOutput.find(out)?.write(slot, text, appending: false) ?? 10 }
    table.append = { out, slot, text in BenchOutput.find(out)?.write(slot, text, appending: true) ?? 10 }
    table.fail = { _, _, _, _ in }
    return table
  }
}
