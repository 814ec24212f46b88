/// Growing output.
///
/// Bytes beyond the limit are dropped and remembered as an overflow, which the machine checks at every step.
struct ByteBuffer: ~Copyable {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int
  private(set) var overflowed = false
  private var limit = Int.max

  init() {
    capacity = 4096
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  var bytes: Bytes { Bytes(start: start, count: count) }

  func bytes(from mark: Int) -> Bytes { Bytes(start: start + mark, count: count - mark) }

  @inline(__always)
  mutating func reset(limit: Int) {
    count = 0
    overflowed = false
    self.limit = limit
  }

  /// Drops what was written since `mark`.
  @inline(__always)
  mutating func truncate(to mark: Int) { count = mark }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { guard grow(1) else { return } }
    start[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ bytes: Bytes) {
    guard let source = bytes.baseAddress else { return }
    append(source, bytes.count)
  }

  @inline(__always)
  mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    if length > capacity &- count { guard grow(length) else { return } }
    Words.copy(source, to: start + count, length)
    count &+= length
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(text.utf8Start, text.utf8CodeUnitCount)
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII { return append(UInt8(truncatingIfNeeded: scalar.value)) }
    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(unit) }
  }

  /// Decimal digits, padded to at least `width` with zeros.
  mutating func append(digits number: UInt64, width: Int = 1) {
    var length = 1
    var rest = number / 10
    while rest > 0 {
      length += 1
      rest /= 10
    }
    length = max(length, width)
    if length > capacity - count { guard grow(length) else { return } }
    var position = count + length
    rest = number
    while position > count {
      position -= 1
      start[position] = UInt8(truncatingIfNeeded: 48 + rest % 10)
      rest /= 10
    }
    count += length
  }

  @inline(__always)
  mutating func append(_ number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digits: number.magnitude)
  }

  @inline(never)
  private mutating func grow(_ needed: Int) -> Bool {
    guard count + needed <= limit else {
      overflowed = true
      return false
    }
    let larger = max(count + needed, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
    return true
  }
}
