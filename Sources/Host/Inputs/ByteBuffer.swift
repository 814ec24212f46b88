import Glibc

/// A growing run of bytes that lends views; whoever adds bytes ends the life of the views lent before.
///
/// Not thread-safe.
package struct ByteBuffer: ~Copyable {
  // Invariant: `start` points at `capacity` bytes, of which the first `count` are initialised; the buffer owns them.
  private(set) var start: UnsafeMutablePointer<UInt8>
  package private(set) var count = 0
  package private(set) var capacity: Int

  package init(capacity: Int = 256) {
    start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { start.deallocate() }

  /// The bytes, borrowed until the next addition or the end of the buffer.
  package var view: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  package mutating func removeAll() { count = 0 }

  /// Keeps the first bytes only.
  mutating func truncate(to length: Int) { count = min(count, length) }

  package mutating func append(_ byte: UInt8) {
    if count == capacity { grow(to: count + 1) }
    start[count] = byte
    count += 1
  }

  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.baseAddress else { return }
    if count + bytes.count > capacity { grow(to: count + bytes.count) }
    (start + count).update(from: first, count: bytes.count)
    count += bytes.count
  }

  mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Appends a code point as UTF-8.
  mutating func append(scalar: Unicode.Scalar) {
    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(unit) }
  }

  /// Lends `room` bytes behind the last one; `body` says how many of them it wrote.
  mutating func write(atMost room: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
    if count + room > capacity { grow(to: count + room) }
    let written = try body(UnsafeMutableRawBufferPointer(start: start + count, count: room))
    count += written
    return written
  }

  /// Drops the first bytes and moves the others to the front.
  mutating func removeFirst(_ length: Int) {
    guard length > 0 else { return }
    memmove(start, start + length, count - length)
    count -= length
  }

  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
  }
}
