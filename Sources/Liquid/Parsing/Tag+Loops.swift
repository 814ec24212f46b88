/// `for` and `tablerow`.
extension TemplateParser {
  mutating func parseFor(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    var plan = options.mode == .lax ? try parseLaxFor(markup) : try parseStrictFor(markup)
    let index = builder.emit(Operation(.loop), at: markup.lowerBound)
    var body = Body()
    plan.body.from = builder.position
    var terminator = try parseBlock(tag, &body)
    plan.body.to = builder.position
    var literals = body.literals
    var isBlank = body.isBlank
    if let found = terminator {
      guard text(found.name) == "else" else { throw stray(found, in: tag) }
      var otherwise = Body()
      plan.otherwise.from = builder.position
      terminator = try parseBlock(tag, &otherwise)
      plan.otherwise.to = builder.position
      literals += otherwise.literals
      isBlank = isBlank && otherwise.isBlank
    }
    if let found = terminator {
      guard options.dialect == .liquid, text(found.name) == "else" else { throw stray(found, in: tag) }
      // In Shopify's Liquid a second `else` ends the loop and takes the first one's place.
      plan.otherwise = .none
    }
    if isBlank { removeTexts(literals) }
    builder.loops.append(plan)
    builder.operations[index].a = Int32(builder.loops.count - 1)
    builder.operations[index].c = builder.position
    builder.operations[index].isBlank = isBlank
    return isBlank
  }

  private mutating func plan(_ variable: Range<Int>, _ collection: Int32, key: String) -> LoopPlan {
    writes.insert(name(variable))
    return LoopPlan(
      variable: name(variable), variableText: textRange(variable),
      key: names.number(of: "\(text(variable).string)-\(key)"), collection: collection, body: .none,
      otherwise: .none)
  }

  private mutating func parseStrictFor(_ markup: Range<Int>) throws(MarkupError) -> LoopPlan {
    try tokenize(markup)
    let variable = try consume(.identifier).range
    guard accept(word: "in") else {
      throw MarkupError(
        .form(tag: "for", form: "{% for NAME in VALUE %}", liquid: "For loops require an 'in' clause"),
        at: Int(token.start))
    }
    let first = next
    let collection = try parseValue()
    var plan = plan(variable, collection, key: joined(tokens[first..<next]))
    plan.isReversed = accept(word: "reversed")
    while looks(at: .comma) || looks(at: .identifier) {
      _ = accept(.comma)
      let isLimit = accept(word: "limit")
      guard isLimit || accept(word: "offset") else {
        throw MarkupError(
          .form(
            tag: "for", form: "{% for NAME in VALUE limit: NUMBER offset: NUMBER %}",
            liquid: "Invalid attribute in for loop. Valid attributes are limit and offset"), at: Int(token.start))
      }
      try consume(.colon)
      if isLimit {
        plan.limit = try parseValue()
      } else if looks(at: .identifier), text(token.range) == "continue", !looks(at: .dot, ahead: 1) {
        next += 1
        plan.from = -2
      } else {
        plan.from = try parseValue()
      }
    }
    try consume(.end)
    return plan
  }

  /// Tokens without the white space between them, as Shopify's Liquid names a loop.
  private func joined(_ tokens: ArraySlice<MarkupToken>) -> String {
    tokens.map { text($0.range).string }.joined()
  }

  /// `\A([\w\-]+)\s+in\s+(QuotedFragment+)\s*(reversed)?`, then attributes anywhere.
  private mutating func parseLaxFor(_ markup: Range<Int>) throws(MarkupError) -> LoopPlan {
    let end = markup.upperBound
    guard let nameEnd = MarkupScanner.segment(source, markup.lowerBound, end),
      let start = afterIn(nameEnd, end), let stop = MarkupScanner.quotedFragments(source, start, end)
    else {
      throw MarkupError(
        .form(
          tag: "for", form: "{% for NAME in VALUE %}",
          liquid: "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]"), at: markup.lowerBound)
    }
    let variable = markup.lowerBound..<nameEnd
    var plan = plan(variable, try parseLaxValue(start..<stop), key: text(start..<stop).string)
    let rest = MarkupScanner.space(source, stop, end)
    plan.isReversed = rest + 8 <= end && text(rest..<rest + 8) == "reversed"
    for (name, value) in MarkupScanner.attributes(source, markup) {
      if text(name) == "limit" {
        plan.limit = try parseLaxValue(value)
      } else if text(name) == "offset" {
        plan.from = text(value) == "continue" ? -2 : try parseLaxValue(value)
      }
    }
    return plan
  }

