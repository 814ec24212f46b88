/// Numbers by name: a hash table whose keys are bytes, so that looking a name up in a source makes no String.
///
/// Source of the hash: Fowler, Noll and Vo, FNV-1a.
struct ByteTable: Sendable {
  private var slots: [Int32]
  private var keys: [[UInt8]] = []
  private var mask: Int

  init() {
    slots = [Int32](repeating: -1, count: 32)
    mask = 31
  }

  init(_ names: [String]) {
    self.init()
    for name in names { _ = number(of: Array(name.utf8)) }
  }

  /// How many names there are; their numbers are below.
  var count: Int { keys.count }

  func text(of number: Int) -> String { String(decoding: keys[number], as: UTF8.self) }

  func existing(_ name: Bytes) -> Int? {
    let slot = slot(of: name)
    return slots[slot] < 0 ? nil : Int(slots[slot])
  }

  /// The number of a name, which is added if it is new.
  mutating func number(of name: Bytes) -> Int {
    let found = slot(of: name)
    if slots[found] >= 0 { return Int(slots[found]) }
    keys.append(Array(name))
    slots[found] = Int32(keys.count - 1)
    if keys.count * 2 > slots.count { grow() }
    return keys.count - 1
  }

  mutating func number(of name: [UInt8]) -> Int {
    name.withUnsafeBufferPointer { bytes in number(of: bytes) }
  }

  /// Where a name is, or would be.
  private func slot(of name: Bytes) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
    while slots[slot] >= 0 {
      let isSame = keys[Int(slots[slot])].withUnsafeBufferPointer { $0 == name }
      if isSame { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    mask = mask * 2 + 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for (index, key) in keys.enumerated() {
      let free = key.withUnsafeBufferPointer { slot(of: $0) }
      slots[free] = Int32(index)
    }
  }
}
