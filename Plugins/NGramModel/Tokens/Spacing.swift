/// Where blanks stand between tokens, unless a token's mark says otherwise.
enum Spacing {
  /// Begins a token that has no blank before it, where the rule expects one.
  static let joinMark = "\u{FFED}"
  /// Begins a token that has a blank before it, where the rule expects none.
  static let spaceMark = "\u{2581}"

  private enum Side {
    case tight, loose, unspaced
  }

  /// Whether the rule puts a blank between two tokens; neither has a mark.
  static func isSpaced(_ left: String, _ right: String) -> Bool {
    guard let before = left.unicodeScalars.last, let after = right.unicodeScalars.first else { return false }
    let leaving = Detokeniser.slot(left) == nil ? leaving(before) : .loose
    let entering = Detokeniser.slot(right) == nil ? entering(after) : .loose
    if leaving == .tight || entering == .tight { return false }
    return leaving == .loose && entering == .loose
  }

  /// A token without its mark, and what the mark says.
  static func unmarked(_ token: String) -> (text: String, isSpaced: Bool?) {
    if token.hasPrefix(joinMark) { return (String(token.unicodeScalars.dropFirst()), false) }
    if token.hasPrefix(spaceMark) { return (String(token.unicodeScalars.dropFirst()), true) }
    return (token, nil)
  }

  private static func leaving(_ scalar: Unicode.Scalar) -> Side {
    if Script(scalar) == .unspaced || isWide(scalar) { return .unspaced }
    switch scalar.properties.generalCategory {
    case .openPunctuation, .initialPunctuation: return .tight
    default: return "#@¿¡/\u{2019}'".unicodeScalars.contains(scalar) ? .tight : .loose
    }
  }

  private static func entering(_ scalar: Unicode.Scalar) -> Side {
    if Script(scalar) == .unspaced || isWide(scalar) { return .unspaced }
    switch scalar.properties.generalCategory {
    case .closePunctuation, .finalPunctuation: return .tight
    default: return ".,;:!?/\u{2026}".unicodeScalars.contains(scalar) ? .tight : .loose
    }
  }

  /// Punctuation of East Asia and full-width forms, which hold their own space.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3000...0x303F, 0xFF00...0xFF65: true
    default: false
    }
  }
}
