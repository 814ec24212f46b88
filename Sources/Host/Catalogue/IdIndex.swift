/// Finds the index of an id: open addressing over 32-bit indices, the ids themselves staying where they are.
struct IdIndex {
  /// What is written down: indices, `UInt32.max` for none.
  let slots: [UInt32]

  init(count: Int, id: (Int) -> UnsafeBufferPointer<UInt8>) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    var slots = [UInt32](repeating: .max, count: capacity)
    for index in 0..<count {
      var place = Self.hash(id(index)) & (capacity - 1)
      while slots[place] != .max { place = (place + 1) & (capacity - 1) }
      slots[place] = UInt32(index)
    }
    self.slots = slots
  }

  /// The index of an id among slots that were written down; their number is a power of two.
  static func find(
    _ wanted: UnsafeBufferPointer<UInt8>, in slots: UnsafeBufferPointer<UInt32>,
    id: (Int) -> UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var place = hash(wanted) & (slots.count - 1)
    while slots[place] != .max {
      let candidate = id(Int(slots[place]))
      if candidate.count == wanted.count, candidate.elementsEqual(wanted) { return Int(slots[place]) }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  /// FNV-1a, its upper half folded in.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
