/// Reads a template's bytes into a program.
///
/// The grammar has three levels: the text with its `{{ }}` and `{% %}` (here and in `TemplateTokens`), the tags (one
/// file a family), and the markup inside them (`ExpressionParser` for strict Liquid, `LaxParser` for the rest).
struct TemplateParser {
  let source: UnsafePointer<UInt8>
  let end: Int
  let options: TemplateOptions
  let names: NameTable
  var builder = ProgramBuilder()
  /// Texts that are constants but do not stand in the source.
  var storage = ProgramStorage()
  /// Names of partials and layouts that are known while parsing, in the order of the program's links.
  var links: [(name: String, place: Int)] = []
  var layout: Int32?
  var layoutBlockDepth = 0
  /// Top-level names that the template reads, for checks and linting.
  var reads: [(name: Int32, place: Int)] = []
  /// Where named arguments stand that were given before.
  var repeatedArguments: [Int] = []
  var writes: Set<Int32> = []

  // The tokenizer.
  var at: Int
  /// Whether white space before the next text goes.
  var trimsNext = false
  /// The lines of the `{% liquid %}` tag that is being read.
  var lines: LiquidLines?
  var depth = 0

  // The markup of the tag or output that is being read.
  var tokens: [MarkupToken] = []
  var next = 0
  /// Values inside values.
  private var nesting = 0

  /// What stands between a tag and its end.
  struct Body {
    var isBlank = true
    /// Operations that are text of this body itself.
    var literals: [Int] = []
    /// The operation of the text that was read last, if nothing came after it.
    var lastLiteral: Int?
  }

  /// A tag that ends a body, or the end of the text.
  struct Terminator {
    var name: Range<Int>
    var markup: Range<Int>
    var isEnd: Bool

    static func end(at place: Int) -> Terminator {
      Terminator(name: place..<place, markup: place..<place, isEnd: true)
    }
  }

  init(source: Bytes, from start: Int, options: TemplateOptions, names: NameTable) {
    // An empty buffer has no address; no byte of it is ever read.
    self.source = source.baseAddress ?? UnsafePointer(Self.nothing)
    end = source.count
    at = start
    self.options = options
    self.names = names
  }

  // Never written after it is made.
  nonisolated(unsafe) private static let nothing: UnsafeMutablePointer<UInt8> = {
    let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return pointer
  }()

  /// Reads the whole text; parameters that are not given get their defaults first.
  mutating func parse(_ header: TemplateHeader) throws(MarkupError) {
    for parameter in header.parameters {
      guard let range = parameter.defaultRange else { continue }
      try tokenize(range)
      let value = try parseValue()
      try consume(.end)
      let name = names.number(of: parameter.name)
      // The header is in the source, so the name can be read from there.
      let text = Int32(parameter.place)
      let variable = builder.add(
        Expression(
          kind: .variable, a: name, b: text, c: Int32(parameter.name.utf8.count), place: Int32(range.lowerBound)))
      let absent = builder.add(
        Expression(
          kind: .equal, a: variable, b: builder.constant(.null, at: range.lowerBound), place: Int32(range.lowerBound)))
      let test = builder.emit(Operation(.test, a: absent), at: range.lowerBound)
      builder.emit(Operation(.assign, a: name, b: value), at: range.lowerBound)
      builder.operations[test].b = builder.position
    }
    try parse()
  }

  mutating func parse() throws(MarkupError) {
    var body = Body()
    while true {
      let terminator = try parseBody(&body)
      if terminator.isEnd { return }
      let name = text(terminator.name)
      if name == "else" || name == "end" {
        throw MarkupError(.unexpectedOuter(name.string), at: terminator.name.lowerBound)
      }
      throw unknownTag(terminator.name)
    }
  }

  /// Reads nodes until a tag that is none, which the block around has to know.
  mutating func parseBody(_ body: inout Body) throws(MarkupError) -> Terminator {
    while true {
      if lines != nil {
        guard let line = nextLine() else { return .end(at: at) }
        if let terminator = try parseTag(name: line.name, markup: line.markup, &body) { return terminator }
        continue
      }
      guard at < end else { return .end(at: end) }
      let token = nextToken()
      switch token.kind {
      case .text: emitText(token.range, &body)
      case .output:
        trim(token, &body)
        try parseOutput(token, &body)
      case .tag:
        trim(token, &body)
        guard let tag = tagParts(token.range) else {
          let found = text(token.range)
          guard token.range.count >= 4, found[found.count - 2] == UInt8(ascii: "%"),
            found[found.count - 1] == UInt8(ascii: "}")
          else { throw MarkupError(.tagNotTerminated(found.string), at: token.range.lowerBound) }
          return Terminator(name: token.range, markup: token.range, isEnd: false)
        }
        if let terminator = try parseTag(name: tag.name, markup: tag.markup, &body) { return terminator }
      }
    }
  }

