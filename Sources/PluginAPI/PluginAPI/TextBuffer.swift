/// Pieces of text on their way to a slot.
///
/// Valid during the call that lent it.
public struct TextBuffer: ~Copyable {
  // Owned memory where `isHeap`, else the caller's stack; holds `count` initialised bytes of `capacity`.
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var isHeap = false
  /// How many bytes there are.
  public private(set) var count = 0

  @usableFromInline
  init(stack: UnsafeMutablePointer<UInt8>, capacity: Int) {
    start = stack
    self.capacity = capacity
  }

  deinit { if isHeap { start.deallocate() } }

  /// Lends an empty buffer.
  @inlinable
  static func with<R>(_ body: (inout TextBuffer) throws -> R) rethrows -> R {
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { stack in
      guard let base = stack.baseAddress else { preconditionFailure("512 bytes have an address") }
      var text = TextBuffer(stack: base, capacity: 512)
      return try body(&text)
    }
  }

  /// The bytes so far; valid until more is appended.
  public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// Adds UTF-8.
  public mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    guard let source = text.baseAddress else { return }
    if count + text.count > capacity { grow(to: count + text.count) }
    (start + count).update(from: source, count: text.count)
    count += text.count
  }

  /// Adds a literal.
  public mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds a String.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    if isHeap { start.deallocate() }
    start = moved
    capacity = larger
    isHeap = true
  }
}
