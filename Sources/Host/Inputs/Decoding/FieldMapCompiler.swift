import Core

/// Reads the rules of a field map and collects what is wrong with them.
struct FieldMapCompiler {
  let kind: RecordKind
  let locate: (Value) -> SourceLocation?
  var problems: [Diagnostic] = []
  var names = NameTable()
  var taken: Set<Int> = []
  var prefixes: [[UInt8]] = []

  init(kind: RecordKind, locate: @escaping (Value) -> SourceLocation?) {
    self.kind = kind
    self.locate = locate
  }

  private static let sourceOptions = ["from", "join", "hash", "constant", "prefix"]

  private static let options = [
    "from", "join", "hash", "constant", "prefix", "with", "scale", "currency", "decimal_mark", "at_least", "at_most",
    "split",
    "values", "otherwise", "except", "case", "parse", "repair", "strip_html", "decode_entities", "drop_tables",
    "inspect", "language",
  ]

  mutating func problem(_ value: Value, _ detail: String, help: String? = nil) {
    problems.append(Diagnostic("invalid field map", detail, at: locate(value), help: help))
  }

  /// Warns of a name that is nearly a canonical one.
  mutating func checkName(_ name: String, _ value: Value) {
    let canonical = kind.schema.map(\.name)
    guard !canonical.contains(name), let nearest = nearestName(to: name, among: canonical) else { return }
    problems.append(
      Diagnostic(
        "field map", "'\(name)' is no field that \(kind.rawValue)s are known by", at: locate(value),
        help: "did you mean '\(nearest)'?", severity: .warning))
  }

  /// The rule of a field that the map does not name.
  mutating func sameName(_ name: String) -> FieldRule {
    var rule = FieldRule()
    rule.sources = [path(name, of: name)]
    return rule
  }

  /// Marks a field of the row as one that does not stay where it is.
  mutating func take(_ name: String) { taken.insert(names.add(name)) }

  /// Reads the rule of a field.
  mutating func rule(_ value: Value, for name: String, shape: FieldShape) -> FieldRule {
    var rule = FieldRule()
    switch value.kind {
    case .string, .array: rule.sources = sources(value, of: name)
    case .object:
      let keys = (0..<value.count).map { String(decoding: value.key(at: $0), as: UTF8.self) }
      let namesSource = keys.contains { Self.sourceOptions.contains($0) }
      if namesSource || !shape.hasMembers || keys.allSatisfy({ Self.options.contains($0) }) {
        checkOptions(value, keys, of: name)
        readSource(value, of: name, into: &rule)
        readOptions(value, of: name, into: &rule)
      } else {
        for (index, key) in keys.enumerated() {
          let inner = shape.member(key, of: kind)
          rule.members.append(
            PlannedField(name: key, shape: inner, rule: self.rule(value[index], for: key, shape: inner)))
        }
      }
    default: problem(value, "field '\(name)' must be a name, a list of names or an object, got \(shown(value))")
    }
    rule.finish()
    return rule
  }

  private mutating func checkOptions(_ value: Value, _ keys: [String], of name: String) {
    for (index, key) in keys.enumerated() where !Self.options.contains(key) {
      problem(
        value[index], "field '\(name)' has no option '\(key)'",
        help: nearestName(to: key, among: Self.options).map { "did you mean '\($0)'?" })
    }
    let sources = keys.filter { Self.sourceOptions.contains($0) }
    if sources.count > 1 {
      problem(value, "field '\(name)' has '\(sources[0])' and '\(sources[1])', expected one of them")
    }
  }

  private mutating func readSource(_ value: Value, of name: String, into rule: inout FieldRule) {
    if value["constant"].exists {
      switch value["constant"].kind {
      case .string: rule.constant = .text(Array(value["constant"].text))
      case .integer, .double: rule.constant = .number(Array(value["constant"].text))
      case .boolean: rule.constant = .truth(value["constant"].bool ?? false)
      default: problem(value["constant"], "the constant of field '\(name)' must be a text, a number, true or false")
      }
    } else if value["prefix"].exists {
      rule.prefixes = texts(value["prefix"], "prefix", of: name).map { Array($0.utf8) }
      prefixes += rule.prefixes
    } else if value["join"].exists {
      rule.sources = sources(value["join"], of: name)
      rule.join = Array((text(value["with"], "with", of: name) ?? " ").utf8)
    } else if value["hash"].exists {
      // What an id is made of stays in the record.
      rule.sources = texts(value["hash"], "hash", of: name).map { path($0, of: name) }
      rule.isHash = true
    } else if value["from"].exists {
      rule.sources = sources(value["from"], of: name)
    } else {
      rule.sources = [path(name, of: name)]
    }
  }

