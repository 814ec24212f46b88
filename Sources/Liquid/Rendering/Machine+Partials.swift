internal import Core

extension Machine {
  // MARK: render

  mutating func renderPartial(_ call: PartialCall, _ code: Code) throws(Stop) {
    let target = try partial(call, code)
    prepare(target)
    let subject = call.subject >= 0 ? try evaluate(call.subject, code) : .missing
    let alias = call.alias >= 0 ? call.alias : try subjectName(call, code)
    guard call.isLoop, isIterable(subject) else {
      try renderOnce(target, call, code, alias, subject, state: nil)
      return
    }
    let count = count(of: subject)
    let memory = arena.allocate(bytes: MemoryLayout<LoopState>.stride).bindMemory(to: LoopState.self, capacity: 1)
    memory.initialize(to: LoopState(length: Int64(count), name: try evaluate(call.name, code), parent: .null))
    let state = Datum(.loop, payload: UInt64(UInt(bitPattern: memory)))
    for index in 0..<count {
      try countTurn()
      try renderOnce(target, call, code, alias, element(subject, index), state: state)
      memory.pointee.index += 1
    }
  }

  private func isIterable(_ value: Datum) -> Bool {
    switch value.kind {
    case .array, .hostArray, .object, .hostObject, .range: true
    default: false
    }
  }

  private mutating func renderOnce(
    _ target: Code, _ call: PartialCall, _ code: Code, _ alias: Int32, _ subject: Datum, state: Datum?
  ) throws(Stop) {
    try enter(opensScope: false)
    let outer = frame
    let firstBinding = bindings.count
    let marks = memory.marks
    lastFrame += 1
    var inner = Frame(number: lastFrame)
    inner.seesGlobals = options.partialsSeeGlobals
    // Arguments are the outer frame's expressions and the inner frame's variables.
    if let state { add(Names.forloop, state, to: &inner) }
    for index in Int(call.firstArgument)..<Int(call.firstArgument + call.argumentCount) {
      let argument = code.pointee.arguments[index]
      add(argument.name, try evaluate(argument.value, code), to: &inner)
    }
    if subject.kind != .null { add(alias, subject, to: &inner) }
    let wasIsolated = isIsolated
    isIsolated = true
    frame = inner
    _ = try body(of: target)
    dropAssigned()
    frame = outer
    isIsolated = wasIsolated
    bindings.truncate(to: firstBinding)
    memory.truncate(to: marks)
    depth -= 1
  }

  /// Adds a variable to a frame that has not begun.
  @inline(__always)
  private mutating func add(_ name: Int32, _ value: Datum, to frame: inout Frame) {
    let hidden = current[Int(name)]
    if hidden >= 0, bindings[Int(hidden)].frame == frame.number {
      bindings.start[Int(hidden)].value = value
      return
    }
    let new = Int32(truncatingIfNeeded: bindings.count)
    bindings.append(
      Binding(
        value: value, name: name, frame: frame.number, hidden: hidden, earlier: frame.assigned, isAssigned: true))
    current[Int(name)] = new
    frame.assigned = new
  }

  // MARK: include

  mutating func includePartial(_ call: PartialCall, _ code: Code) throws(Stop) -> Flow {
    if isIsolated { throw fail(.disabledInclude) }
    let name = try evaluate(call.name, code)
    guard name.kind == .string else { throw fail(.templateName) }
    let target = try partial(call, code)
    prepare(target)
    let subject = call.subject >= 0 ? try evaluate(call.subject, code) : named(name.text)
    let alias = call.alias >= 0 ? call.alias : try subjectName(call, code)
    try enter()
    var bound: [Int32] = []
    var flow = Flow.normal
    do throws(Stop) {
      for index in Int(call.firstArgument)..<Int(call.firstArgument + call.argumentCount) {
        let argument = code.pointee.arguments[index]
        bound.append(bind(argument.name, try evaluate(argument.value, code)))
      }
      let isArray = subject.kind == .array || subject.kind == .hostArray
      let binding = bind(alias, subject)
      bound.append(binding)
      for index in 0..<(isArray ? count(of: subject) : 1) {
        if isArray { bindings.start[Int(binding)].value = element(subject, index) }
        flow = try body(of: target)
        if flow != .normal { break }
      }
    } catch {
      for binding in bound.reversed() { unbind(binding) }
      depth -= 1
      throw error
    }
    for binding in bound.reversed() { unbind(binding) }
    depth -= 1
    return flow
  }

  // MARK: Finding and running

  /// The variable that holds a partial's subject: the last part of the template's name.
  static func subjectName(_ template: String) -> String { String(template.split(separator: "/").last ?? "") }

