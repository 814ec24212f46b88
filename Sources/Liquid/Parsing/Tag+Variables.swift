/// `assign`, `capture`, `increment`, `decrement`, `cycle`.
extension TemplateParser {
  /// `\(?[\w\-\.\[\]]\)?`, one or more: what Shopify's Liquid takes for a name that is assigned to.
  private func signature(_ start: Int, _ end: Int) -> Int? {
    var at = start
    while at < end {
      var index = at
      if source[index] == UInt8(ascii: "(") { index += 1 }
      guard index < end, isSignature(source[index]) else { break }
      index += 1
      if index < end, source[index] == UInt8(ascii: ")") { index += 1 }
      at = index
    }
    return at > start ? at : nil
  }

  private func isSignature(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[")
      || byte == UInt8(ascii: "]")
  }

  mutating func parseAssign(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) {
    let form = MarkupFault.form(
      tag: "assign", form: "{% assign NAME = VALUE %}",
      liquid: "Syntax Error in 'assign' - Valid syntax: assign [var] = [source]")
    var start = markup.lowerBound
    while start < markup.upperBound {
      if let stop = signature(start, markup.upperBound) {
        let sign = MarkupScanner.space(source, stop, markup.upperBound)
        if sign < markup.upperBound, source[sign] == UInt8(ascii: "=") {
          let target = try checkedName(start..<stop)
          let value = MarkupScanner.space(source, sign + 1, markup.upperBound)
          let expression = try parseFiltered(value..<markup.upperBound)
          writes.insert(name(target))
          let index = builder.emit(Operation(.assign, a: name(target), b: expression), at: markup.lowerBound)
          builder.operations[index].isBlank = true
          return
        }
        start = max(stop, start + 1)
      } else {
        start += 1
      }
    }
    throw MarkupError(form, at: markup.lowerBound)
  }

  /// A name that is assigned to; in strict templates it must be one identifier.
  private mutating func checkedName(_ range: Range<Int>) throws(MarkupError) -> Range<Int> {
    guard isStrict else { return range }
    try tokenize(range)
    let identifier = try consume(.identifier)
    try consume(.end)
    return identifier.range
  }

  mutating func parseCapture(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) {
    let target: Range<Int>
    if isStrict {
      target = try checkedName(MarkupScanner.trimmed(source, markup))
    } else {
      var start = markup.lowerBound
      while start < markup.upperBound, signature(start, markup.upperBound) == nil { start += 1 }
      guard let stop = signature(start, markup.upperBound) else {
        throw MarkupError(
          .form(
            tag: "capture", form: "{% capture NAME %}",
            liquid: "Syntax Error in 'capture' - Valid syntax: capture [var]"), at: markup.lowerBound)
      }
      target = start..<stop
    }
    writes.insert(name(target))
    let index = builder.emit(Operation(.capture, a: name(target)), at: markup.lowerBound)
    builder.operations[index].isBlank = true
    var body = Body()
    if let stray = try parseBlock(tag, &body) { throw self.stray(stray, in: tag) }
    builder.operations[index].c = builder.position
  }

  mutating func parseCounter(_ code: Operation.Code, _ markup: Range<Int>) throws(MarkupError) {
    let trimmed = MarkupScanner.trimmed(source, markup)
    let target = try checkedName(trimmed)
    let text = builder.constant(Datum(text(target)), at: target.lowerBound)
    builder.emit(Operation(code, a: name(target), b: text), at: markup.lowerBound)
  }

  // MARK: Cycle

  mutating func parseCycle(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) {
    var values: [Int32] = []
    var group: Int32?
    if isStrict {
      try tokenize(markup)
      let first = try parseValue()
      if accept(.colon) {
        group = first
        values.append(try parseValue())
      } else {
        values.append(first)
      }
      while accept(.comma), !looks(at: .end) { values.append(try parseValue()) }
      try consume(.end)
    } else {
      var rest = markup
      if let named = cycleName(markup) {
        group = try parseLaxValue(named.name)
        rest = named.rest
      } else if MarkupScanner.quotedFragment(source, markup.lowerBound, markup.upperBound) == nil {
        throw MarkupError(
          .form(
            tag: "cycle", form: "{% cycle VALUE, VALUE %}",
            liquid: "Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]"),
          at: markup.lowerBound)
      }
      var start = rest.lowerBound
      while start <= rest.upperBound {
        var stop = start
        while stop < rest.upperBound, source[stop] != UInt8(ascii: ",") { stop += 1 }
        if let fragment = MarkupScanner.firstFragment(source, start, stop) {
          let value = try parseLaxValue(fragment)
          // Ruby's `compact` takes literal nils out.
          let expression = builder.expressions[Int(value)]
          if expression.kind != .constant || builder.constants[Int(expression.a)].kind != .null {
            values.append(value)
          }
        }
        start = stop + 1
      }
    }
    let first = builder.items.count
    builder.items += values
    let key = group ?? cycleKey(values, at: markup.lowerBound)
    builder.cycles.append(CyclePlan(group: key, first: Int32(first), count: Int32(values.count)))
    builder.emit(Operation(.cycle, a: Int32(builder.cycles.count - 1)), at: markup.lowerBound)
  }

  /// `\A(QuotedFragment)\s*\:\s*(.*)`; the fragment gives back what it must for the colon to follow.
  // `\A(QuotedFragment)\s*\:\s*(.*)`; the fragment gives back what it must for the colon to follow.
  private func cycleName(_ markup: Range<Int>) -> (name: Range<Int>, rest: Range<Int>)? {
    let (start, end) = (markup.lowerBound, markup.upperBound)
    func rest(after stop: Int) -> (name: Range<Int>, rest: Range<Int>)? {
      let colon = MarkupScanner.space(source, stop, end)
      guard colon < end, source[colon] == UInt8(ascii: ":") else { return nil }
      return (start..<stop, MarkupScanner.space(source, colon + 1, end)..<end)
    }
    if let stop = MarkupScanner.quotedString(source, start, end), let found = rest(after: stop) { return found }
    // Where the fragment could end: after each of its characters and quoted strings, the last place first.
    var ends: [Int] = []
    var at = start
    while at < end {
      if let stop = MarkupScanner.quotedString(source, at, end) {
        at = stop
      } else if MarkupScanner.quotedFragment(source, at, end) != nil {
        at += 1
      } else {
        break
      }
      ends.append(at)
    }
    for stop in ends.reversed() {
      if let found = rest(after: stop) { return found }
    }
    return nil
  }

  /// What stands for the name of a cycle without one: cycles of the same literals and ranges share their place, and
  /// one with variables is alone.
  private mutating func cycleKey(_ values: [Int32], at place: Int) -> Int32 {
    let parts = values.map { shared($0) }
    var key = parts.contains(nil) ? "cycle at \(place)" : parts.compactMap(\.self).joined(separator: "\u{1F}")
    let kept = key.withUTF8 { storage.keep($0) }
    return builder.constant(Datum(kept), at: place)
  }

  private func shared(_ value: Int32) -> String? {
    let expression = builder.expressions[Int(value)]
    switch expression.kind {
    case .constant:
      let constant = builder.constants[Int(expression.a)]
      let isText = constant.kind == .string || constant.kind == .bigInteger
      return "\(constant.kind.rawValue):\(isText ? constant.text.string : "\(constant.payload)")"
    case .range: return "(\(described(expression.a))..\(described(expression.b)))"
    default: return nil
    }
  }

  /// An expression in a form that tells it from others.
  private func described(_ value: Int32) -> String {
    if let literal = shared(value) { return literal }
    let expression = builder.expressions[Int(value)]
    switch expression.kind {
    case .variable: return "\(expression.a)"
    case .path:
      let steps = builder.segments[Int(expression.b)..<Int(expression.b + expression.c)].map { step in
        step.kind == .computed
          ? "[\(described(step.a))]" : text(Int(step.a)..<Int(step.a + step.b)).string
      }
      return "\(described(expression.a)).\(steps.joined(separator: "."))"
    default: return "\(expression.kind) \(described(expression.a))"
    }
  }
}
