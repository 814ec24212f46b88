/// A set of byte values.
public struct ByteSet: Sendable, Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The bytes of a sequence.
  public init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  mutating func insert(_ byte: UInt8) {
    let bit = UInt64(1) << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  /// Whether a byte is in the set.
  public func contains(_ byte: UInt8) -> Bool {
    let word: UInt64
    switch byte >> 6 {
    case 0: word = words.0
    case 1: word = words.1
    case 2: word = words.2
    default: word = words.3
    }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  /// Whether both hold the same bytes.
  public static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }

  /// Feeds the bytes to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

/// What a text may look like: a regular expression over bytes.
public indirect enum Pattern: Sendable {
  /// One byte of a set.
  case byte(ByteSet)
  /// Just these bytes.
  case literal([UInt8])
  /// One after the other.
  case sequence([Pattern])
  /// One of them.
  case choice([Pattern])
  /// So many times; without end where `most` is nil.
  case repeated(Pattern, least: Int, most: Int?)

  /// Just this text.
  public static func text(_ text: String) -> Pattern { .literal(Array(text.utf8)) }

  /// One character in well-formed UTF-8 beyond ASCII, or one of these ASCII characters.
  ///
  /// Source: the Unicode Standard, table 3-7, "Well-formed UTF-8 byte sequences".
  public static func character(ascii: ByteSet) -> Pattern {
    func range(_ range: ClosedRange<UInt8>) -> Pattern { .byte(ByteSet(range)) }
    let tail = range(0x80...0xBF)
    return .choice([
      .byte(ascii), .sequence([range(0xC2...0xDF), tail]), .sequence([range(0xE0...0xE0), range(0xA0...0xBF), tail]),
      .sequence([range(0xE1...0xEC), tail, tail]), .sequence([range(0xED...0xED), range(0x80...0x9F), tail]),
      .sequence([range(0xEE...0xEF), tail, tail]),
      .sequence([range(0xF0...0xF0), range(0x90...0xBF), tail, tail]),
      .sequence([range(0xF1...0xF3), tail, tail, tail]),
      .sequence([range(0xF4...0xF4), range(0x80...0x8F), tail, tail]),
    ])
  }
}