  // `\s+in\s+`
  private func afterIn(_ start: Int, _ end: Int) -> Int? {
    let word = MarkupScanner.space(source, start, end)
    guard word > start, word + 2 < end, text(word..<word + 2) == "in", isSpace(source[word + 2]) else { return nil }
    return MarkupScanner.space(source, word + 2, end)
  }

  mutating func parseTableRow(_ tag: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    var plan = isStrict ? try parseStrictTableRow(markup) : try parseLaxTableRow(markup)
    let index = builder.emit(Operation(.rows), at: markup.lowerBound)
    var body = Body()
    plan.body.from = builder.position
    if let stray = try parseBlock(tag, &body) { throw self.stray(stray, in: tag) }
    plan.body.to = builder.position
    builder.rows.append(plan)
    builder.operations[index].a = Int32(builder.rows.count - 1)
    builder.operations[index].c = builder.position
    builder.operations[index].isBlank = body.isBlank
    return body.isBlank
  }

  private mutating func set(
    _ attribute: Bytes, to value: Int32, in plan: inout RowPlan
  ) -> Bool {
    if attribute == "cols" {
      plan.columns = value
    } else if attribute == "limit" {
      plan.limit = value
    } else if attribute == "offset" {
      plan.from = value
    } else {
      return attribute == "range"
    }
    return true
  }

  private mutating func parseStrictTableRow(_ markup: Range<Int>) throws(MarkupError) -> RowPlan {
    try tokenize(markup)
    let variable = try consume(.identifier).range
    guard accept(word: "in") else {
      throw MarkupError(
        .form(tag: "tablerow", form: "{% tablerow NAME in VALUE %}", liquid: "For loops require an 'in' clause"),
        at: Int(token.start))
    }
    writes.insert(name(variable))
    var plan = RowPlan(
      variable: name(variable), variableText: textRange(variable), collection: try parseValue(), body: .none)
    _ = accept(.comma)
    while looks(at: .identifier) {
      let attribute = try consume(.identifier).range
      try consume(.colon)
      guard set(text(attribute), to: try parseValue(), in: &plan) else {
        throw MarkupError(
          .form(
            tag: "tablerow", form: "{% tablerow NAME in VALUE cols: NUMBER limit: NUMBER offset: NUMBER %}",
            liquid: "Invalid attribute '\(text(attribute).string)' in tablerow loop. "
              + "Valid attributes are cols, limit, offset, and range"), at: attribute.lowerBound)
      }
      _ = accept(.comma)
    }
    try consume(.end)
    return plan
  }

  /// `(\w+)\s+in\s+(QuotedFragment+)`, then attributes anywhere.
  private mutating func parseLaxTableRow(_ markup: Range<Int>) throws(MarkupError) -> RowPlan {
    let end = markup.upperBound
    var start = markup.lowerBound
    while start < end {
      if let nameEnd = MarkupScanner.word(source, start, end) {
        if let first = afterIn(nameEnd, end), let stop = MarkupScanner.quotedFragments(source, first, end) {
          writes.insert(name(start..<nameEnd))
          var plan = RowPlan(
            variable: name(start..<nameEnd), variableText: textRange(start..<nameEnd),
            collection: try parseLaxValue(first..<stop), body: .none)
          for (name, value) in MarkupScanner.attributes(source, markup) {
            _ = set(text(name), to: try parseLaxValue(value), in: &plan)
          }
          return plan
        }
        start = nameEnd
      } else {
        start += 1
      }
    }
    throw MarkupError(
      .form(
        tag: "tablerow", form: "{% tablerow NAME in VALUE %}",
        liquid: "Syntax Error in 'table_row loop' - Valid syntax: table_row [item] in [collection] cols=3"),
      at: markup.lowerBound)
  }
}
