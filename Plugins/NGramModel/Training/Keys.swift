/// The longest n-grams of a text packed into integers, last word first, and sorted.
///
/// An n-gram that would reach before `<s>` ends there; zeros fill the rest.
struct Keys<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private let sorted: Buffer<Key>
  private let order: Int
  private let bits: Int

  init(_ corpus: Corpus, order: Int, bits: Int) {
    self.order = order
    self.bits = bits
    let keys = Buffer<Key>(uninitialized: corpus.tokenCount)
    let shift = Key(truncatingIfNeeded: bits)
    let top = Key(truncatingIfNeeded: bits * (order - 1))
    var key: Key = 0
    var written = 0
    for index in 0..<corpus.length {
      let word = Key(truncatingIfNeeded: corpus.ids.base[index])
      if word == Key(truncatingIfNeeded: Vocabulary.begin) {
        key = order > 1 ? word << top : 0
      } else {
        key = (order > 1 ? key >> shift : 0) | word << top
        keys.base[written] = key
        written &+= 1
      }
    }
    sorted = radixSort(keys, scratch: Buffer(uninitialized: keys.count), bits: bits * order)
  }

  /// How many different n-grams there are of each order; entry 0 is unused.
  func sizes() -> [Int] {
    var sizes = [Int](repeating: 0, count: order + 1)
    forEachRun { _, changed, length, _ in
      for n in changed...length { sizes[n] += 1 }
    }
    return sizes
  }

  /// Calls with each different key: its words from the last backwards (entry 1 is the last), the lowest order at which
  /// it differs from the key before, its length in words, and how often it occurs.
  @inline(__always)
  func forEachRun(_ body: (_ words: UnsafePointer<UInt32>, _ changed: Int, _ length: Int, _ count: UInt64) -> Void) {
    let words = Buffer<UInt32>(count: order + 1, repeating: 0)
    let mask = (Key(1) << Key(truncatingIfNeeded: bits)) &- 1
    var previous: Key = 0
    var start = 0
    while start < sorted.count {
      let key = sorted.base[start]
      var end = start &+ 1
      while end < sorted.count, sorted.base[end] == key { end &+= 1 }
      let highest = Key.bitWidth - 1 - (key ^ previous).leadingZeroBitCount
      let changed = start == 0 ? 1 : order - highest / bits
      let length = order - key.trailingZeroBitCount / bits
      // Of two different keys the later one is larger where they differ, so it has a word there.
      for n in changed...length {
        words.base[n] = UInt32(truncatingIfNeeded: key >> Key(truncatingIfNeeded: bits * (order - n)) & mask)
      }
      body(words.base, changed, length, UInt64(end - start))
      previous = key
      start = end
    }
  }
}
