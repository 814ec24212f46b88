/// Memory for the values of one render: given out front to back, taken back all at once.
struct Arena: ~Copyable {
  private var chunks: [UnsafeMutableRawBufferPointer]
  private var next: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer
  /// Bytes given out since the last reset, without those of the newest chunk.
  private(set) var retired = 0

  init() {
    let first = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    chunks = [first]
    (next, end) = Self.limits(of: first)
  }

  deinit { for chunk in chunks { chunk.deallocate() } }

  /// Forgets everything; memory that grew is joined into one chunk for the next render.
  @inline(__always)
  mutating func reset() {
    if chunks.count > 1 { join() }
    if let start = chunks[0].baseAddress { next = start }
    retired = 0
  }

  @inline(__always)
  mutating func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let rounded = (bytes &+ 7) & ~7
    if end - next < rounded { grow(rounded) }
    let result = next
    next += rounded
    return result
  }

  @inline(__always)
  mutating func data(_ count: Int) -> UnsafeMutableBufferPointer<Datum> {
    let start = allocate(bytes: count * MemoryLayout<Datum>.stride).bindMemory(to: Datum.self, capacity: count)
    return UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// A copy of bytes.
  @inline(__always)
  mutating func copy(_ bytes: Bytes) -> Bytes {
    guard let source = bytes.baseAddress else { return bytes }
    let start = allocate(bytes: bytes.count).bindMemory(to: UInt8.self, capacity: bytes.count)
    Words.copy(source, to: start, bytes.count)
    return Bytes(start: start, count: bytes.count)
  }

  mutating func copy(_ data: some Collection<Datum>) -> UnsafeMutableBufferPointer<Datum> {
    let result = self.data(data.count)
    _ = result.initialize(from: data)
    return result
  }

  mutating func range(_ first: Int64, _ last: Int64) -> Datum {
    let ends = allocate(bytes: 16).bindMemory(to: Int64.self, capacity: 2)
    ends[0] = first
    ends[1] = last
    return Datum(.range, payload: UInt64(UInt(bitPattern: ends)))
  }

  @inline(never)
  private mutating func grow(_ needed: Int) {
    let last = chunks[chunks.count - 1]
    retired += last.count
    let chunk = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(needed, min(last.count * 2, 1 << 20)), alignment: 16)
    chunks.append(chunk)
    (next, end) = Self.limits(of: chunk)
  }

  @inline(never)
  private mutating func join() {
    // Memory beyond a megabyte is given back, so that one large render does not hold it for ever.
    let size = min(chunks.reduce(0) { $0 + $1.count }, 1 << 20)
    for chunk in chunks { chunk.deallocate() }
    let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    chunks = [whole]
    (next, end) = Self.limits(of: whole)
  }

  private static func limits(
    of chunk: UnsafeMutableRawBufferPointer
  ) -> (UnsafeMutableRawPointer, UnsafeMutableRawPointer) {
    guard let start = chunk.baseAddress else { preconditionFailure("a chunk is never empty") }
    return (start, start + chunk.count)
  }
}
