import Glibc

/// The words of a binary model, by number and by spelling.
struct WordTable {
  let count: Int
  private let offsets: UnsafeRawPointer
  private let bytes: UnsafeRawPointer
  private let slots: UnsafeRawPointer
  private let slotMask: Int

  /// Blocks that `blocks(of:)` made, or nil where they do not fit together.
  init?(
    count: Int, offsets: UnsafeRawBufferPointer, bytes: UnsafeRawBufferPointer, slots: UnsafeRawBufferPointer
  ) {
    let slotCount = slots.count / 4
    guard count >= Vocabulary.specials.count, offsets.count == (count + 1) * 4, slots.count % 4 == 0, slotCount > count,
      slotCount & (slotCount - 1) == 0, let offsetBase = offsets.baseAddress, let byteBase = bytes.baseAddress,
      let slotBase = slots.baseAddress
    else { return nil }
    self.count = count
    self.offsets = offsetBase
    self.bytes = byteBase
    self.slots = slotBase
    slotMask = slotCount - 1
    var previous = 0
    for id in 0...count {
      let offset = Int(offsetBase.loadUnaligned(fromByteOffset: id * 4, as: UInt32.self))
      guard offset >= previous, offset <= bytes.count else { return nil }
      previous = offset
    }
    var filled = 0
    for slot in 0..<slotCount {
      let id = Int(slotBase.loadUnaligned(fromByteOffset: slot * 4, as: UInt32.self))
      guard id <= count else { return nil }
      if id > 0 { filled += 1 }
    }
    // An empty slot ends each search.
    guard filled < slotCount else { return nil }
  }

  static func blocks(of vocabulary: Vocabulary) -> (offsets: [UInt8], bytes: [UInt8], slots: [UInt8]) {
    var offsets: [UInt32] = [0]
    var bytes: [UInt8] = []
    var slotCount = 8
    while slotCount < vocabulary.count * 3 / 2 { slotCount *= 2 }
    var slots = [UInt32](repeating: 0, count: slotCount)
    for id in 0..<UInt32(vocabulary.count) {
      let word = vocabulary.word(id)
      bytes.append(contentsOf: word)
      offsets.append(UInt32(bytes.count))
      guard let start = word.baseAddress else { continue }
      var slot = Self.slot(Vocabulary.hash(start, word.count), mask: slotCount - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = id + 1
    }
    return (offsets.withUnsafeBytes(Array.init), bytes, slots.withUnsafeBytes(Array.init))
  }

  @inline(__always)
  private static func slot(_ hash: UInt64, mask: Int) -> Int {
    Int(truncatingIfNeeded: Vocabulary.mix(hash) &>> 24) & mask
  }

  /// The bytes of a word.
  @inline(__always)
  func word(_ id: UInt32) -> UnsafeBufferPointer<UInt8> {
    let start = offset(Int(id))
    return UnsafeBufferPointer(
      start: bytes.assumingMemoryBound(to: UInt8.self) + start, count: offset(Int(id) &+ 1) &- start)
  }

  @inline(__always)
  private func offset(_ id: Int) -> Int {
    Int(truncatingIfNeeded: offsets.loadUnaligned(fromByteOffset: id &* 4, as: UInt32.self))
  }

  /// The number of a word whose hash is known, or 0 where the model does not know it.
  @inline(__always)
  func id(_ start: UnsafePointer<UInt8>, _ count: Int, hash: UInt64) -> UInt32 {
    var slot = Self.slot(hash, mask: slotMask)
    while true {
      let found = slots.loadUnaligned(fromByteOffset: slot &* 4, as: UInt32.self)
      if found == 0 { return Vocabulary.unknown }
      let place = offset(Int(found) &- 1)
      if offset(Int(found)) &- place == count, memcmp(bytes + place, start, count) == 0 { return found &- 1 }
      slot = (slot &+ 1) & slotMask
    }
  }
}
