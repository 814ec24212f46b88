/// The tags that begin something.
enum Tag: String, CaseIterable {
  case assign, `break`, capture, `case`, comment, `continue`, cycle, decrement, doc, echo, `for`, `if`, ifchanged
  case include, increment, liquid, raw, render, tablerow, unless
  case inlineComment = "#"
  // Bespoke's own.
  case layout, block, parent, abort

  var isOwn: Bool {
    switch self {
    case .layout, .block, .parent, .abort: true
    default: false
    }
  }

  private static let table = ByteTable(allCases.map(\.rawValue))

  init?(named name: Bytes, dialect: TemplateOptions.Dialect) {
    guard let number = Self.table.existing(name) else { return nil }
    let tag = Self.allCases[number]
    guard dialect == .bespoke || !tag.isOwn else { return nil }
    self = tag
  }

  static func names(in dialect: TemplateOptions.Dialect) -> [String] {
    allCases.filter { dialect == .bespoke || !$0.isOwn }.map(\.rawValue)
  }
}

extension TemplateParser {
  /// Reads one tag, and its body if it has one; what is no tag ends the body around it.
  mutating func parseTag(
    name: Range<Int>, markup: Range<Int>, _ body: inout Body
  ) throws(MarkupError) -> Terminator? {
    guard let tag = Tag(named: text(name), dialect: options.dialect) else {
      return Terminator(name: name, markup: markup, isEnd: false)
    }
    if tag == .liquid {
      try parseLiquid(markup, &body)
      return nil
    }
    var isBlank = false
    switch tag {
    case .assign:
      try parseAssign(name, markup)
      isBlank = true
    case .capture:
      try parseCapture(name, markup)
      isBlank = true
    case .comment:
      try skipComment(name)
      isBlank = true
    case .inlineComment:
      try checkInlineComment(name, markup)
      isBlank = true
    case .doc: isBlank = try skipDoc(name, markup)
    case .raw: isBlank = try parseRaw(name, markup)
    case .echo: try emitOutput(markup, place: markup.lowerBound, &body)
    case .break: builder.emit(Operation(.breakLoop), at: markup.lowerBound)
    case .continue: builder.emit(Operation(.continueLoop), at: markup.lowerBound)
    case .increment: try parseCounter(.increment, markup)
    case .decrement: try parseCounter(.decrement, markup)
    case .cycle: try parseCycle(name, markup)
    case .if: isBlank = try parseIf(name, markup, isNegated: false)
    case .unless: isBlank = try parseIf(name, markup, isNegated: true)
    case .case: isBlank = try parseCase(name, markup)
    case .for: isBlank = try parseFor(name, markup)
    case .tablerow: isBlank = try parseTableRow(name, markup)
    case .ifchanged: isBlank = try parseIfChanged(name, markup)
    case .include: try parsePartial(.include, name, markup)
    case .render: try parsePartial(.render, name, markup)
    case .layout: isBlank = try parseLayout(name, markup)
    case .block: try parseNamedBlock(name, markup)
    case .parent: try parseParent(name)
    case .abort: try parseAbort(markup)
    case .liquid: break
    }
    body.isBlank = body.isBlank && isBlank
    body.lastLiteral = nil
    return nil
  }

  /// Which grammar the markup of tags follows.
  var isStrict: Bool { options.mode == .strict }

  private mutating func parseLiquid(_ markup: Range<Int>, _ body: inout Body) throws(MarkupError) {
    guard depth < 100 else { throw MarkupError(.nestedTooDeep, at: markup.lowerBound) }
    depth += 1
    let outer = lines
    lines = LiquidLines(at: markup.lowerBound, end: markup.upperBound)
    let terminator = try parseBody(&body)
    lines = outer
    depth -= 1
    if terminator.isEnd { return }
    let name = text(terminator.name)
    if name == "else" { throw MarkupError(.unexpectedElse(block: "liquid"), at: terminator.name.lowerBound) }
    if name.starts(with: "end") {
      throw MarkupError(.wrongDelimiter(found: name.string, block: "liquid"), at: terminator.name.lowerBound)
    }
    throw unknownTag(terminator.name)
  }

