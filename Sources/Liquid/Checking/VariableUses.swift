/// A variable that a template reads.
struct VariableUse {
  var template: Template
  var place: Int
  /// From the scope on, as far as it is known before rendering: `products[].title`.
  var path: String
}

/// Follows a template's program without running it, and collects which of the scope's values it reads.
///
/// Loop variables, assigned variables and the arguments of partials are traced back to the scope's paths.
struct VariableUses {
  private(set) var uses: [VariableUse] = []
  /// Names that were assigned or captured, and where; names that were read again.
  private(set) var assigned: [(template: Template, name: String, place: Int)] = []
  private(set) var read: Set<String> = []
  private var depth = 0

  /// What a local name stands for: a path of the scope, or nothing that is known.
  private typealias Names = [Int32: String?]

  init(of template: Template) {
    walk(template, [:])
  }

  private mutating func walk(_ template: Template, _ names: Names) {
    guard depth < 20 else { return }
    depth += 1
    var names = names
    walk(template, Span(from: 0, to: template.program.pointee.operationCount), &names)
    if let layout = template.layout, case .template(let outer) = template.links[Int(layout)] { walk(outer, names) }
    depth -= 1
  }

  private mutating func walk(_ template: Template, _ span: Span, _ names: inout Names) {
    let program = template.program
    var at = Int(span.from)
    while at < Int(span.to) {
      let operation = program.pointee.operations[at]
      var next = at + 1
      switch operation.code {
      case .output, .abort, .test, .testNot: use(operation.a, template, names)
      case .assign:
        use(operation.b, template, names)
        names.updateValue(path(operation.b, template, names), forKey: operation.a)
        note(operation.a, template, at)
      case .capture:
        names.updateValue(nil, forKey: operation.a)
        note(operation.a, template, at)
      case .increment, .decrement: names.updateValue(nil, forKey: operation.a)
      case .loop:
        let plan = program.pointee.loops[Int(operation.a)]
        for expression in [plan.collection, plan.limit, plan.from] { use(expression, template, names) }
        var inner = names
        inner.updateValue(path(plan.collection, template, names).map { $0 + "[]" }, forKey: plan.variable)
        inner.updateValue(nil, forKey: Liquid.Names.forloop)
        walk(template, plan.body, &inner)
        walk(template, plan.otherwise, &names)
        next = Int(operation.c)
      case .rows:
        let plan = program.pointee.rows[Int(operation.a)]
        for expression in [plan.collection, plan.limit, plan.from, plan.columns] { use(expression, template, names) }
        var inner = names
        inner.updateValue(path(plan.collection, template, names).map { $0 + "[]" }, forKey: plan.variable)
        inner.updateValue(nil, forKey: Liquid.Names.tablerowloop)
        walk(template, plan.body, &inner)
        next = Int(operation.c)
      case .choose:
        var last: Int32 = -1
        for index in Int(operation.a)..<Int(operation.a + operation.b) {
          let clause = program.pointee.clauses[index]
          use(clause.condition, template, names)
          if clause.body.from != last { walk(template, clause.body, &names) }
          last = clause.body.from
        }
        next = Int(operation.c)
      case .cycle:
        let plan = program.pointee.cycles[Int(operation.a)]
        use(plan.group, template, names)
        for index in 0..<Int(plan.count) { use(program.pointee.items[Int(plan.first) + index], template, names) }
      case .render, .include: call(operation, template, names)
      default: break
      }
      at = next
    }
  }

  private mutating func note(_ name: Int32, _ template: Template, _ operation: Int) {
    assigned.append((template, template.names.text(of: name), Int(template.program.pointee.places[operation])))
  }

  private mutating func call(_ operation: Operation, _ template: Template, _ names: Names) {
    let program = template.program
    let call = program.pointee.partialCalls[Int(operation.a)]
    var inner: Names = operation.code == .include ? names : [Liquid.Names.forloop: nil]
    use(call.name, template, names)
    use(call.subject, template, names)
    if call.alias >= 0 {
      let subject = call.subject >= 0 ? path(call.subject, template, names) : nil
      inner.updateValue(call.isLoop ? subject.map { $0 + "[]" } : subject, forKey: call.alias)
    }
    for index in Int(call.firstArgument)..<Int(call.firstArgument + call.argumentCount) {
      let argument = program.pointee.arguments[index]
      use(argument.value, template, names)
      inner.updateValue(path(argument.value, template, names), forKey: argument.name)
    }
    guard call.link >= 0, case .template(let target) = template.links[Int(call.link)] else { return }
    for parameter in target.header.parameters {
      let name = target.names.number(of: parameter.name)
      if inner[name] == nil { inner.updateValue(nil, forKey: name) }
    }
    walk(target, inner)
  }

  // MARK: Expressions

  private mutating func use(_ index: Int32, _ template: Template, _ names: Names) {
    guard index >= 0 else { return }
    let program = template.program
    let expression = program.pointee.expressions[Int(index)]
    switch expression.kind {
    case .constant, .unknownOperator: break
    case .variable, .path:
      let head = expression.kind == .path ? program.pointee.expressions[Int(expression.a)] : expression
      if head.kind == .variable {
        read.insert(template.names.text(of: head.a))
      } else {
        use(expression.a, template, names)
      }
      if let path = path(index, template, names) {
        uses.append(VariableUse(template: template, place: Int(expression.place), path: path))
      }
      if expression.kind == .path {
        for step in Int(expression.b)..<Int(expression.b + expression.c)
        where program.pointee.segments[step].kind == .computed {
          use(program.pointee.segments[step].a, template, names)
        }
      }
    case .dynamicVariable, .negation: use(expression.a, template, names)
    case .filtered:
      use(expression.a, template, names)
      for number in Int(expression.b)..<Int(expression.b + expression.c) {
        let call = program.pointee.filterCalls[number]
        for argument in 0..<Int(call.argumentCount) {
          use(program.pointee.arguments[Int(call.firstArgument) + argument].value, template, names)
        }
      }
    default:
      use(expression.a, template, names)
      use(expression.b, template, names)
    }
  }

  /// The path of the scope that an expression means; nil where it is not known or is local.
  private func path(_ index: Int32, _ template: Template, _ names: Names) -> String? {
    guard index >= 0 else { return nil }
    let program = template.program
    let expression = program.pointee.expressions[Int(index)]
    switch expression.kind {
    case .variable:
      if let local = names[expression.a] { return local }
      return template.names.text(of: expression.a)
    case .path:
      guard var result = path(expression.a, template, names) else { return nil }
      for step in Int(expression.b)..<Int(expression.b + expression.c) {
        let segment = program.pointee.segments[step]
        switch segment.kind {
        case .key, .quoted: result += "." + program.pointee.text(TextRange(offset: segment.a, count: segment.b)).string
        case .first, .last, .computed: result += "[]"
        case .size: return result
        }
      }
      return result
    // What a filter makes of a list is taken for a list of the same things.
    case .filtered: return path(expression.a, template, names)
    default: return nil
    }
  }
}
