/// `render`, `include`, `layout`, `block`, `parent`, `abort`.
extension TemplateParser {
  mutating func parsePartial(
    _ code: Operation.Code, _ tag: Range<Int>, _ markup: Range<Int>
  ) throws(MarkupError) {
    var call = isStrict ? try parseStrictPartial(code, markup) : try parseLaxPartial(code, markup)
    // A literal nil or false is as good as no value.
    if call.subject >= 0, case let subject = builder.expressions[Int(call.subject)], subject.kind == .constant,
      !builder.constants[Int(subject.a)].isTruthy
    {
      call.subject = -1
    }
    let name = builder.expressions[Int(call.name)]
    if name.kind == .constant {
      let constant = builder.constants[Int(name.a)]
      if constant.kind == .string {
        let text = constant.text.string
        call.link = link(text, at: Int(name.place))
        if call.alias < 0 { call.alias = names.number(of: Machine.subjectName(text)) }
      }
    }
    builder.partialCalls.append(call)
    builder.emit(Operation(code, a: Int32(builder.partialCalls.count - 1)), at: markup.lowerBound)
  }

  /// The index of a template that this one calls.
  private mutating func link(_ name: String, at place: Int) -> Int32 {
    if let index = links.firstIndex(where: { $0.name == name }) { return Int32(index) }
    links.append((name, place))
    return Int32(links.count - 1)
  }

  private mutating func finish(
    _ call: inout PartialCall, alias: Range<Int>?, _ arguments: [Argument]
  ) {
    if let alias {
      call.alias = name(alias)
      call.aliasText = textRange(alias)
    }
    call.firstArgument = Int32(builder.arguments.count)
    call.argumentCount = Int32(arguments.count)
    builder.arguments += arguments
  }

  private mutating func parseStrictPartial(
    _ code: Operation.Code, _ markup: Range<Int>
  ) throws(MarkupError) -> PartialCall {
    try tokenize(markup)
    if code == .render, !looks(at: .string) {
      throw MarkupError(
        .form(
          tag: "render", form: "{% render 'NAME' %}",
          liquid: "Syntax error in tag 'render' - Template name must be a quoted string"), at: Int(token.start))
    }
    var call = PartialCall(name: try parseValue())
    call.isLoop = accept(word: "for")
    if call.isLoop || accept(word: "with") { call.subject = try parseValue() }
    let alias = accept(word: "as") ? try consume(.identifier).range : nil
    _ = accept(.comma)
    var arguments: [Argument] = []
    while looks(at: .identifier) {
      let key = try consume(.identifier).range
      try consume(.colon)
      set(key, to: try parseValue(), in: &arguments)
      _ = accept(.comma)
    }
    try consume(.end)
    finish(&call, alias: alias, arguments)
    return call
  }

  /// `(NAME)(\s+(with|for)\s+(QuotedFragment+))?(\s+(?:as)\s+([\w\-]+))?`, then attributes anywhere.
  private mutating func parseLaxPartial(
    _ code: Operation.Code, _ markup: Range<Int>
  ) throws(MarkupError) -> PartialCall {
    let end = markup.upperBound
    guard let name = partialName(code, markup) else {
      throw MarkupError(
        .form(
          tag: code == .render ? "render" : "include", form: "{% render 'NAME' %}",
          liquid: code == .render
            ? "Syntax error in tag 'render' - Template name must be a quoted string"
            : "Error in tag 'include' - Valid syntax: include '[template]' (with|for) [object|collection]"),
        at: markup.lowerBound)
    }
    var call = PartialCall(name: try parseLaxValue(name))
    var at = name.upperBound
    for isLoop in [false, true] {
      if let start = after(isLoop ? "for" : "with", at, end),
        let stop = MarkupScanner.quotedFragments(source, start, end)
      {
        call.subject = try parseLaxValue(start..<stop)
        call.isLoop = isLoop
        at = stop
        break
      }
    }
    var alias: Range<Int>?
    if let start = after("as", at, end), let stop = MarkupScanner.segment(source, start, end) { alias = start..<stop }
    var arguments: [Argument] = []
    for (key, value) in MarkupScanner.attributes(source, markup) {
      set(key, to: try parseLaxValue(value), in: &arguments)
    }
    finish(&call, alias: alias, arguments)
    return call
  }

  private func partialName(_ code: Operation.Code, _ markup: Range<Int>) -> Range<Int>? {
    var start = markup.lowerBound
    while start < markup.upperBound {
      if code == .include {
        if let stop = MarkupScanner.quotedFragments(source, start, markup.upperBound) { return start..<stop }
      } else if var stop = MarkupScanner.quotedString(source, start, markup.upperBound) {
        while let further = MarkupScanner.quotedString(source, stop, markup.upperBound) { stop = further }
        return start..<stop
      }
      start += 1
    }
    return nil
  }

  // `\s+WORD\s+`
  private func after(_ word: StaticString, _ start: Int, _ end: Int) -> Int? {
    let first = MarkupScanner.space(source, start, end)
    let stop = first + word.utf8CodeUnitCount
    guard first > start, stop < end, text(first..<stop) == word, isSpace(source[stop]) else { return nil }
    return MarkupScanner.space(source, stop, end)
  }

  // MARK: Bespoke's own

  mutating func parseLayout(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    try tokenize(markup)
    let name = try consume(.string).range.dropQuotes
    try consume(.end)
    if layout != nil || depth > 0 {
      throw MarkupError(
        .misplaced("'layout' stands in a block or twice", help: "write one 'layout' at the top of the template"),
        at: tag.lowerBound)
    }
    layout = link(text(name).string, at: name.lowerBound)
    return true
  }

  mutating func parseNamedBlock(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) {
    try tokenize(markup)
    let isQuoted = looks(at: .string)
    let range = try consume(isQuoted ? .string : .identifier).range
    try consume(.end)
    let name = name(isQuoted ? range.dropQuotes : range)
    if builder.blocks.contains(where: { $0.name == name }) {
      throw MarkupError(
        .misplaced("block '\(text(range).string)' exists already", help: "give each block a name of its own"),
        at: range.lowerBound)
    }
    let number = builder.blocks.count
    builder.blocks.append(BlockPlan(name: name, body: .none))
    let index = builder.emit(Operation(.block, a: Int32(number)), at: markup.lowerBound)
    layoutBlockDepth += 1
    var body = Body()
    let stray = try parseBlock(tag, &body)
    layoutBlockDepth -= 1
    if let stray { throw self.stray(stray, in: tag) }
    builder.blocks[number].body = Span(from: Int32(index + 1), to: builder.position)
    builder.operations[index].c = builder.position
  }

  mutating func parseParent(_ tag: Range<Int>) throws(MarkupError) {
    guard layoutBlockDepth > 0 else {
      throw MarkupError(
        .misplaced("'parent' stands outside a block", help: "use it between 'block' and 'endblock'"),
        at: tag.lowerBound)
    }
    builder.emit(Operation(.parentBlock), at: tag.lowerBound)
  }

  mutating func parseAbort(_ markup: Range<Int>) throws(MarkupError) {
    let reason = try parseFiltered(markup)
    builder.emit(Operation(.abort, a: reason), at: markup.lowerBound)
  }
}