  private mutating func subjectName(_ call: PartialCall, _ code: Code) throws(Stop) -> Int32 {
    let name = text(of: try evaluate(call.name, code)).string
    guard let template = code.pointee.template?.takeUnretainedValue() else { throw fail(.templateName) }
    let number = template.names.number(of: Self.subjectName(name))
    current.extend(to: Int(number) + 1, with: -1)
    return number
  }

  /// Makes room for a program's names and hints.
  @inline(__always)
  mutating func prepare(_ code: Code) {
    if code.pointee.nameLimit > current.count { current.extend(to: code.pointee.nameLimit, with: -1) }
    let hintCount = code.pointee.firstHint + code.pointee.hintCount
    if hintCount > hints.count { hints.extend(to: hintCount, with: 0) }
  }

  @inline(__always)
  private mutating func partial(_ call: PartialCall, _ code: Code) throws(Stop) -> Code {
    if call.link >= 0, let target = code.pointee.linked[Int(call.link)] { return target }
    return try findPartial(call, code)
  }

  /// A partial that is not there, is called again while it was being loaded, or has a name known only now.
  @inline(never)
  private mutating func findPartial(_ call: PartialCall, _ code: Code) throws(Stop) -> Code {
    guard let caller = code.pointee.template?.takeUnretainedValue() else { throw fail(.templateName) }
    if call.link >= 0 { return try resolve(caller.links[Int(call.link)], caller).program }
    return try resolve(.recursive(text(of: try evaluate(call.name, code)).string), caller).program
  }

  private mutating func resolve(_ link: Template.Link, _ caller: Template) throws(Stop) -> Template {
    switch link {
    case .template(let template): return template
    case .missing(let name): throw fail(.noSuchTemplate(name))
    case .malformed(let diagnostic, let liquid): throw fail(.markup(diagnostic, liquid: liquid))
    case .pending(let name), .recursive(let name):
      guard let set = caller.set else { throw fail(.noSuchTemplate(name)) }
      let found = set.link(name)
      if case .template(let template) = found {
        called.append(template)
        return template
      }
      return try resolve(found, caller)
    }
  }

  /// Runs a whole template, with its layouts, in the present frame.
  @inline(__always)
  mutating func body(of code: Code) throws(Stop) -> Flow {
    code.pointee.hasLayout ? try layout(of: code) : try run(code, 0, code.pointee.operationCount)
  }

  private mutating func layout(of code: Code) throws(Stop) -> Flow {
    guard let template = code.pointee.template?.takeUnretainedValue() else { throw fail(.templateName) }
    let outer = blocks
    defer { blocks = outer }
    blocks = [BlockChain(templates: [template])]
    var child = template
    while let link = child.layout {
      // What stands outside the blocks is carried out for its variables; its text is dropped.
      let mark = out.count
      isSkippingBlocks = true
      _ = try run(child.program, 0, child.program.pointee.operationCount)
      isSkippingBlocks = false
      out.truncate(to: mark)
      try enter()
      child = try resolve(child.links[Int(link)], child)
      prepare(child.program)
      blocks[0].templates.append(child)
    }
    let flow = try run(child.program, 0, child.program.pointee.operationCount)
    depth -= blocks[0].templates.count - 1
    return flow
  }
}

/// The templates that replace each other's blocks, the most special one first.
struct BlockChain {
  var templates: [Template]
  /// The blocks that are being run: name, and which of the templates gave the body.
  var open: [(name: Int32, level: Int)] = []
}

extension Machine {
  mutating func block(_ operation: Operation, _ code: Code) throws(Stop) -> Flow {
    if isSkippingBlocks { return .normal }
    let plan = code.pointee.blocks[Int(operation.a)]
    guard !blocks.isEmpty else { return try run(code, plan.body.from, plan.body.to) }
    return try runBlock(plan.name, from: 0) ?? .normal
  }

  mutating func parentBlock(_ code: Code) throws(Stop) -> Flow {
    guard let open = blocks.first?.open.last else { return .normal }
    return try runBlock(open.name, from: open.level + 1) ?? .normal
  }

  /// Runs the first body of a block at or after a level of the chain.
  private mutating func runBlock(_ name: Int32, from level: Int) throws(Stop) -> Flow? {
    for index in level..<blocks[0].templates.count {
      let template = blocks[0].templates[index]
      let code = template.program
      for number in 0..<Int(code.pointee.blockCount) where code.pointee.blocks[number].name == name {
        let body = code.pointee.blocks[number].body
        try enter()
        blocks[0].open.append((name, index))
        let flow = try run(code, body.from, body.to)
        blocks[0].open.removeLast()
        depth -= 1
        return flow
      }
    }
    return nil
  }
}
