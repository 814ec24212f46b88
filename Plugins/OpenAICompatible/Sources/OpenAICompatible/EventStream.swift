/// Splits a stream of server-sent events (WHATWG HTML, "Server-sent events") into the data of each event.
struct EventStream {
  private var line: [UInt8] = []
  private var data: [UInt8]?
  private var endsWithReturn = false

  /// Takes bytes as they arrive, and hands on the data of each event that they complete.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ body: ([UInt8]) throws -> Void) rethrows {
    for byte in bytes {
      let follows = endsWithReturn
      endsWithReturn = byte == 13
      switch byte {
      case 10 where follows: continue
      case 10, 13: try endLine(body)
      default: line.append(byte)
      }
    }
  }

  /// Hands on an event that no blank line ended.
  mutating func finish(_ body: ([UInt8]) throws -> Void) rethrows {
    if !line.isEmpty { try endLine(body) }
    try endEvent(body)
  }

  private mutating func endLine(_ body: ([UInt8]) throws -> Void) rethrows {
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty { return try endEvent(body) }
    guard line.starts(with: "data:".utf8) else { return }
    let value = line.dropFirst(line.count > 5 && line[5] == 0x20 ? 6 : 5)
    data = data.map { $0 + [10] + value } ?? Array(value)
  }

  private mutating func endEvent(_ body: ([UInt8]) throws -> Void) rethrows {
    guard let event = data else { return }
    data = nil
    try body(event)
  }
}
