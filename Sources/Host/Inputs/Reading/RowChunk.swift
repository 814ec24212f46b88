/// A run of whole rows, copied out of an input so that a thread can decode them on its own.
public struct RowChunk: Sendable {
  /// One row: where its bytes lie in the chunk, and on which line of the file it begins.
  public struct Row: Sendable {
    let start: UInt32
    let end: UInt32
    /// The line of the file on which the row begins, from 1.
    public let line: Int
    /// Why the row cannot be decoded, where the reader found that out; its bytes are then the first of the row.
    public let fault: DirtKind?
  }

  /// The rows, in the order of the file.
  public private(set) var rows: [Row] = []
  /// The place of the chunk in its input, from 0: commits follow this order.
  public internal(set) var index = 0

  private var bytes: [UInt8] = []
  private let targetBytes: Int
  private let maxRows: Int

  /// An empty chunk that takes about so many bytes and at most so many rows.
  public init(targetBytes: Int = 1 << 18, maxRows: Int = 4096) {
    self.targetBytes = targetBytes
    self.maxRows = max(1, maxRows)
    bytes.reserveCapacity(targetBytes + targetBytes / 4)
  }

  /// Lends the bytes of a row, as they stand in the file (UTF-16 as UTF-8), without the line break.
  public func withBytes<R>(of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[Int(row.start)..<Int(row.end)]))
    }
  }

  var isFull: Bool { bytes.count >= targetBytes || rows.count >= maxRows }

  mutating func removeAll() {
    // A giant row must not keep its memory for the rest of the run.
    let keeps = bytes.capacity <= max(targetBytes * 4, 1 << 20)
    bytes.removeAll(keepingCapacity: keeps)
    rows.removeAll(keepingCapacity: true)
  }

  mutating func append(_ row: UnsafeBufferPointer<UInt8>, line: Int, fault: DirtKind?) {
    let start = UInt32(bytes.count)
    bytes.append(contentsOf: row)
    rows.append(Row(start: start, end: UInt32(bytes.count), line: line, fault: fault))
  }
}
