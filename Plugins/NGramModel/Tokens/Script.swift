/// What kind of character a token is made of.
enum Script {
  /// Letters of scripts that write blanks between words.
  case letter
  case digit
  /// Accents and vowel signs that belong to the character before them, and joiners.
  case mark
  /// Characters of scripts that write no blanks between words: each is a token.
  case unspaced
  case other

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x80 {
      switch value {
      case 0x30...0x39: self = .digit
      case 0x41...0x5A, 0x61...0x7A: self = .letter
      default: self = .other
      }
      return
    }
    if Self.isUnspaced(value) {
      self = Self.isMark(scalar) ? .mark : .unspaced
      return
    }
    if Self.isMark(scalar) {
      self = .mark
    } else if scalar.properties.isAlphabetic {
      self = .letter
    } else {
      self = scalar.properties.numericType == .decimal ? .digit : .other
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: scalar.value == 0x200C || scalar.value == 0x200D
    }
  }

  /// Thai, Lao, Burmese, Khmer, kana and Han.
  private static func isUnspaced(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
