/// Strict markup: tokens, read by recursive descent.
extension TemplateParser {
  mutating func tokenize(_ markup: Range<Int>) throws(MarkupError) {
    try MarkupLexer.tokenize(source, markup, into: &tokens)
    next = 0
    startMarkup()
  }

  var token: MarkupToken { tokens[next] }

  func looks(at kind: MarkupToken.Kind, ahead: Int = 0) -> Bool {
    next + ahead < tokens.count && tokens[next + ahead].kind == kind
  }

  @discardableResult
  mutating func consume(_ kind: MarkupToken.Kind) throws(MarkupError) -> MarkupToken {
    guard token.kind == kind else {
      throw MarkupError(.expected(kind.description, found: shown(token)), at: Int(token.start))
    }
    defer { next += 1 }
    return token
  }

  mutating func accept(_ kind: MarkupToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    next += 1
    return true
  }

  mutating func accept(word: StaticString) -> Bool {
    guard token.kind == .identifier, text(token.range) == word else { return false }
    next += 1
    return true
  }

  /// A token as messages show it.
  func shown(_ token: MarkupToken) -> String {
    switch token.kind {
    case .end: "the end"
    case .identifier, .string, .number, .comparison: "'\(text(token.range).string)'"
    default: token.kind.description
    }
  }

  // MARK: Values

  /// A value without filters.
  ///
  /// `isOperand` says that it is an operand of a comparison, where `empty` and `blank` mean something.
  mutating func parseValue(isOperand: Bool = false) throws(MarkupError) -> Int32 {
    try enter(at: Int(token.start))
    let value = try parseUnfiltered(isOperand: isOperand)
    leave()
    return value
  }

  private mutating func parseUnfiltered(isOperand: Bool) throws(MarkupError) -> Int32 {
    let first = token
    let place = Int(first.start)
    switch first.kind {
    case .identifier:
      next += 1
      if !looks(at: .dot), !looks(at: .openSquare), let literal = literal(first.range, isOperand: isOperand) {
        return builder.constant(literal, at: place)
      }
      return try parseSegments(of: variable(first.range))
    case .openSquare:
      if options.mode == .strict { throw MarkupError(.bareBrackets, at: place) }
      next += 1
      let name = try parseValue()
      try consume(.closeSquare)
      return try parseSegments(of: dynamicVariable(name, at: place))
    case .string:
      next += 1
      return builder.constant(Datum(text(first.range.dropQuotes)), at: place)
    case .number:
      next += 1
      return builder.constant(NumberLiteral.datum(text(first.range)), at: place)
    case .openRound:
      next += 1
      let from = try parseValue()
      try consume(.dotDot)
      let to = try parseValue()
      try consume(.closeRound)
      return try range(from: from, to: to, at: place)
    default: throw MarkupError(.notAnExpression(shown(first)), at: place)
    }
  }

  /// What follows a variable: `.name`, `[value]`.
  private mutating func parseSegments(of head: Int32) throws(MarkupError) -> Int32 {
    var segments: [Segment] = []
    while true {
      if accept(.openSquare) {
        let key = try parseValue()
        try consume(.closeSquare)
        segments.append(segment(computed: key))
      } else if accept(.dot) {
        let key = try consume(.identifier).range
        segments.append(segment(key))
      } else {
        return path(head, segments)
      }
    }
  }

  func literal(_ range: Range<Int>, isOperand: Bool) -> Datum? {
    let word = text(range)
    guard word.count <= 5 else { return nil }
    if word == "nil" || word == "null" { return .null }
    if word == "true" { return Datum(true) }
    if word == "false" { return Datum(false) }
    if word == "blank" { return isOperand ? Datum(.blank) : Datum("") }
    if word == "empty" { return isOperand ? Datum(.empty) : Datum("") }
    return nil
  }

  mutating func variable(_ range: Range<Int>) -> Int32 {
    let number = name(range)
    reads.append((number, range.lowerBound))
    return builder.add(
      Expression(
        kind: .variable, a: number, b: Int32(range.lowerBound), c: Int32(range.count),
        place: Int32(range.lowerBound)))
  }

  mutating func dynamicVariable(_ name: Int32, at place: Int) -> Int32 {
    builder.add(Expression(kind: .dynamicVariable, a: name, place: Int32(place)))
  }

  mutating func range(from: Int32, to: Int32, at place: Int) throws(MarkupError) -> Int32 {
    let ends = [from, to].map { builder.expressions[Int($0)] }
    // Ends that are known now are cut to whole numbers; what has no number is refused.
    if ends.allSatisfy({ $0.kind == .constant }) {
      for end in ends {
        let value = builder.constants[Int(end.a)]
        switch value.kind {
        case .boolean:
          throw MarkupError(.invalidRange(value.truth ? "true" : "false"), at: Int(end.place))
        case .double:
          builder.constants[Int(end.a)] = Datum(Int64(exactly: value.double.rounded(.towardZero)) ?? 0)
        default: break
        }
      }
    }
    return builder.add(Expression(kind: .range, a: from, b: to, place: Int32(place)))
  }

