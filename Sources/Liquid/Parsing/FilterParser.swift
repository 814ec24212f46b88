/// A value with its filters: what stands in `{{ }}`, after `echo` and after `assign x =`.
extension TemplateParser {
  mutating func parseFiltered(_ markup: Range<Int>) throws(MarkupError) -> Int32 {
    guard options.mode == .lax else { return try parseStrictFiltered(markup) }
    do throws(MarkupError) {
      return try parseStrictFiltered(markup)
    } catch {
      return try parseLaxFiltered(markup)
    }
  }

  private mutating func parseStrictFiltered(_ markup: Range<Int>) throws(MarkupError) -> Int32 {
    try tokenize(markup)
    let place = Int(token.start)
    if looks(at: .end) { return builder.constant(.null, at: place) }
    let value = try parseValue()
    var calls: [FilterCall] = []
    while accept(.pipe) { calls.append(try parseCall()) }
    if !calls.isEmpty, tokens[next - 2].kind == .pipe, token.kind.isValue {
      throw MarkupError(
        .missingColon(filter: text(tokens[next - 1].range).string, found: shown(token)), at: Int(token.start))
    }
    try consume(.end)
    return filtered(value, calls, at: place)
  }

  private mutating func parseCall() throws(MarkupError) -> FilterCall {
    let name = try consume(.identifier).range
    var positional: [Argument] = []
    var named: [Argument] = []
    if accept(.colon) {
      // Strict templates may end a list of arguments with a comma.
      while !(options.mode == .strict && (looks(at: .pipe) || looks(at: .end))) {
        if looks(at: .identifier), looks(at: .colon, ahead: 1) {
          let key = token.range
          next += 2
          set(key, to: try parseValue(), in: &named)
        } else {
          positional.append(Argument(name: -1, nameText: .none, value: try parseValue()))
        }
        guard accept(.comma) else { break }
      }
    }
    return try call(name, positional, named)
  }

  /// Sets a named argument; the last of equal names holds.
  mutating func set(_ key: Range<Int>, to value: Int32, in named: inout [Argument]) {
    let number = name(key)
    if let index = named.firstIndex(where: { $0.name == number }) {
      named[index].value = value
      repeatedArguments.append(key.lowerBound)
    } else {
      named.append(Argument(name: number, nameText: textRange(key), value: value))
    }
  }

  mutating func call(
    _ name: Range<Int>, _ positional: [Argument], _ named: [Argument]
  ) throws(MarkupError) -> FilterCall {
    let filter = Filter(named: text(name), dialect: options.dialect)
    if options.mode == .strict {
      try check(filter, name, given: positional.count + (named.isEmpty ? 0 : 1))
    }
    let first = builder.arguments.count
    builder.arguments += positional
    builder.arguments += named
    return FilterCall(
      filter: filter ?? .unknown, firstArgument: Int32(first),
      argumentCount: UInt16(truncatingIfNeeded: positional.count + named.count),
      namedCount: UInt16(truncatingIfNeeded: named.count), nameText: textRange(name))
  }

  private func check(_ filter: Filter?, _ name: Range<Int>, given: Int) throws(MarkupError) {
    guard options.dialect == .bespoke else { return }
    guard let filter else {
      throw MarkupError(
        .unknownFilter(text(name).string, known: Filter.names(in: options.dialect)), at: name.lowerBound)
    }
    // The filters of our own dialect take any named arguments.
    let signature = filter.signature
    let most = filter.isOwn || filter == .date ? signature.most + 1 : signature.most
    guard given >= signature.least, given <= most else {
      throw MarkupError(
        .filterArguments(text(name).string, given: given, least: signature.least, most: signature.most),
        at: name.lowerBound)
    }
  }

  mutating func filtered(_ value: Int32, _ calls: [FilterCall], at place: Int) -> Int32 {
    guard !calls.isEmpty else { return value }
    let first = builder.filterCalls.count
    builder.filterCalls += calls
    return builder.add(
      Expression(kind: .filtered, a: value, b: Int32(first), c: Int32(calls.count), place: Int32(place)))
  }
}
