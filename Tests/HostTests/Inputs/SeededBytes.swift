import Core

/// Bytes that break things, the same for the same seed.
struct SeededBytes {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func next(below limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  /// Characters of all lengths with a few stray bytes among them.
  mutating func mixture(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      switch next(below: 12) {
      case 0: bytes.append(UInt8(next(below: 256)))
      case 1: bytes += Array("é€🎒".utf8)
      case 2: bytes += Array(String(Unicode.Scalar(UInt32(next(below: 0xD7FF))) ?? " ").utf8)
      default: bytes.append(UInt8(0x20 + next(below: 0x5F)))
      }
    }
    return bytes
  }

  /// Pieces of rows put together at random: separators, quotes, brackets, numbers, NUL, line breaks, stray bytes.
  mutating func rows(pieces: Int) -> [UInt8] {
    let parts = [
      "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", "\r", "{", "}", "[", "]", ":", "\\", "\\u00e9", "\\ud83c", "null",
      "true",
      "1", "-0.5e3", "\"id\":1", "\"name\":\"A\"", "{\"id\":7,\"name\":\"B\"}", "id,name,price\n", "1,A,2.50\n", "é",
      "🎒",
      "\u{2028}", "\u{FEFF}", "\u{0}", "<b>", "&amp;", "£", "x  y", "{\"id\":8,\"name\":\"C\",\"price\":\"£1\"}\n",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<pieces {
      bytes += Array(parts[next(below: parts.count)].utf8)
      if next(below: 40) == 0 { bytes.append(UInt8(next(below: 256))) }
    }
    return bytes
  }
}