  private mutating func readOptions(_ value: Value, of name: String, into rule: inout FieldRule) {
    rule.scale = number(value["scale"], "scale", of: name)
    rule.atLeast = number(value["at_least"], "at_least", of: name)
    rule.atMost = number(value["at_most"], "at_most", of: name)
    rule.split = text(value["split"], "split", of: name).map { Array($0.utf8) }
    if rule.split?.isEmpty == true {
      problem(value["split"], "'split' of field '\(name)' must not be empty")
      rule.split = nil
    }
    if rule.join == nil { rule.with = text(value["with"], "with", of: name).map { Array($0.utf8) } }
    rule.otherwise = text(value["otherwise"], "otherwise", of: name)
    if value["except"].exists { rule.except = texts(value["except"], "except", of: name).map { TextPattern($0) } }
    rule.language = text(value["language"], "language", of: name).map { String($0.prefix { $0 != "-" }) }
    rule.stripsHTML = flag(value["strip_html"], "strip_html", of: name)
    rule.decodesEntities = flag(value["decode_entities"], "decode_entities", of: name)
    rule.dropsTables = flag(value["drop_tables"], "drop_tables", of: name)
    rule.inspects = flag(value["inspect"], "inspect", of: name) || rule.language != nil
    rule.parsesJSON = choice(value["parse"], "parse", ["json"], of: name) != nil
    rule.repairsMojibake = choice(value["repair"], "repair", ["mojibake"], of: name) != nil
    rule.upperCase = choice(value["case"], "case", ["upper", "lower"], of: name).map { $0 == "upper" }
    rule.decimalMark = choice(value["decimal_mark"], "decimal_mark", [".", ","], of: name)?.utf8.first
    if let code = text(value["currency"], "currency", of: name) {
      rule.currency = PriceText.currencyCode(code.lowercased())
      if rule.currency?.isEmpty ?? true {
        rule.currency = nil
        problem(value["currency"], "'currency' of field '\(name)' must be an ISO 4217 code, got '\(code)'")
      }
    }
    if value["values"].exists, value["values"].kind != .object {
      problem(value["values"], "'values' of field '\(name)' must be an object, got \(shown(value["values"]))")
    }
    for index in 0..<(value["values"].kind == .object ? value["values"].count : 0) {
      let pattern = TextPattern(String(decoding: value["values"].key(at: index), as: UTF8.self))
      rule.values[pattern] = value["values"][index].scalarText ?? ""
    }
  }

  private mutating func sources(_ value: Value, of name: String) -> [SourcePath] {
    texts(value, "from", of: name).map { source in
      take(source)
      return path(source, of: name)
    }
  }

  private mutating func path(_ name: String, of field: String) -> SourcePath {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return SourcePath(
      name: name, isMoved: name != field || parts.count > 1, whole: names.add(name), first: names.add(parts[0]),
      rest: Array(parts.dropFirst()))
  }

  private mutating func texts(_ value: Value, _ option: String, of name: String) -> [String] {
    let list = value.kind == .array ? (0..<value.count).map { value[$0] } : [value]
    let texts = list.compactMap(\.scalarText)
    if texts.isEmpty || texts.count < list.count || texts.contains("") {
      problem(value, "'\(option)' of field '\(name)' must be a name or a list of names, got \(shown(value))")
    }
    return texts.filter { !$0.isEmpty }
  }

  private mutating func text(_ value: Value, _ option: String, of name: String) -> String? {
    guard value.exists else { return nil }
    if let text = value.scalarText { return text }
    problem(value, "'\(option)' of field '\(name)' must be a text, got \(shown(value))")
    return nil
  }

  private mutating func number(_ value: Value, _ option: String, of name: String) -> Decimal? {
    guard value.exists else { return nil }
    if value.kind == .integer || value.kind == .double, let number = Decimal(value.text) { return number }
    problem(value, "'\(option)' of field '\(name)' must be a number, got \(shown(value))")
    return nil
  }

  private mutating func flag(_ value: Value, _ option: String, of name: String) -> Bool {
    guard value.exists else { return false }
    if let flag = value.bool { return flag }
    problem(value, "'\(option)' of field '\(name)' must be true or false, got \(shown(value))")
    return false
  }

  private mutating func choice(_ value: Value, _ option: String, _ choices: [String], of name: String) -> String? {
    guard value.exists else { return nil }
    if let text = value.string, choices.contains(text) { return text }
    let list = choices.map { "'\($0)'" }.joined(separator: " or ")
    problem(value, "'\(option)' of field '\(name)' must be \(list), got \(shown(value))")
    return nil
  }
}
