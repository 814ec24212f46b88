/// The keys of texts that a template asks for with `t`, as far as they are known before rendering.
struct TranslationKeys {
  /// A key of which some parts, those that are nil, are not known: `greeting.` and anything.
  struct Pattern: Hashable {
    var parts: [String?]

    /// Whether nothing at all is known of it.
    var isAnything: Bool { parts.allSatisfy { $0 == nil } }

    /// The key, where all of it is known.
    var key: String? { parts.contains(nil) ? nil : parts.compactMap(\.self).joined() }

    /// For messages: "greeting.*".
    var shown: String { parts.map { $0 ?? "*" }.joined() }

    func matches(_ key: String) -> Bool { Self.matches(parts[...], key[...]) }

    private static func matches(_ parts: ArraySlice<String?>, _ key: Substring) -> Bool {
      guard let first = parts.first else { return key.isEmpty }
      let rest = parts.dropFirst()
      if let text = first { return key.hasPrefix(text) && matches(rest, key.dropFirst(text.count)) }
      var tail = key
      while true {
        if matches(rest, tail) { return true }
        if tail.isEmpty { return false }
        tail.removeFirst()
      }
    }
  }

  /// One call of `t`.
  struct Call {
    var pattern: Pattern
    var place: Int
    /// The names that it is given.
    var names: Set<String>
  }

  private let template: Template
  private(set) var calls: [Call] = []
  /// Combinations of one expression beyond which it counts as unknown.
  private static let most = 64

  init(of template: Template) {
    self.template = template
    let program = template.program.pointee
    for index in 0..<program.expressionCount {
      let expression = program.expressions[index]
      guard expression.kind == .filtered else { continue }
      for number in 0..<Int(expression.c) {
        let call = program.filterCalls[Int(expression.b) + number]
        guard call.filter == .translate else { continue }
        let names = Set(
          (0..<Int(call.argumentCount)).compactMap { argument -> String? in
            let text = program.arguments[Int(call.firstArgument) + argument].nameText
            return text.count > 0 ? program.text(text).string : nil
          })
        for pattern in patterns(of: expression, calls: number, depth: 0) {
          calls.append(Call(pattern: Pattern(parts: pattern), place: Int(expression.place), names: names))
        }
      }
    }
  }

  private typealias Parts = [String?]

  private func patterns(of index: Int32, depth: Int) -> [Parts] {
    let program = template.program.pointee
    let expression = program.expressions[Int(index)]
    switch expression.kind {
    case .constant:
      let constant = program.constants[Int(expression.a)]
      return [[constant.kind == .string ? constant.text.string : nil]]
    case .variable: return assigned(expression.a, depth: depth)
    case .filtered: return patterns(of: expression, calls: Int(expression.c), depth: depth)
    default: return [[nil]]
    }
  }

  private func patterns(of expression: Expression, calls: Int, depth: Int) -> [Parts] {
    let program = template.program.pointee
    guard depth < 8 else { return [[nil]] }
    var result = patterns(of: expression.a, depth: depth + 1)
    for number in 0..<calls {
      let call = program.filterCalls[Int(expression.b) + number]
      guard call.filter == .append || call.filter == .prepend || call.filter == .default, call.argumentCount == 1
      else { return [[nil]] }
      let argument = patterns(of: program.arguments[Int(call.firstArgument)].value, depth: depth + 1)
      switch call.filter {
      case .append: result = Self.pairs(result, argument)
      case .prepend: result = Self.pairs(argument, result)
      default: result += argument
      }
      if result.count > Self.most { return [[nil]] }
    }
    return result
  }

  private static func pairs(_ first: [Parts], _ second: [Parts]) -> [Parts] {
    first.flatMap { left in second.map { left + $0 } }
  }

  /// What a variable may be: all that the template assigns to it; unknown where something else sets it.
  private func assigned(_ name: Int32, depth: Int) -> [Parts] {
    let program = template.program.pointee
    guard depth < 8 else { return [[nil]] }
    var result: [Parts] = []
    for index in 0..<Int(program.operationCount) {
      let operation = program.operations[index]
      switch operation.code {
      case .assign where operation.a == name: result += patterns(of: operation.b, depth: depth + 1)
      case .capture where operation.a == name: return [[nil]]
      case .loop where program.loops[Int(operation.a)].variable == name: return [[nil]]
      case .rows where program.rows[Int(operation.a)].variable == name: return [[nil]]
      default: continue
      }
    }
    return result.isEmpty || result.count > Self.most ? [[nil]] : result
  }
}
