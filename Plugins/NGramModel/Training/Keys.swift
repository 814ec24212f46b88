/// The longest n-grams of a text packed into integers, last word first, and sorted.
///
/// An n-gram that would reach before `<s>` ends there; zeros fill the rest.
struct Keys<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  private let sorted: SortedRuns<Key>
  private let order: Int
  private let bits: Int

  /// - Throws: `Diagnostic` where sorted runs cannot be written.
  init(_ corpus: Corpus, bits: Int, _ options: TrainingOptions) throws {
    let order = options.order
    self.order = order
    self.bits = bits
    sorted = try SortedRuns(places: corpus.length, bits: bits * order, options) { range in
      Self.keys(corpus, range, order: order, bits: bits)
    }
  }

  /// The keys of the n-grams that end in a range of a text.
  private static func keys(_ corpus: Corpus, _ range: Range<Int>, order: Int, bits: Int) -> Buffer<Key> {
    let ids = corpus.ids.base
    var begins = 0
    for index in range where ids[index] == Vocabulary.begin { begins &+= 1 }
    let keys = Buffer<Key>(uninitialized: range.count - begins)
    let shift = Key(truncatingIfNeeded: bits)
    let top = Key(truncatingIfNeeded: bits * (order - 1))
    var key: Key = 0
    var written = 0
    // The words before the range are those that its first n-grams begin with.
    for index in max(0, range.lowerBound - order + 1)..<range.upperBound {
      let word = Key(truncatingIfNeeded: ids[index])
      if word == Key(truncatingIfNeeded: Vocabulary.begin) {
        key = order > 1 ? word << top : 0
      } else {
        key = (order > 1 ? key >> shift : 0) | word << top
        guard index >= range.lowerBound else { continue }
        keys.base[written] = key
        written &+= 1
      }
    }
    return keys
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
    var isFirst = true
    sorted.forEach { key, count in
      let highest = Key.bitWidth - 1 - (key ^ previous).leadingZeroBitCount
      let changed = isFirst ? 1 : order - highest / bits
      let length = order - key.trailingZeroBitCount / bits
      // Of two different keys the later one is larger where they differ, so it has a word there.
      for n in changed...length {
        words.base[n] = UInt32(truncatingIfNeeded: key >> Key(truncatingIfNeeded: bits * (order - n)) & mask)
      }
      body(words.base, changed, length, UInt64(count))
      previous = key
      isFirst = false
    }
  }
}
