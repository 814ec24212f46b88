/// Undoes the capital letters at the beginnings of sentences, so that a word is one word wherever it stands.
///
/// A capitalised word at the beginning is lower-cased if the text has it in lower case elsewhere, and there more often
/// than capitalised. Source: Lita et al., "tRuEcasIng", 2003, of which this is the unigram case.
struct Casing {
  private var capitalised: [String: Int] = [:]
  private var lower: [String: Int] = [:]
  private var beginnings = 0
  private var capitalBeginnings = 0

  /// Learns from a line's tokens.
  mutating func learn(_ tokens: [String]) {
    var isBeginning = true
    for token in tokens {
      let text = Spacing.unmarked(token).text
      if isBeginning, let first = text.unicodeScalars.first, first.properties.isCased {
        beginnings += 1
        if first.properties.isUppercase { capitalBeginnings += 1 }
      } else if let first = text.unicodeScalars.first {
        if first.properties.isUppercase { capitalised[text, default: 0] += 1 }
        if first.properties.isLowercase { lower[text, default: 0] += 1 }
      }
      isBeginning = Self.endsSentence(text) || isBeginning && Self.isNeutral(text)
    }
  }

  /// Whether most sentences of the text begin with a capital letter.
  var capitalises: Bool { capitalBeginnings * 2 > beginnings }

  /// A line's tokens with the capital letters of beginnings undone.
  func restored(_ tokens: [String], capitalises: Bool) -> [String] {
    guard capitalises else { return tokens }
    var isBeginning = true
    return tokens.map { token in
      let text = Spacing.unmarked(token).text
      defer { isBeginning = Self.endsSentence(text) || isBeginning && Self.isNeutral(text) }
      guard isBeginning, let first = text.unicodeScalars.first, first.properties.isUppercase else { return token }
      let lowered =
        first.properties.lowercaseMapping + String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
      guard lower[lowered, default: 0] > capitalised[text, default: 0] else { return token }
      return String(String.UnicodeScalarView(token.unicodeScalars.dropLast(text.unicodeScalars.count))) + lowered
    }
  }

  static func endsSentence(_ token: String) -> Bool { [".", "!", "?", "\u{2026}"].contains(token) }

  /// Whether a token leaves the beginning where it is: quotation marks, brackets, dashes.
  static func isNeutral(_ token: String) -> Bool {
    token.unicodeScalars.allSatisfy { Script($0) == .other } && Detokeniser.slot(token) == nil
  }
}
