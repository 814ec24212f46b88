/// A piece of the template: text, `{{ ... }}` or `{% ... %}`.
struct TemplateToken {
  enum Kind { case text, output, tag }
  var kind: Kind
  var range: Range<Int>
}

/// The lines of a `{% liquid %}` tag.
struct LiquidLines {
  var at: Int
  let end: Int
}

extension TemplateParser {
  /// The next piece; an output or tag that is not closed comes as its two opening bytes.
  mutating func nextToken() -> TemplateToken {
    let start = at
    if source[start] == UInt8(ascii: "{"), start + 1 < end {
      if source[start + 1] == UInt8(ascii: "%") { return tagToken(start) }
      if source[start + 1] == UInt8(ascii: "{") { return outputToken(start) }
    }
    at = start + 1
    while at < end {
      if source[at] == UInt8(ascii: "{"), at + 1 < end,
        source[at + 1] == UInt8(ascii: "%") || source[at + 1] == UInt8(ascii: "{")
      {
        break
      }
      at += 1
    }
    return TemplateToken(kind: .text, range: start..<at)
  }

  private mutating func tagToken(_ start: Int) -> TemplateToken {
    var index = start + 2
    while index + 1 < end {
      if source[index] == UInt8(ascii: "%"), source[index + 1] == UInt8(ascii: "}") {
        at = index + 2
        return TemplateToken(kind: .tag, range: start..<at)
      }
      index += 1
    }
    at = end
    return TemplateToken(kind: .tag, range: start..<start + 2)
  }

  /// `{{` up to `}}`, or to a single `}`, which is a fault; a `{%` on the way makes it end where that tag does.
  private mutating func outputToken(_ start: Int) -> TemplateToken {
    var index = start + 2
    while index < end {
      let byte = source[index]
      if byte == UInt8(ascii: "}") {
        let isPair = index + 1 < end && source[index + 1] == byte
        at = index + (isPair ? 2 : 1)
        return TemplateToken(kind: .output, range: start..<at)
      }
      if byte == UInt8(ascii: "{"), index + 1 < end, source[index + 1] == UInt8(ascii: "%") {
        let tag = tagToken(index)
        if tag.range.count == 2 { at = index + 2 }
        return TemplateToken(kind: .output, range: start..<at)
      }
      index += 1
    }
    at = end
    return TemplateToken(kind: .output, range: start..<start + 2)
  }

  /// Name and markup of a tag; nil when it has no name.
  func tagParts(_ range: Range<Int>) -> (name: Range<Int>, markup: Range<Int>)? {
    guard range.count >= 4, source[range.upperBound - 2] == UInt8(ascii: "%") else { return nil }
    var first = range.lowerBound + 2
    var last = range.upperBound - 2
    if first < last, source[first] == UInt8(ascii: "-") { first += 1 }
    if first < last, source[last - 1] == UInt8(ascii: "-") { last -= 1 }
    return nameAndMarkup(first..<last)
  }

  // `\s*(#|\w+)\s*(.*)`
  private func nameAndMarkup(_ range: Range<Int>) -> (name: Range<Int>, markup: Range<Int>)? {
    let start = MarkupScanner.space(source, range.lowerBound, range.upperBound)
    guard start < range.upperBound else { return nil }
    let stop: Int
    if source[start] == UInt8(ascii: "#") {
      stop = start + 1
    } else if let word = MarkupScanner.word(source, start, range.upperBound) {
      stop = word
    } else {
      return nil
    }
    return (start..<stop, MarkupScanner.space(source, stop, range.upperBound)..<range.upperBound)
  }

  /// The next line of a `{% liquid %}` tag that is not empty; a line without a name comes whole, as a name.
  mutating func nextLine() -> (name: Range<Int>, markup: Range<Int>)? {
    while let line = takeLine() {
      if let parts = nameAndMarkup(line) { return parts }
      if !MarkupScanner.trimmed(source, line).isEmpty { return (line, line) }
    }
    return nil
  }

  mutating func takeLine() -> Range<Int>? {
    guard var rest = lines, rest.at < rest.end else { return nil }
    let start = rest.at
    var stop = start
    while stop < rest.end, source[stop] != UInt8(ascii: "\n") { stop += 1 }
    rest.at = stop + 1
    lines = rest
    return start..<stop
  }

  /// Where the text `{% NAME` begins in a piece, if the piece ends with that tag.
  ///
  /// `\A(.*){%-?\s*(\w+)\s*(.*)?-?%}\z`
  func closing(_ name: StaticString, in range: Range<Int>) -> Int? {
    guard let tag = lastTag(in: range), text(tag.name) == name else { return nil }
    return tag.start
  }

  /// The last tag with a name that begins in a piece.
  func lastTag(in range: Range<Int>) -> (start: Int, name: Range<Int>)? {
    guard range.count >= 5, source[range.upperBound - 1] == UInt8(ascii: "}"),
      source[range.upperBound - 2] == UInt8(ascii: "%")
    else { return nil }
    let last = range.upperBound - 2
    var start = last - 2
    while start >= range.lowerBound {
      if source[start] == UInt8(ascii: "{"), source[start + 1] == UInt8(ascii: "%") {
        var first = start + 2
        if first < last, source[first] == UInt8(ascii: "-") { first += 1 }
        first = MarkupScanner.space(source, first, last)
        if let stop = MarkupScanner.word(source, first, last) { return (start, first..<stop) }
      }
      start -= 1
    }
    return nil
  }
}
