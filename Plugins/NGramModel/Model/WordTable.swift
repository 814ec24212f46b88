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
    id(UnsafeBufferPointer(start: start, count: count), 0, count, from: slot(hash))
  }

  // MARK: Step by step

  /// Where the search for a word begins.
  @inline(__always)
  func slot(_ hash: UInt64) -> Int { Self.slot(hash, mask: slotMask) }

  /// What a slot holds: a word's number and 1, or 0 where it is empty.
  @inline(__always)
  func entry(_ slot: Int) -> UInt32 { slots.loadUnaligned(fromByteOffset: slot &* 4, as: UInt32.self) }

  /// Where the word of an entry starts, and in the upper half where it ends; an empty slot has the place of no word.
  @inline(__always)
  func place(ofEntry entry: UInt32) -> UInt64 {
    // The offsets of a word and the next one lie side by side.
    let id = Int(truncatingIfNeeded: entry) &- (entry == 0 ? 0 : 1)
    let place = offsets.loadUnaligned(fromByteOffset: id &* 4, as: UInt64.self)
    return entry == 0 ? 0 : place
  }

  /// Whether the word at a place is the one at a part of a text.
  @inline(__always)
  func isWord(atPlace place: UInt64, _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Bool {
    let first = Int(place & 0xFFFF_FFFF)
    guard Int(place &>> 32) &- first == count, let base = text.baseAddress else { return false }
    // Eight bytes can be read behind every block of a model.
    if count <= 8, start &+ 8 <= text.count {
      let difference =
        bytes.loadUnaligned(fromByteOffset: first, as: UInt64.self)
        ^ UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self)
      return difference &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count) == 0
    }
    return memcmp(bytes + first, base + start, count) == 0
  }

  /// The number of the word at a part of a text, looked for from a slot on; 0 where the model does not know it.
  func id(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int, from slot: Int) -> UInt32 {
    var slot = slot
    while true {
      let found = entry(slot)
      if found == 0 { return Vocabulary.unknown }
      if isWord(atPlace: place(ofEntry: found), text, start, count) { return found &- 1 }
      slot = (slot &+ 1) & slotMask
    }
  }
}
