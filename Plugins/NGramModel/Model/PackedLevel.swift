/// The n-grams of one order as a binary model holds them: records of equal width in bits, those of one context together.
///
/// A record is [key of the last word][probability][back-off][first extension][suffix]. Key and suffix are absent at order
/// 1, where the index is the word; back-off, extension and suffix are absent at the highest order; a suffix is absent at
/// order 2, where it is the last word. One more record than there are n-grams ends the extensions of the last.
///
/// Within a context, records are sorted by key. A key is the word's number times an odd constant, modulo a power of two:
/// keys are spread evenly, so a record's place follows from its key but for a few records.
struct PackedLevel {
  /// How wide the fields are, in bits.
  struct Widths: Equatable {
    var word = 0
    var probability = 0
    var backoff = 0
    var extensions = 0
    var suffix = 0

    var total: Int { word + probability + backoff + extensions + suffix }
  }

  /// A probability of this width is a Float without its sign; a narrower one is the index of a table.
  static let exactWidth = 31

  let count: Int
  let widths: Widths
  let records: UnsafeRawPointer
  let probabilities: UnsafeRawPointer
  let backoffs: UnsafeRawPointer
  /// How many values the tables of probabilities and back-offs hold.
  let tables: (probabilities: Int, backoffs: Int)
  private let stride: Int
  private let lastWord: UInt32
  private let wordMask: UInt64
  private let wordWidth: UInt64
  private let probabilityMask: UInt64
  private let isExact: Bool
  private let backoffAt: Int
  private let backoffMask: UInt64
  private let extensionsAt: Int
  private let extensionsMask: UInt64
  private let suffixAt: Int
  private let suffixMask: UInt64

  init(
    count: Int, widths: Widths, records: UnsafeRawPointer, probabilities: UnsafeRawPointer, backoffs: UnsafeRawPointer,
    tables: (probabilities: Int, backoffs: Int), wordCount: Int
  ) {
    lastWord = UInt32(truncatingIfNeeded: wordCount - 1)
    self.tables = tables
    self.count = count
    self.widths = widths
    self.records = records
    self.probabilities = probabilities
    self.backoffs = backoffs
    stride = widths.total
    wordMask = Self.mask(widths.word)
    wordWidth = UInt64(widths.word)
    probabilityMask = Self.mask(widths.probability)
    isExact = widths.probability == Self.exactWidth
    backoffAt = widths.word + widths.probability
    backoffMask = Self.mask(widths.backoff)
    extensionsAt = backoffAt + widths.backoff
    extensionsMask = Self.mask(widths.extensions)
    suffixAt = extensionsAt + widths.extensions
    suffixMask = Self.mask(widths.suffix)
  }

  private static func mask(_ width: Int) -> UInt64 { (1 << UInt64(width)) - 1 }

  /// Reads a part of a record, so that the next ones who do find it in the cache.
  @inline(__always)
  func touch(_ index: Int) -> UInt64 { records.loadUnaligned(fromByteOffset: (index &* stride) &>> 3, as: UInt64.self) }

  @inline(__always)
  func key(_ index: Int) -> UInt64 { readBits(records, at: index &* stride, mask: wordMask) }

  /// A word that there is, whatever the bytes say, so that nobody need look at all of them beforehand.
  @inline(__always)
  func word(_ index: Int) -> UInt32 { min(Self.word(ofKey: key(index), mask: wordMask), lastWord) }

  @inline(__always)
  func probabilityCode(_ index: Int) -> Int {
    let bit = index &* stride &+ Int(truncatingIfNeeded: wordWidth)
    return Int(truncatingIfNeeded: readBits(records, at: bit, mask: probabilityMask))
  }

  /// Base 10.
  @inline(__always)
  func logProbability(_ index: Int) -> Float {
    let code = probabilityCode(index)
    if isExact { return Float(bitPattern: UInt32(truncatingIfNeeded: code) | 1 << 31) }
    return probabilities.loadUnaligned(fromByteOffset: code &* 4, as: Float.self)
  }

  @inline(__always)
  func backoffCode(_ index: Int) -> Int {
    Int(truncatingIfNeeded: readBits(records, at: index &* stride &+ backoffAt, mask: backoffMask))
  }

  /// Base 10.
  @inline(__always)
  func logBackoff(_ index: Int) -> Float {
    backoffs.loadUnaligned(fromByteOffset: backoffCode(index) &* 4, as: Float.self)
  }

  /// The index, at the order above, of the n-gram's first extension; those of index + 1 end its extensions.
  @inline(__always)
  func extensions(_ index: Int) -> Int {
    Int(truncatingIfNeeded: readBits(records, at: index &* stride &+ extensionsAt, mask: extensionsMask))
  }

  /// The n-gram without its first word, at the order below; only from order 3 on.
  @inline(__always)
  func suffix(_ index: Int) -> Int {
    Int(truncatingIfNeeded: readBits(records, at: index &* stride &+ suffixAt, mask: suffixMask))
  }

  /// Where in a range of records a word's is likeliest; a record that can be read even where the range is empty.
  @inline(__always)
  func guess(_ word: UInt32, from start: Int, to end: Int) -> Int {
    let size = UInt64(truncatingIfNeeded: end &- start)
    return start &+ Int(truncatingIfNeeded: (Self.key(ofWord: word, mask: wordMask) &* size) &>> wordWidth)
  }

  /// A better guess, from how far off the key at a guess is.
  @inline(__always)
  func refine(_ guess: Int, _ word: UInt32, from start: Int, to end: Int) -> Int {
    let missing =
      Int(truncatingIfNeeded: Self.key(ofWord: word, mask: wordMask)) &- Int(truncatingIfNeeded: key(guess))
    let step = (missing &* (end &- start)) &>> Int(truncatingIfNeeded: wordWidth)
    return max(start, min(end &- 1, guess &+ step))
  }

  /// The record of a word in a range of records, or -1.
  @inline(__always)
  func find(_ word: UInt32, from start: Int, to end: Int) -> Int {
    guard start < end else { return -1 }
    var place = guess(word, from: start, to: end)
    if end &- start > 64 { place = refine(place, word, from: start, to: end) }
    return find(word, from: start, to: end, near: place)
  }

  /// The record of a word in a range of records, looked for from a place on, or -1.
  @inline(__always)
  func find(_ word: UInt32, from start: Int, to end: Int, near guess: Int) -> Int {
    let key = Self.key(ofWord: word, mask: wordMask)
    var place = guess
    var found = self.key(place)
    while found < key {
      place &+= 1
      if place == end { return -1 }
      found = self.key(place)
    }
    while found > key {
      if place == start { return -1 }
      place &-= 1
      found = self.key(place)
    }
    return found == key ? place : -1
  }

  private static let spread: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let unspread: UInt64 = {
    // Newton's iteration for the inverse of an odd number modulo 2^64; each step doubles the correct bits.
    var inverse = spread
    for _ in 0..<6 { inverse = inverse &* (2 &- spread &* inverse) }
    return inverse
  }()

  @inline(__always)
  static func key(ofWord word: UInt32, mask: UInt64) -> UInt64 { UInt64(word) &* spread & mask }

  @inline(__always)
  static func word(ofKey key: UInt64, mask: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key &* unspread & mask) }
}
