import Glibc

/// The words of a model, numbered in the order in which they were met.
///
/// The first three are `<unk>`, `<s>` and `</s>`. Words are bytes: two words are equal if their bytes are.
public final class Vocabulary {
  /// The number of a word that the model does not know.
  public static let unknown: UInt32 = 0
  /// The number of `<s>`.
  public static let begin: UInt32 = 1
  /// The number of `</s>`.
  public static let end: UInt32 = 2

  static let specials = ["<unk>", "<s>", "</s>"]
  /// Word numbers stay below this, so that packed n-grams and file fields hold them.
  static let limit = 1 << 28

  /// How many words, the three special ones among them.
  public private(set) var count = 0
  // Word i is arena[offsets[i]..<offsets[i + 1]]. A slot is 0 or the upper half of a hash and the word's number + 1.
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaCapacity = 1 << 12
  private var offsets: UnsafeMutablePointer<UInt32>
  private var offsetCapacity = 1 << 8
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotCount = 1 << 10

  /// A vocabulary of the three special words.
  public init() {
    arena = .allocate(capacity: arenaCapacity)
    offsets = .allocate(capacity: offsetCapacity)
    offsets[0] = 0
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    for word in Self.specials { _ = insert(word) }
  }

  deinit {
    arena.deallocate()
    offsets.deallocate()
    slots.deallocate()
  }

  /// A word's bytes; valid until the next insertion.
  @inline(__always)
  public func word(_ id: UInt32) -> UnsafeBufferPointer<UInt8> {
    let start = Int(offsets[Int(id)])
    return UnsafeBufferPointer(start: arena + start, count: Int(offsets[Int(id) + 1]) - start)
  }

  /// A word as text; bytes that are not UTF-8 show as U+FFFD.
  public func text(_ id: UInt32) -> String { String(decoding: word(id), as: UTF8.self) }

  /// The number of a word, or nil where it is not in the vocabulary.
  public func id(of word: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard let start = word.baseAddress else { return nil }
    let slot = find(start, word.count, Self.hash(start, word.count))
    return slots[slot] == 0 ? nil : UInt32(truncatingIfNeeded: slots[slot]) - 1
  }

  /// The number of a word, or nil where it is not in the vocabulary.
  public func id(of word: String) -> UInt32? {
    var word = word
    return word.withUTF8 { id(of: $0) }
  }

  /// The number of a word, which is added if it is new.
  public func insert(_ word: String) -> UInt32 {
    var word = word
    return word.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return Self.unknown }
      return insert(start, bytes.count, hash: Self.hash(start, bytes.count))
    }
  }

  /// The number of a word of `count` > 0 bytes whose hash is known.
  @inline(__always)
  func insert(_ start: UnsafePointer<UInt8>, _ count: Int, hash: UInt64) -> UInt32 {
    let slot = find(start, count, hash)
    if slots[slot] != 0 { return UInt32(truncatingIfNeeded: slots[slot]) &- 1 }
    return add(start, count, hash: hash, slot: slot)
  }

  /// Hashing begins here; `Corpus` hashes while it looks for a word's end.
  static let hashSeed: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func extend(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

  @inline(__always)
  static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    var hash = hashSeed
    for index in 0..<count { hash = extend(hash, start[index]) }
    return hash
  }

  /// The slot that holds a word, or the empty slot where it belongs.
  @inline(__always)
  private func find(_ start: UnsafePointer<UInt8>, _ count: Int, _ hash: UInt64) -> Int {
    let mask = slotCount &- 1
    let mixed = Self.mix(hash)
    let tag = mixed & Self.tagMask
    var slot = Int(truncatingIfNeeded: mixed >> 24) & mask
    while true {
      let found = slots[slot]
      if found == 0 { return slot }
      if found & Self.tagMask == tag {
        let id = Int(truncatingIfNeeded: found & 0xFFFF_FFFF) &- 1
        let place = Int(offsets[id])
        if Int(offsets[id &+ 1]) &- place == count, memcmp(arena + place, start, count) == 0 { return slot }
      }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(never)
  private func add(_ start: UnsafePointer<UInt8>, _ length: Int, hash: UInt64, slot: Int) -> UInt32 {
    let used = Int(offsets[count])
    precondition(
      count < Self.limit && used + length < Int(UInt32.max), "a vocabulary holds at most 2^28 words and 4 GB")
    if used + length > arenaCapacity {
      let capacity = max(arenaCapacity * 2, used + length)
      arena = Self.grow(arena, used: used, capacity: capacity)
      arenaCapacity = capacity
    }
    if count + 2 > offsetCapacity {
      offsets = Self.grow(offsets, used: count + 1, capacity: offsetCapacity * 2)
      offsetCapacity *= 2
    }
    (arena + used).update(from: start, count: length)
    offsets[count + 1] = UInt32(used + length)
    let mixed = Self.mix(hash)
    slots[slot] = mixed & Self.tagMask | UInt64(count + 1)
    count += 1
    if count * 2 > slotCount { rehash() }
    return UInt32(count - 1)
  }

  private func rehash() {
    slots.deallocate()
    slotCount *= 2
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    for id in 0..<count {
      let word = word(UInt32(id))
      guard let start = word.baseAddress else { continue }
      let mixed = Self.mix(Self.hash(start, word.count))
      var slot = Int(truncatingIfNeeded: mixed >> 24) & (slotCount - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = mixed & Self.tagMask | UInt64(id + 1)
    }
  }

  private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

  @inline(__always)
  static func mix(_ hash: UInt64) -> UInt64 { (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9 }

  private static func grow<T: BitwiseCopyable>(
    _ old: UnsafeMutablePointer<T>, used: Int, capacity: Int
  ) -> UnsafeMutablePointer<T> {
    let new = UnsafeMutablePointer<T>.allocate(capacity: capacity)
    new.update(from: old, count: used)
    old.deallocate()
    return new
  }
}