  func segment(_ range: Range<Int>) -> Segment {
    let key = text(range)
    let kind: Segment.Kind =
      key == "size" ? .size : key == "first" ? .first : key == "last" ? .last : .key
    return Segment(kind: kind, a: Int32(range.lowerBound), b: Int32(range.count))
  }

  func segment(computed key: Int32) -> Segment {
    let expression = builder.expressions[Int(key)]
    if expression.kind == .constant {
      let constant = builder.constants[Int(expression.a)]
      if constant.kind == .string, constant.count > 0, let start = constant.text.baseAddress {
        return Segment(kind: .quoted, a: Int32(start - source), b: Int32(constant.count))
      }
    }
    return Segment(kind: .computed, a: key)
  }

  mutating func path(_ head: Int32, _ segments: [Segment]) -> Int32 {
    guard !segments.isEmpty else { return head }
    let first = builder.segments.count
    builder.segments += segments
    return builder.add(
      Expression(
        kind: .path, a: head, b: Int32(first), c: Int32(segments.count),
        place: builder.expressions[Int(head)].place))
  }

  // MARK: Conditions

  mutating func parseStrictCondition(_ markup: Range<Int>) throws(MarkupError) -> Int32 {
    try tokenize(markup)
    let condition = try parseAlternatives()
    try consume(.end)
    return condition
  }

  /// Comparisons joined by `and` and `or`, which bind equally and to the right.
  private mutating func parseAlternatives() throws(MarkupError) -> Int32 {
    var terms = [try parseComparison()]
    var joints: [(kind: Expression.Kind, place: Int32)] = []
    while true {
      let place = token.start
      guard let kind: Expression.Kind = accept(word: "and") ? .both : accept(word: "or") ? .either : nil else { break }
      joints.append((kind, place))
      terms.append(try parseComparison())
    }
    var condition = terms[terms.count - 1]
    for index in stride(from: joints.count - 1, through: 0, by: -1) {
      condition = builder.add(
        Expression(kind: joints[index].kind, a: terms[index], b: condition, place: joints[index].place))
    }
    return condition
  }

  /// Whether the parenthesis here opens a range, and not a part of a condition.
  private var isRange: Bool {
    var depth = 0
    for index in next..<tokens.count {
      switch tokens[index].kind {
      case .openRound: depth += 1
      case .closeRound:
        depth -= 1
        if depth == 0 { return false }
      case .dotDot where depth == 1: return true
      default: break
      }
    }
    return false
  }

  private mutating func parseComparison() throws(MarkupError) -> Int32 {
    if options.dialect == .bespoke {
      let place = token.start
      if looks(at: .identifier), text(token.range) == "not", !looks(at: .comparison, ahead: 1),
        !looks(at: .end, ahead: 1), !looks(at: .dot, ahead: 1)
      {
        next += 1
        try enter(at: Int(place))
        let condition = try parseComparison()
        leave()
        return builder.add(Expression(kind: .negation, a: condition, place: place))
      }
      if looks(at: .openRound), !isRange {
        next += 1
        try enter(at: Int(place))
        let condition = try parseAlternatives()
        leave()
        try consume(.closeRound)
        return condition
      }
    }
    let left = try parseValue(isOperand: true)
    guard looks(at: .comparison) else { return left }
    let symbol = token
    next += 1
    let right = try parseValue(isOperand: true)
    return comparison(left, text(symbol.range), right, at: Int(symbol.start))
  }

  mutating func comparison(_ left: Int32, _ symbol: Bytes, _ right: Int32, at place: Int) -> Int32 {
    let kind: Expression.Kind =
      switch symbol.string {
      case "==": .equal
      case "!=", "<>": .unequal
      case "<": .less
      case "<=": .lessOrEqual
      case ">": .greater
      case ">=": .greaterOrEqual
      case "contains": .contains
      default: .unknownOperator
      }
    return builder.add(
      Expression(
        kind: kind, a: left, b: kind == .unknownOperator ? Int32(place) : right,
        c: Int32(symbol.count), place: Int32(place)))
  }
}

extension MarkupToken.Kind {
  /// Whether a value can begin with it.
  var isValue: Bool { self == .identifier || self == .string || self == .number }

  /// The kind in words.
  var description: String {
    switch self {
    case .identifier: "a name"
    case .string: "a string"
    case .number: "a number"
    case .comparison: "a comparison"
    case .dot: "'.'"
    case .dotDot: "'..'"
    case .colon: "':'"
    case .comma: "','"
    case .pipe: "'|'"
    case .dash: "'-'"
    case .question: "'?'"
    case .openRound: "'('"
    case .closeRound: "')'"
    case .openSquare: "'['"
    case .closeSquare: "']'"
    case .end: "the end"
    }
  }
}

extension Range<Int> {
  /// Without the byte at each end.
  var dropQuotes: Range<Int> { lowerBound + 1..<upperBound - 1 }
}
