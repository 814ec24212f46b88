extension Machine {
  // `{{ ... }}`
  @inline(__always)
  mutating func output(_ index: Int32, _ code: Code) throws(Stop) {
    let expression = code.pointee.expressions[Int(index)]
    guard expression.kind == .filtered else {
      let value = try evaluate(index, code)
      if value.printsNothing { try noteMissing(value, expression, code) }
      print(value)
      return
    }
    let last = code.pointee.filterCalls[Int(expression.b + expression.c) - 1]
    // The filters that only change how a value is written down write it straight into the output.
    if last.argumentCount == 0, last.filter == .escape || last.filter == .h, kind == .html || kind == .text {
      let value = try filtered(expression, code, calls: Int(expression.c) - 1)
      if value.printsNothing { recordGap(expression, code) }
      escape(text(of: value))
      return
    }
    if last.filter == .money, last.argumentCount == 0, kind == .html || kind == .text {
      let value = try filtered(expression, code, calls: Int(expression.c) - 1)
      if value.printsNothing { recordGap(expression, code) }
      try writeMoney(value, currency: nil)
      return
    }
    let value = try filtered(expression, code, calls: Int(expression.c))
    if value.printsNothing { recordGap(expression, code) }
    print(value)
  }

  /// An output that lands in a place of HTML or XML where references are not enough.
  @inline(never)
  mutating func output(_ index: Int32, in context: Int32, _ code: Code) throws(Stop) {
    let expression = code.pointee.expressions[Int(index)]
    let value = try evaluate(index, code)
    if value.printsNothing { try noteMissing(value, expression, code) }
    let place = HTMLContext(rawValue: context) ?? .bare
    switch value.kind {
    case .integer, .boolean, .double: write(value)
    case .string where isTrusted(value, expression, code, in: place): out.append(value.text)
    default:
      let isJSON = place == .handler && lastFilter(of: expression, code) == .json
      Escaping.write(
        allowed(text(of: value)), isEscaped: value.isSafe, in: isJSON ? .unquoted : place, into: &out)
    }
  }

  /// What pages and XML may hold of a text.
  mutating func allowed(_ text: Bytes) -> Bytes {
    guard let allowed = Escaping.allowed(text) else { return text }
    return allowed.withUnsafeBufferPointer { arena.copy($0) }
  }

  /// Whether a text stands as it is in a place where references are not enough.
  ///
  /// What `raw` gave does, and in tags, scripts and styles what was captured; not what is only escaped for HTML.
  private func isTrusted(_ value: Datum, _ expression: Expression, _ code: Code, in place: HTMLContext) -> Bool {
    let last = lastFilter(of: expression, code)
    if place == .script, last == .json { return true }
    guard value.isSafe else { return false }
    if last == .raw || last == .safe { return true }
    guard place == .bare || place == .script || place == .style else { return false }
    guard expression.kind == .filtered else { return true }
    return !(expression.b..<expression.b + expression.c).contains { index in
      switch code.pointee.filterCalls[Int(index)].filter {
      case .escape, .h, .escapeOnce, .newlineToBR: true
      default: false
      }
    }
  }

  private func lastFilter(of expression: Expression, _ code: Code) -> Filter? {
    guard expression.kind == .filtered else { return nil }
    return code.pointee.filterCalls[Int(expression.b + expression.c) - 1].filter
  }

  @inline(never)
  private mutating func noteMissing(_ value: Datum, _ expression: Expression, _ code: Code) throws(Stop) {
    if value.isMissing, options.undefinedIsFailure { throw undefined(expression, code) }
    recordGap(expression, code)
  }

  @inline(never)
  mutating func undefined(_ expression: Expression, _ code: Code) -> Stop {
    let head = expression.kind == .path ? code.pointee.expressions[Int(expression.a)] : expression
    let name = head.kind == .variable ? code.pointee.text(TextRange(offset: head.b, count: head.c)).string : "?"
    return fail(.undefined(name), at: expression.place)
  }

  /// Writes a text with references; in a page or in XML without what these may not hold.
  mutating func escape(_ text: Bytes) {
    if kind == .html || kind == .xml { Escaping.markup(text, into: &out) } else { Escaping.html(text, into: &out) }
  }

  /// Writes a value to the output, escaped as the output's kind asks.
  @inline(__always)
  mutating func print(_ value: Datum) {
    switch value.kind {
    case .string:
      if value.isSafe || kind == .text { out.append(value.text) } else { writeEscaped(value.text) }
    case .null, .empty, .blank: break
    case .integer: out.append(value.integer)
    default: printOther(value)
    }
  }

  @inline(never)
  private mutating func printOther(_ value: Datum) {
    switch value.kind {
    case .array, .hostArray:
      for index in 0..<count(of: value) { print(item(value, index)) }
    default:
      if kind == .text { return write(value) }
      let mark = out.count
      write(value)
      let text = take(from: mark)
      writeEscaped(text.text)
    }
  }

  @inline(__always)
  mutating func writeEscaped(_ text: Bytes) {
    if kind == .html { Escaping.markup(text, into: &out) } else { Escaping.write(text, for: kind, into: &out) }
  }

  // MARK: Text of a value

  /// The text of a value as filters see it: Ruby's `to_s`.
  @inline(__always)
  mutating func text(of value: Datum) -> Bytes {
    if value.kind == .string { return value.text }
    if value.kind == .null { return Bytes(start: nil, count: 0) }
    return madeText(of: value)
  }

  @inline(never)
  private mutating func madeText(of value: Datum) -> Bytes {
    let mark = out.count
    write(value)
    return take(from: mark).text
  }

  /// Writes Ruby's `to_s` of a value, unescaped.
  mutating func write(_ value: Datum) {
    switch value.kind {
    case .null, .empty, .blank: break
    case .boolean: out.append(value.truth ? "true" : "false")
    case .integer: out.append(value.integer)
    case .double: Numeral.write(value.double, into: &out)
    case .bigInteger, .string: out.append(value.text)
    case .range:
      out.append(value.bounds.first)
      out.append("..")
      out.append(value.bounds.last)
    case .loop: out.append("Liquid::ForloopDrop")
    case .rowLoop: out.append("Liquid::TablerowloopDrop")
    case .variables: out.append("Liquid::SelfDrop")
    case .array, .hostArray, .object, .hostObject: inspect(value, depth: 0)
    }
  }

  /// Writes Ruby's `inspect` of a value.
  private mutating func inspect(_ value: Datum, depth: Int) {
    guard depth < 100 else { return out.append("...") }
    switch value.kind {
    case .null: out.append("nil")
    case .string: Escaping.ruby(value.text, into: &out)
    case .array, .hostArray:
      out.append(UInt8(ascii: "["))
      for index in 0..<count(of: value) {
        if index > 0 { out.append(", ") }
        inspect(item(value, index), depth: depth + 1)
      }
      out.append(UInt8(ascii: "]"))
    case .object, .hostObject:
      out.append(UInt8(ascii: "{"))
      for index in 0..<count(of: value) {
        if index > 0 { out.append(", ") }
        let (key, member) = entry(value, index)
        inspect(key, depth: depth + 1)
        out.append("=>")
        inspect(member, depth: depth + 1)
      }
      out.append(UInt8(ascii: "}"))
    default: write(value)
    }
  }

  /// A value as messages show it.
  mutating func described(_ value: Datum) -> String {
    let mark = out.count
    inspect(value, depth: 0)
    let text = out.bytes(from: mark).string
    out.truncate(to: mark)
    return value.kind == .string ? "'\(value.text.string)'" : text
  }

  /// A whole number, or the text of one.
  mutating func wholeNumber(_ value: Datum, at place: Int32 = -1) throws(Stop) -> Int64 {
    if value.kind == .integer { return value.integer }
    if value.kind == .bigInteger { return value.text.first == UInt8(ascii: "-") ? .min : .max }
    if value.kind == .string, let number = Numeral.strictInteger(value.text) { return number }
    throw fail(.invalidInteger(described(value)), at: place)
  }
}
