/// Splits copy into tokens, without loss, but for runs of blanks: words, numbers, slots such as `{brand}`, marks of
/// punctuation one by one, and each character of the scripts that write no blanks.
///
/// Where two tokens stand closer together or further apart than `Spacing` expects, the later one begins with a mark that
/// says so.
public struct Tokeniser: Sendable {
  /// Whether prices and percentages become the slots `{price}` and `{percentage}`.
  public var recognisesClasses = false

  /// A tokeniser.
  public init(recognisesClasses: Bool = false) { self.recognisesClasses = recognisesClasses }

  /// The tokens of one line.
  public func tokens(_ line: some StringProtocol) -> [String] {
    var pieces = Self.pieces(line)
    if recognisesClasses { pieces = Self.withClasses(pieces) }
    var tokens: [String] = []
    tokens.reserveCapacity(pieces.count)
    for (index, piece) in pieces.enumerated() {
      let isSpacedByRule = index > 0 && Spacing.isSpaced(pieces[index - 1].text, piece.text)
      if index == 0 || piece.isSpaced == isSpacedByRule {
        tokens.append(piece.text)
      } else {
        tokens.append((piece.isSpaced ? Spacing.spaceMark : Spacing.joinMark) + piece.text)
      }
    }
    return tokens
  }

  private struct Piece {
    var text: String
    /// Whether a blank stands before it.
    var isSpaced: Bool
  }

  private static func pieces(_ line: some StringProtocol) -> [Piece] {
    let scalars = Array(line.unicodeScalars)
    var pieces: [Piece] = []
    var place = 0
    var isSpaced = false
    while place < scalars.count {
      if isBlank(scalars[place]) {
        isSpaced = true
        place += 1
        continue
      }
      let end = end(of: scalars, from: place)
      var text = ""
      for scalar in scalars[place..<end] { text.unicodeScalars.append(scalar) }
      pieces.append(Piece(text: text, isSpaced: isSpaced))
      isSpaced = false
      place = end
    }
    return pieces
  }

  /// Where the token that starts at a place ends.
  private static func end(of scalars: [Unicode.Scalar], from start: Int) -> Int {
    let kind = Script(scalars[start])
    var end = start + 1
    func skipMarks() { while end < scalars.count, Script(scalars[end]) == .mark { end += 1 } }
    switch kind {
    case .letter, .digit, .mark:
      while end < scalars.count {
        let next = Script(scalars[end])
        if next == .letter || next == .digit || next == .mark {
          end += 1
        } else if end + 1 < scalars.count, joins(scalars[end - 1], scalars[end], scalars[end + 1]) {
          end += 2
        } else {
          break
        }
      }
    case .unspaced: skipMarks()
    case .other:
      if scalars[start] == "{", let close = slotEnd(scalars, from: start) { return close }
      skipMarks()
    }
    return end
  }

  /// Whether a mark between two characters belongs to their word or number: `d'été`, `T-shirt`, `12,99`.
  private static func joins(_ left: Unicode.Scalar, _ mark: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
    let (before, after) = (Script(left), Script(right))
    switch mark {
    case "'", "\u{2019}", "-", "\u{2011}":
      return (before == .letter || before == .mark || before == .digit) && (after == .letter || after == .digit)
    case ".", ",", ":": return before == .digit && after == .digit
    default: return false
    }
  }

  private static func slotEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    var end = start + 1
    while end < scalars.count, scalars[end].isASCII,
      Script(scalars[end]) != .other || "_.-".unicodeScalars.contains(scalars[end])
    {
      end += 1
    }
    return end > start + 1 && end < scalars.count && scalars[end] == "}" ? end + 1 : nil
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar.value < 0x20 || scalar.properties.isWhitespace
  }

  private static func withClasses(_ pieces: [Piece]) -> [Piece] {
    var result: [Piece] = []
    var place = 0
    while place < pieces.count {
      var piece = pieces[place]
      let next = place + 1 < pieces.count ? pieces[place + 1].text : ""
      if isNumber(piece.text), isPercent(next) {
        piece.text = "{percentage}"
        place += 1
      } else if isNumber(piece.text), isCurrency(next) {
        piece.text = "{price}"
        place += 1
      } else if isCurrency(piece.text), isNumber(next) {
        piece.text = "{price}"
        place += 1
      }
      result.append(piece)
      place += 1
    }
    return result
  }

  private static func isNumber(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { Script($0) == .digit || $0 == "." || $0 == "," } && !text.isEmpty
      && text.unicodeScalars.contains { Script($0) == .digit }
  }

  private static func isPercent(_ text: String) -> Bool { text == "%" || text == "\u{FF05}" || text == "\u{66A}" }

  private static func isCurrency(_ text: String) -> Bool {
    guard let scalar = text.unicodeScalars.first else { return false }
    return scalar.properties.generalCategory == .currencySymbol && text.unicodeScalars.count == 1
      || ["EUR", "USD", "GBP", "JPY", "CHF", "kr", "zł"].contains(text)
  }
}
