/// Finds a token by its bytes: an open-addressing table over texts that stay where they are.
struct ByteIndex: Sendable {
  private var slots: [Int32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  /// Adds a token; of two with the same text the later one is found.
  mutating func insert(_ token: Int32, _ text: UnsafeRawBufferPointer, textOf: (Int32) -> UnsafeRawBufferPointer) {
    var slot = Int(truncatingIfNeeded: Self.hash(text)) & mask
    while slots[slot] >= 0, !Self.equal(textOf(slots[slot]), text) { slot = (slot + 1) & mask }
    slots[slot] = token
  }

  /// The token with this text, or nil.
  func find(_ text: UnsafeRawBufferPointer, textOf: (Int32) -> UnsafeRawBufferPointer) -> Int32? {
    var slot = Int(truncatingIfNeeded: Self.hash(text)) & mask
    while slots[slot] >= 0 {
      if Self.equal(textOf(slots[slot]), text) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Multiplies and folds eight bytes at a time, in the manner of wyhash.
  @inline(__always)
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    var offset = 0
    while offset < text.count {
      var word: UInt64 = 0
      if text.count - offset >= 8 {
        word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      } else {
        for index in offset..<text.count { word = word << 8 | UInt64(text[index]) }
      }
      let product = (hash ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      hash = product.high ^ product.low
      offset += 8
    }
    return hash ^ hash >> 32
  }

  @inline(__always)
  private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left[index] != right[index] { return false }
    return true
  }
}
