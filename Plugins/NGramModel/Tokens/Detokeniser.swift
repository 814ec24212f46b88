/// Joins tokens to copy: the other way round from `Tokeniser`.
public struct Detokeniser: Sendable {
  /// What stands for the slots, by name without braces; a slot without a value stays as it is.
  public var values: [String: String] = [:]
  /// Whether a sentence begins with a capital letter.
  public var capitalises = false

  /// A detokeniser.
  public init(values: [String: String] = [:], capitalises: Bool = false) {
    self.values = values
    self.capitalises = capitalises
  }

  /// The copy that tokens stand for.
  public func text(_ tokens: some Sequence<String>) -> String {
    var text = ""
    var previous: String?
    var isBeginning = true
    for token in tokens {
      var (piece, isSpaced) = Spacing.unmarked(token)
      let shown = piece
      if let name = Self.slot(piece), let value = values[name] { piece = value }
      if let previous, isSpaced ?? Spacing.isSpaced(previous, shown) { text += " " }
      text += capitalises && isBeginning ? Self.capitalised(piece) : piece
      isBeginning = Casing.endsSentence(shown) || isBeginning && Casing.isNeutral(shown)
      previous = shown
    }
    return text
  }

  /// The name of a slot, or nil where the token is none.
  static func slot(_ token: String) -> String? {
    guard token.utf8.count > 2, token.utf8.first == UInt8(ascii: "{"), token.utf8.last == UInt8(ascii: "}") else {
      return nil
    }
    return String(token.dropFirst().dropLast())
  }

  static func capitalised(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, first.properties.isLowercase else { return text }
    return first.properties.titlecaseMapping + String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
  }
}