  /// Reads a block's body up to `endNAME`; other tags that end it go to `handle`, which answers whether it knew one.
  mutating func parseBlock(
    _ block: Range<Int>, _ body: inout Body
  ) throws(MarkupError) -> Terminator? {
    guard depth < 100 else { throw MarkupError(.nestedTooDeep, at: block.lowerBound) }
    depth += 1
    let terminator = try parseBody(&body)
    depth -= 1
    if terminator.isEnd { throw MarkupError(.neverClosed(text(block).string), at: block.lowerBound) }
    let name = text(terminator.name)
    if name.count == block.count + 3, name.starts(with: "end"), name.part(3..<name.count) == text(block) { return nil }
    return terminator
  }

  /// The fault of a tag that a block does not know.
  func stray(_ terminator: Terminator, in block: Range<Int>) -> MarkupError {
    let name = text(terminator.name)
    let blockName = text(block).string
    if name == "else" { return MarkupError(.unexpectedElse(block: blockName), at: terminator.name.lowerBound) }
    if name.starts(with: "end") {
      return MarkupError(.wrongDelimiter(found: name.string, block: blockName), at: terminator.name.lowerBound)
    }
    return unknownTag(terminator.name)
  }

  func unknownTag(_ name: Range<Int>) -> MarkupError {
    let word = text(name)
    if word.starts(with: "end"), Tag(named: word.part(3..<word.count), dialect: options.dialect) != nil {
      return MarkupError(.closesNothing(word.string), at: name.lowerBound)
    }
    let known = Tag.names(in: options.dialect) + ["else", "elsif", "when"]
    return MarkupError(.unknownTag(word.string, known: known), at: name.lowerBound)
  }

  // MARK: Text and output

  private mutating func emitText(_ range: Range<Int>, _ body: inout Body) {
    var range = range
    if trimsNext {
      while let first = range.first, isStripped(source[first]) { range = first + 1..<range.upperBound }
      trimsNext = false
    }
    for index in range where !isSpace(source[index]) {
      body.isBlank = false
      break
    }
    let index = builder.emit(
      Operation(.literal, a: Int32(range.lowerBound), b: Int32(range.count)), at: range.lowerBound)
    body.literals.append(index)
    body.lastLiteral = index
  }

  /// Applies `{%-` and `-%}`.
  private mutating func trim(_ token: TemplateToken, _ body: inout Body) {
    let range = token.range
    if range.count > 2, source[range.lowerBound + 2] == UInt8(ascii: "-"), let last = body.lastLiteral {
      let start = Int(builder.operations[last].a)
      var count = Int(builder.operations[last].b)
      while count > 0, isStripped(source[start + count - 1]) { count -= 1 }
      builder.operations[last].b = Int32(count)
    }
    trimsNext = range.count > 2 && source[range.upperBound - 3] == UInt8(ascii: "-")
  }

  private mutating func parseOutput(_ token: TemplateToken, _ body: inout Body) throws(MarkupError) {
    let range = token.range
    guard range.count >= 4, source[range.upperBound - 2] == UInt8(ascii: "}") else {
      throw MarkupError(.outputNotTerminated(text(range).string), at: range.lowerBound)
    }
    var first = range.lowerBound + 2
    var last = range.upperBound - 2
    if first < range.upperBound, source[first] == UInt8(ascii: "-") { first += 1 }
    if last > range.lowerBound, source[last - 1] == UInt8(ascii: "-") { last -= 1 }
    body.isBlank = false
    try emitOutput(first..<max(first, last), place: range.lowerBound, &body)
  }

  mutating func emitOutput(_ markup: Range<Int>, place: Int, _ body: inout Body) throws(MarkupError) {
    let expression = try parseFiltered(markup)
    builder.emit(Operation(.output, a: expression), at: place)
    body.lastLiteral = nil
  }

  // MARK: Helpers

  /// One level deeper into a value; `leave` must follow, except after a fault.
  mutating func enter(at place: Int) throws(MarkupError) {
    guard nesting < 100 else { throw MarkupError(.nestedTooDeep, at: place) }
    nesting += 1
  }

  mutating func leave() { nesting -= 1 }

  mutating func startMarkup() { nesting = 0 }

  @inline(__always)
  func text(_ range: Range<Int>) -> Bytes { Bytes(start: source + range.lowerBound, count: range.count) }

  func textRange(_ range: Range<Int>) -> TextRange {
    TextRange(offset: Int32(range.lowerBound), count: Int32(range.count))
  }

  func name(_ range: Range<Int>) -> Int32 { names.number(of: text(range)) }

  /// Takes the texts out of a block that shows nothing.
  mutating func removeTexts(_ literals: [Int]) {
    for index in literals { builder.operations[index].code = .nothing }
  }
}
