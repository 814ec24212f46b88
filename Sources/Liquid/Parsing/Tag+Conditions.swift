/// `if`, `unless`, `case`, `ifchanged`.
extension TemplateParser {
  private mutating func parseCondition(_ markup: Range<Int>, tag: Range<Int>) throws(MarkupError) -> Int32 {
    options.mode == .lax ? try parseLaxCondition(markup, tag: tag) : try parseStrictCondition(markup)
  }

  mutating func parseIf(
    _ tag: Range<Int>, _ markup: Range<Int>, isNegated: Bool
  ) throws(MarkupError) -> Bool {
    var tests: [Int] = []
    var jumps: [Int] = []
    var literals: [Int] = []
    var isBlank = true
    var open: Int? = builder.emit(
      Operation(isNegated ? .testNot : .test, a: try parseCondition(markup, tag: tag)), at: markup.lowerBound)
    if let open { tests.append(open) }
    while true {
      var body = Body()
      let terminator = try parseBlock(tag, &body)
      isBlank = isBlank && body.isBlank
      literals += body.literals
      guard let terminator else { break }
      let name = text(terminator.name)
      guard name == "elsif" || name == "else" else { throw stray(terminator, in: tag) }
      try checkBranch(terminator, isAfterElse: open == nil)
      jumps.append(builder.emit(Operation(.jump), at: terminator.name.lowerBound))
      if let open { builder.operations[open].b = builder.position }
      open = nil
      if name == "elsif" {
        let condition = try parseCondition(terminator.markup, tag: tag)
        let test = builder.emit(Operation(.test, a: condition), at: terminator.markup.lowerBound)
        tests.append(test)
        open = test
      }
    }
    if isBlank { removeTexts(literals) }
    if let open { builder.operations[open].b = builder.position }
    for jump in jumps { builder.operations[jump].b = builder.position }
    // A failing condition ends the whole tag, and is reported where the tag begins.
    for test in tests {
      builder.operations[test].c = builder.position
      builder.operations[test].isBlank = isBlank
      builder.places[test] = Int32(markup.lowerBound)
    }
    return isBlank
  }

  /// Shopify's Liquid passes over conditions of `else` and over branches after it; our own dialect does not.
  private func checkBranch(_ terminator: Terminator, isAfterElse: Bool) throws(MarkupError) {
    guard options.dialect == .bespoke, isStrict else { return }
    let name = text(terminator.name).string
    if isAfterElse {
      throw MarkupError(
        .misplaced("'\(name)' stands after 'else'", help: "put 'else' last"), at: terminator.name.lowerBound)
    }
    if name == "else", !MarkupScanner.trimmed(source, terminator.markup).isEmpty {
      throw MarkupError(
        .misplaced("'else' has no condition", help: "write '{% elsif CONDITION %}'"), at: terminator.markup.lowerBound)
    }
  }

  mutating func parseCase(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    let subject: Int32
    if isStrict {
      try tokenize(markup)
      subject = try parseValue()
      try consume(.end)
    } else {
      guard let fragment = MarkupScanner.firstFragment(source, markup.lowerBound, markup.upperBound) else {
        throw MarkupError(
          .form(
            tag: "case", form: "{% case VALUE %}",
            liquid: "Syntax Error in 'case' - Valid syntax: case [condition]"), at: markup.lowerBound)
      }
      subject = try parseLaxValue(fragment)
    }
    let index = builder.emit(Operation(.choose), at: markup.lowerBound)
    var clauses: [Clause] = []
    var literals: [Int] = []
    var isBlank = true
    // What stands before the first clause is read, but never carried out.
    var conditions: [Int32] = []
    while true {
      let from = builder.position
      var body = Body()
      let terminator = try parseBlock(tag, &body)
      isBlank = isBlank && body.isBlank
      literals += body.literals
      let span = Span(from: from, to: builder.position)
      clauses += conditions.map { Clause(condition: $0, body: span) }
      guard let terminator else { break }
      let name = text(terminator.name)
      if name == "when" {
        conditions = try parseWhen(terminator.markup, subject)
      } else if name == "else" {
        let rest = terminator.markup
        if MarkupScanner.space(source, rest.lowerBound, rest.upperBound) < rest.upperBound {
          throw MarkupError(
            .form(
              tag: "else", form: "{% else %}",
              liquid: "Syntax Error in tag 'case' - Valid else condition: {% else %} (no parameters) "),
            at: rest.lowerBound)
        }
        conditions = [-1]
      } else {
        throw stray(terminator, in: tag)
      }
    }
    if isBlank { removeTexts(literals) }
    builder.operations[index].a = Int32(builder.clauses.count)
    builder.operations[index].b = Int32(clauses.count)
    builder.operations[index].c = builder.position
    builder.operations[index].isBlank = isBlank
    builder.clauses += clauses
    return isBlank
  }

  /// The values of one `when`, each as a comparison with the subject.
  private mutating func parseWhen(_ markup: Range<Int>, _ subject: Int32) throws(MarkupError) -> [Int32] {
    var conditions: [Int32] = []
    if isStrict {
      try tokenize(markup)
      repeat {
        let place = Int(token.start)
        conditions.append(equality(subject, try parseValue(isOperand: true), at: place))
      } while accept(word: "or") || accept(.comma)
      try consume(.end)
      return conditions
    }
    let end = markup.upperBound
    var start: Int? = markup.lowerBound
    while let from = start {
      guard let fragment = MarkupScanner.firstFragment(source, from, end) else {
        throw MarkupError(
          .form(
            tag: "when", form: "{% when VALUE or VALUE %}",
            liquid:
              "Syntax Error in tag 'case' - Valid when condition: {% when [condition] [or condition2...] %}"),
          at: markup.lowerBound)
      }
      conditions.append(
        equality(subject, try parseLaxValue(fragment, isOperand: true), at: fragment.lowerBound))
      start = nextWhen(fragment.upperBound, end)
    }
    return conditions
  }

  /// `(?:\s+or\s+|\s*\,\s*)` and a fragment: where the fragment begins.
  private func nextWhen(_ start: Int, _ end: Int) -> Int? {
    let first = MarkupScanner.space(source, start, end)
    guard first < end else { return nil }
    var next = first
    if source[first] == UInt8(ascii: ",") {
      next = MarkupScanner.space(source, first + 1, end)
    } else if first > start, first + 2 < end, text(first..<first + 2) == "or", isSpace(source[first + 2]) {
      next = MarkupScanner.space(source, first + 2, end)
    } else {
      return nil
    }
    return MarkupScanner.quotedFragment(source, next, end) == nil ? nil : next
  }

  private mutating func equality(_ left: Int32, _ right: Int32, at place: Int) -> Int32 {
    builder.add(Expression(kind: .equal, a: left, b: right, place: Int32(place)))
  }

  mutating func parseIfChanged(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    let index = builder.emit(Operation(.ifChanged), at: markup.lowerBound)
    var body = Body()
    if let stray = try parseBlock(tag, &body) { throw self.stray(stray, in: tag) }
    builder.operations[index].c = builder.position
    builder.operations[index].isBlank = body.isBlank
    return body.isBlank
  }
}