  // MARK: Tags without output

  private mutating func skipComment(_ name: Range<Int>) throws(MarkupError) {
    guard depth < 100 else { throw MarkupError(.nestedTooDeep, at: name.lowerBound) }
    var open = 1
    while open > 0 {
      let inner: Bytes
      var range: Range<Int>?
      if lines != nil {
        guard let line = nextLine() else { throw MarkupError(.neverClosed("comment"), at: name.lowerBound) }
        inner = text(line.name)
      } else {
        guard at < end else { throw MarkupError(.neverClosed("comment"), at: name.lowerBound) }
        let token = nextToken()
        range = token.range
        guard token.kind == .tag, let parts = tagParts(token.range) else { continue }
        inner = text(parts.name)
      }
      if inner == "raw" {
        _ = try skip(to: "endraw", of: "raw", name)
      } else if inner == "comment" {
        open += 1
      } else if inner == "endcomment" {
        open -= 1
        if open == 0, let range { trimsNext = source[range.upperBound - 3] == UInt8(ascii: "-") }
      }
    }
  }

  /// Passes over pieces up to the one that ends with a tag; returns where that tag begins.
  private mutating func skip(
    to closing: StaticString, of block: String, _ name: Range<Int>
  ) throws(MarkupError) -> Int {
    while true {
      guard lines == nil, at < end else { throw MarkupError(.neverClosed(block), at: name.lowerBound) }
      let token = nextToken()
      if block == "doc", let inner = lastTag(in: token.range), text(inner.name) == "doc" {
        throw MarkupError(
          .form(
            tag: "doc", form: "{% doc %}...{% enddoc %}",
            liquid: "Syntax Error in 'doc' - Nested doc tags are not allowed"), at: inner.start)
      }
      if let start = self.closing(closing, in: token.range) {
        trimsNext = source[token.range.upperBound - 3] == UInt8(ascii: "-")
        return start
      }
    }
  }

  private func requireNoMarkup(_ name: Range<Int>, _ markup: Range<Int>, liquid: String) throws(MarkupError) {
    if MarkupScanner.space(source, markup.lowerBound, markup.upperBound) < markup.upperBound {
      let tag = text(name).string
      throw MarkupError(
        .form(tag: tag, form: "{% \(tag) %}...{% end\(tag) %}", liquid: liquid), at: markup.lowerBound)
    }
  }

  private mutating func skipDoc(_ name: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    try requireNoMarkup(name, markup, liquid: "Syntax Error in 'doc' - Valid syntax: {% doc %}{% enddoc %}")
    let start = at
    return try skip(to: "enddoc", of: "doc", name) == start
  }

  private mutating func parseRaw(_ name: Range<Int>, _ markup: Range<Int>) throws(MarkupError) -> Bool {
    try requireNoMarkup(name, markup, liquid: "Syntax Error in 'raw' - Valid syntax: raw")
    let start = at
    let stop = try skip(to: "endraw", of: "raw", name)
    builder.emit(Operation(.literal, a: Int32(start), b: Int32(stop - start)), at: start)
    return start == stop
  }

  private func checkInlineComment(_ name: Range<Int>, _ markup: Range<Int>) throws(MarkupError) {
    var index = markup.lowerBound
    while index < markup.upperBound {
      if source[index] == UInt8(ascii: "\n") {
        let first = MarkupScanner.space(source, index, markup.upperBound)
        if first < markup.upperBound, source[first] != UInt8(ascii: "#") {
          throw MarkupError(
            .form(
              tag: "#", form: "# at the start of each line",
              liquid: "Syntax error in tag '#' - Each line of comments must be prefixed by the '#' character"),
            at: first)
        }
      }
      index += 1
    }
  }
}
