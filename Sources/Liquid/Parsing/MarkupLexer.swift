/// A token of the markup inside `{{ }}` and `{% %}`.
struct MarkupToken: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case identifier, string, number, comparison, dot, dotDot, colon, comma, pipe, dash, question
    case openRound, closeRound, openSquare, closeSquare, end
  }

  var kind: Kind
  var start: Int32
  var count: Int32

  var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// Splits markup into tokens, as strict Liquid does.
enum MarkupLexer {
  static func tokenize(
    _ source: UnsafePointer<UInt8>, _ range: Range<Int>, into tokens: inout [MarkupToken]
  ) throws(MarkupError) {
    tokens.removeAll(keepingCapacity: true)
    var at = range.lowerBound
    let end = range.upperBound
    while true {
      while at < end, isSpace(source[at]) { at += 1 }
      guard at < end else { break }
      let start = at
      let byte = source[at]
      let next: UInt8 = at + 1 < end ? source[at + 1] : 0
      let kind: MarkupToken.Kind
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        at += 1
        while at < end, isWord(source[at]) || source[at] == UInt8(ascii: "-") { at += 1 }
        if at < end, source[at] == UInt8(ascii: "?") { at += 1 }
        let isOperator =
          tokens.last?.kind != .dot && Bytes(start: source + start, count: at - start) == "contains"
        kind = isOperator ? .comparison : .identifier
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        at = endOfNumber(source, at, end)
        kind = .number
      case UInt8(ascii: "-"):
        at = isDigit(next) ? endOfNumber(source, at + 1, end) : at + 1
        kind = isDigit(next) ? .number : .dash
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let closing = MarkupScanner.quotedString(source, at, end) else {
          throw MarkupError(.unclosedText(quote: byte == UInt8(ascii: "'") ? "'" : "\""), at: start)
        }
        at = closing
        kind = .string
      case UInt8(ascii: "."):
        kind = next == byte ? .dotDot : .dot
        at += kind == .dotDot ? 2 : 1
      case UInt8(ascii: "="), UInt8(ascii: "!"):
        guard next == UInt8(ascii: "=") else { throw unexpected(source, start, end) }
        at += 2
        kind = .comparison
      case UInt8(ascii: "<"), UInt8(ascii: ">"):
        at += next == UInt8(ascii: "=") || (byte == UInt8(ascii: "<") && next == UInt8(ascii: ">")) ? 2 : 1
        kind = .comparison
      default:
        guard let single = single(byte) else { throw unexpected(source, start, end) }
        at += 1
        kind = single
      }
      tokens.append(MarkupToken(kind: kind, start: Int32(start), count: Int32(at - start)))
    }
    tokens.append(MarkupToken(kind: .end, start: Int32(end), count: 0))
  }

  private static func single(_ byte: UInt8) -> MarkupToken.Kind? {
    switch byte {
    case UInt8(ascii: "|"): .pipe
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: "["): .openSquare
    case UInt8(ascii: "]"): .closeSquare
    case UInt8(ascii: "("): .openRound
    case UInt8(ascii: ")"): .closeRound
    case UInt8(ascii: "?"): .question
    default: nil
    }
  }

  private static func endOfNumber(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end, isDigit(source[at]) { at += 1 }
    if at + 1 < end, source[at] == UInt8(ascii: "."), isDigit(source[at + 1]) {
      at += 1
      while at < end, isDigit(source[at]) { at += 1 }
    }
    return at
  }

  private static func unexpected(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> MarkupError {
    var stop = start + 1
    while stop < end, source[stop] & 0xC0 == 0x80 { stop += 1 }
    return MarkupError(
      .unexpectedCharacter("'\(Bytes(start: source + start, count: stop - start).string)'"), at: start)
  }
}
