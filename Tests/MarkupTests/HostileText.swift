import Core

/// Random texts made of what breaks writers: markup, section ends, control characters, ill-formed UTF-8.
struct HostileText {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func next() -> [UInt8] {
    (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in Self.pieces.randomElement(using: &random) ?? [] }
  }

  private static let pieces: [[UInt8]] =
    [
      "a", "word", " ", "<", ">", "&", "\"", "'", "]]>", "]", "]]", "</script>", "<!--", "-->", "&amp;", "&#0;", "\\",
      "\\u003c", "\u{0}", "\u{B}", "\u{1F}", "\u{7F}", "\u{85}", "\t", "\n", "\r", "\r\n", "\u{A0}", "\u{2028}",
      "\u{2029}", "\u{FFFE}", "\u{FFFF}", "\u{FEFF}", "背包", "👨‍👩‍👧", "e\u{301}", "مرحبا", "<![CDATA[", "<?xml?>", "{{",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xC0, 0xAF]]
}

extension String {
  /// What XML 1.0 can hold of ill-formed or odd text, as our writers document it.
  init(xmlHoldable bytes: [UInt8]) {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
      switch scalar.value {
      case 0xFFFE, 0xFFFF: "\u{FFFD}"
      case 0x9, 0xA, 0xD, 0x20...: scalar
      default: nil
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    self.init(text)
  }

  /// The text as a parser reads it where line ends are folded.
  var withFoldedLineEnds: String {
    var text = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in unicodeScalars {
      if scalar == "\r" { text.append("\n") } else if scalar != "\n" || last != "\r" { text.append(scalar) }
      last = scalar
    }
    return String(text)
  }
}
