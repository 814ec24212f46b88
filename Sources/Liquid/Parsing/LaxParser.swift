/// Lax markup: read as Shopify's Liquid does with its regular expressions, which find something in almost anything.
extension TemplateParser {
  /// A value in a range that holds nothing else.
  mutating func parseLaxValue(_ markup: Range<Int>, isOperand: Bool = false) throws(MarkupError) -> Int32 {
    try enter(at: markup.lowerBound)
    let value = try parseLaxText(markup, isOperand: isOperand)
    leave()
    return value
  }

  private mutating func parseLaxText(_ markup: Range<Int>, isOperand: Bool) throws(MarkupError) -> Int32 {
    let range = MarkupScanner.trimmed(source, markup)
    let place = range.lowerBound
    guard let first = range.first.map({ source[$0] }), let last = range.last.map({ source[$0] }) else {
      return builder.constant(.null, at: place)
    }
    if first == last, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      return builder.constant(Datum(text(range.count > 1 ? range.dropQuotes : place..<place)), at: place)
    }
    if let literal = literal(range, isOperand: isOperand && range == markup) {
      return builder.constant(literal, at: place)
    }
    if first == UInt8(ascii: "("), last == UInt8(ascii: ")"), let ends = rangeEnds(range) {
      return try self.range(from: parseLaxValue(ends.from), to: parseLaxValue(ends.to), at: place)
    }
    if let number = NumberLiteral.lax(text(range)) { return builder.constant(number, at: place) }
    return try parseLaxPath(range)
  }

  // `\A\(\s*(?>(\S+)\s*\.\.)\s*(\S+)\s*\)\z`
  private func rangeEnds(_ range: Range<Int>) -> (from: Range<Int>, to: Range<Int>)? {
    let close = range.upperBound - 1
    let start = MarkupScanner.space(source, range.lowerBound + 1, close)
    // The first text is as long as it can be: the dots are the last ones in the first run without white space.
    var stop = start
    while stop < close, !isSpace(source[stop]) { stop += 1 }
    var dots: Int?
    var fromEnd = stop
    let after = MarkupScanner.space(source, stop, close)
    if stop > start, after + 1 < close, after > stop, source[after] == UInt8(ascii: "."),
      source[after + 1] == UInt8(ascii: ".")
    {
      dots = after
    } else {
      var index = stop - 2
      while index > start {
        if source[index] == UInt8(ascii: "."), source[index + 1] == UInt8(ascii: ".") {
          dots = index
          fromEnd = index
          break
        }
        index -= 1
      }
    }
    guard let dots else { return nil }
    let second = MarkupScanner.space(source, dots + 2, close)
    var secondEnd = second
    while secondEnd < close, !isSpace(source[secondEnd]) { secondEnd += 1 }
    guard secondEnd > second, MarkupScanner.space(source, secondEnd, close) == close else { return nil }
    return (start..<fromEnd, second..<secondEnd)
  }

  /// Every `[...]` and every word is a step; what lies between them is passed over.
  private mutating func parseLaxPath(_ range: Range<Int>) throws(MarkupError) -> Int32 {
    var head: Int32?
    var segments: [Segment] = []
    var at = range.lowerBound
    // Brackets that are never closed are looked for a hundred times, not for each of a million.
    var failures = 0
    while at < range.upperBound {
      let isBracket = source[at] == UInt8(ascii: "[") && failures < 100
      if isBracket, let stop = MarkupScanner.brackets(source, at, range.upperBound) {
        let inner = try parseLaxValue((at..<stop).dropQuotes)
        if head == nil { head = dynamicVariable(inner, at: at) } else { segments.append(segment(computed: inner)) }
        at = stop
      } else if var stop = MarkupScanner.segment(source, at, range.upperBound) {
        if stop < range.upperBound, source[stop] == UInt8(ascii: "?") { stop += 1 }
        if head == nil { head = variable(at..<stop) } else { segments.append(segment(at..<stop)) }
        at = stop
      } else {
        if isBracket { failures += 1 }
        at += 1
      }
    }
    // Without a name it is a variable still, which never exists.
    guard let head else {
      return dynamicVariable(builder.constant(.null, at: range.lowerBound), at: range.lowerBound)
    }
    return path(head, segments)
  }

  // MARK: Filters

  mutating func parseLaxFiltered(_ markup: Range<Int>) throws(MarkupError) -> Int32 {
    let end = markup.upperBound
    guard let name = MarkupScanner.firstFragment(source, markup.lowerBound, end) else {
      return builder.constant(.null, at: markup.lowerBound)
    }
    let value = try parseLaxValue(name)
    var calls: [FilterCall] = []
    var at = name.upperBound
    while at < end, source[at] != UInt8(ascii: "|") { at += 1 }
    if at < end {
      at += 1
      while at < end {
        let start = at
        // `(?:\s+|QuotedFragment|,)+`
        while at < end {
          if isSpace(source[at]) || source[at] == UInt8(ascii: ",") {
            at += 1
          } else if let stop = MarkupScanner.quotedFragment(source, at, end) {
            at = stop
          } else {
            break
          }
        }
        if at > start { try parseLaxCall(start..<at, into: &calls) } else { at += 1 }
      }
    }
    return filtered(value, calls, at: name.lowerBound)
  }

  private mutating func parseLaxCall(_ range: Range<Int>, into calls: inout [FilterCall]) throws(MarkupError) {
    var start = range.lowerBound
    while start < range.upperBound, !isWord(source[start]) { start += 1 }
    guard let stop = MarkupScanner.word(source, start, range.upperBound) else { return }
    var positional: [Argument] = []
    var named: [Argument] = []
    // `(?::|,)\s*((?:\w+\s*\:\s*)?QuotedFragment)`
    var at = range.lowerBound
    while at < range.upperBound {
      guard source[at] == UInt8(ascii: ":") || source[at] == UInt8(ascii: ",") else {
        at += 1
        continue
      }
      let first = MarkupScanner.space(source, at + 1, range.upperBound)
      if let key = MarkupScanner.word(source, first, range.upperBound),
        let pair = MarkupScanner.attribute(source, first, range.upperBound), pair.name.upperBound == key
      {
        set(pair.name, to: try parseLaxValue(pair.value), in: &named)
        at = pair.value.upperBound
      } else if let fragment = MarkupScanner.quotedFragment(source, first, range.upperBound) {
        positional.append(Argument(name: -1, nameText: .none, value: try parseLaxValue(first..<fragment)))
        at = fragment
      } else {
        at += 1
      }
    }
    calls.append(try call(start..<stop, positional, named))
  }

  // MARK: Conditions

  /// `expression (and|or expression)*`, where an expression is `fragment [operator [fragment]]` and the rest of its
  /// text is passed over.
  mutating func parseLaxCondition(_ markup: Range<Int>, tag: Range<Int>) throws(MarkupError) -> Int32 {
    var pieces: [(range: Range<Int>, isJoint: Bool)] = []
    var at = markup.lowerBound
    while at < markup.upperBound {
      if let stop = joint(at, markup) {
        pieces.append((at..<stop, true))
        at = stop
      } else if let stop = operands(at, markup) {
        pieces.append((at..<stop, false))
        at = stop
      } else {
        at += 1
      }
    }
    guard let last = pieces.popLast() else { throw malformedCondition(tag) }
    var condition = try parseLaxComparison(last.range, tag: tag)
    while let piece = pieces.popLast() {
      guard let before = pieces.popLast() else { throw malformedCondition(tag) }
      let left = try parseLaxComparison(before.range, tag: tag)
      let word = text(MarkupScanner.trimmed(source, piece.range))
      guard word == "and" || word == "or" else { throw malformedCondition(tag) }
      condition = builder.add(
        Expression(
          kind: word == "and" ? .both : .either, a: left, b: condition, place: Int32(piece.range.lowerBound)))
    }
    return condition
  }

  private func malformedCondition(_ tag: Range<Int>) -> MarkupError {
    MarkupError(
      .form(
        tag: text(tag).string, form: "{% \(text(tag).string) VALUE == VALUE %}",
        liquid: "Syntax Error in tag 'if' - Valid syntax: if [expression]"), at: tag.lowerBound)
  }

  private func isBoundary(_ at: Int, _ markup: Range<Int>) -> Bool {
    let before = at > markup.lowerBound && isWord(source[at - 1])
    let after = at < markup.upperBound && isWord(source[at])
    return before != after
  }

  // `\b(?:\s?and\s?|\s?or\s?)\b`
  private func joint(_ start: Int, _ markup: Range<Int>) -> Int? {
    guard isBoundary(start, markup) else { return nil }
    for skip in start < markup.upperBound && isSpace(source[start]) ? [1, 0] : [0] {
      for word in ["and" as StaticString, "or"] {
        let first = start + skip
        let stop = first + word.utf8CodeUnitCount
        guard stop <= markup.upperBound, text(first..<stop) == word else { continue }
        if stop < markup.upperBound, isSpace(source[stop]), isBoundary(stop + 1, markup) { return stop + 1 }
        if isBoundary(stop, markup) { return stop }
      }
    }
    return nil
  }

  // `(?:\s*(?!joint)(?:QuotedFragment|\S+)\s*)+`
  private func operands(_ start: Int, _ markup: Range<Int>) -> Int? {
    var at = start
    while true {
      let first = MarkupScanner.space(source, at, markup.upperBound)
      guard first < markup.upperBound, joint(first, markup) == nil else { break }
      var stop = first
      if let fragment = MarkupScanner.quotedFragment(source, first, markup.upperBound) {
        stop = fragment
      } else {
        while stop < markup.upperBound, !isSpace(source[stop]) { stop += 1 }
      }
      at = MarkupScanner.space(source, stop, markup.upperBound)
    }
    return at > start ? at : nil
  }

  // `(QuotedFragment)\s*([=!<>a-z_]+)?\s*(QuotedFragment)?`
  private mutating func parseLaxComparison(_ range: Range<Int>, tag: Range<Int>) throws(MarkupError) -> Int32 {
    guard let first = MarkupScanner.firstFragment(source, range.lowerBound, range.upperBound) else {
      throw malformedCondition(tag)
    }
    let left = try parseLaxValue(first, isOperand: true)
    let start = MarkupScanner.space(source, first.upperBound, range.upperBound)
    var stop = start
    while stop < range.upperBound, isOperatorByte(source[stop]) { stop += 1 }
    guard stop > start else { return left }
    let second = MarkupScanner.space(source, stop, range.upperBound)
    let right: Int32
    if let secondEnd = MarkupScanner.quotedFragment(source, second, range.upperBound) {
      right = try parseLaxValue(second..<secondEnd, isOperand: true)
    } else {
      right = builder.constant(.null, at: second)
    }
    return comparison(left, text(start..<stop), right, at: start)
  }

  private func isOperatorByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "=") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
      || byte == UInt8(ascii: "_") || (97...122).contains(byte)
  }
}
