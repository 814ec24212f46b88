internal import Core

/// How a body ended.
enum Flow { case normal, brokeOff, continued }

extension Machine {
  /// Carries out the operations of a range.
  mutating func run(_ code: Code, _ from: Int32, _ to: Int32) throws(Stop) -> Flow {
    var at = Int(from)
    let end = Int(to)
    while at < end {
      let operation = code.pointee.operations[at]
      if operation.code == .literal {
        out.append(code.pointee.source + Int(operation.a), Int(operation.b))
        at += 1
        continue
      }
      let index = at
      let flow: Flow
      do throws(Stop) {
        flow = try step(operation, code, &at)
      } catch {
        try recover(operation, code, index)
        at = operation.c > 0 ? Int(operation.c) : index + 1
        continue
      }
      if flow != .normal { return flow }
    }
    return .normal
  }

  @inline(__always)
  private mutating func step(_ operation: Operation, _ code: Code, _ at: inout Int) throws(Stop) -> Flow {
    try countStep()
    switch operation.code {
    case .nothing, .literal: at += 1
    case .output:
      if operation.b == 0 || (kind != .html && kind != .xml) {
        try output(operation.a, code)
      } else {
        try output(operation.a, in: operation.b, code)
      }
      at += 1
    case .assign:
      assign(operation.a, try evaluate(operation.b, code))
      at += 1
    case .test: at = try isTrue(operation.a, code) ? at + 1 : Int(operation.b)
    case .testNot: at = try isTrue(operation.a, code) ? Int(operation.b) : at + 1
    case .jump: at = Int(operation.b)
    case .loop:
      let flow = try loop(code.pointee.loops[Int(operation.a)], code)
      at = Int(operation.c)
      return flow
    case .breakLoop: return .brokeOff
    case .continueLoop: return .continued
    default: return try rareStep(operation, code, &at)
    }
    return .normal
  }

  @inline(never)
  private mutating func rareStep(_ operation: Operation, _ code: Code, _ at: inout Int) throws(Stop) -> Flow {
    let body = Int32(at + 1)
    at = operation.c > 0 ? Int(operation.c) : at + 1
    switch operation.code {
    case .capture: return try capture(operation, code, body)
    case .choose: return try choose(operation, code)
    case .rows: try tableRow(code.pointee.rows[Int(operation.a)], code)
    case .cycle: try cycle(code.pointee.cycles[Int(operation.a)], code)
    case .increment: try count(operation, code, by: 1)
    case .decrement: try count(operation, code, by: -1)
    case .ifChanged: return try ifChanged(operation, code, body)
    case .render: try renderPartial(code.pointee.partialCalls[Int(operation.a)], code)
    case .include: return try includePartial(code.pointee.partialCalls[Int(operation.a)], code)
    case .block: return try block(operation, code)
    case .parentBlock: return try parentBlock(code)
    case .abort:
      let reason = text(of: try evaluate(operation.a, code)).string
      throw fail(.aborted(reason.isEmpty ? "the template asked for it" : reason))
    default: break
    }
    return .normal
  }

  /// After a failure: shows it in place and goes on, or throws it on.
  @inline(never)
  private mutating func recover(_ operation: Operation, _ code: Code, _ at: Int) throws(Stop) {
    guard let fault, showsFailures, !fault.isFinal else {
      note(code, at)
      throw .failed
    }
    note(code, at)
    if let diagnostic = diagnostic() { failures.append(diagnostic) }
    let place = Int(code.pointee.places[at])
    if !operation.isBlank, !fault.isSilent { out.append(inPlaceText(fault, code, place)) }
    clearFault()
  }

  mutating func clearFault() {
    fault = nil
    faultPlace = -1
    faultTrace.removeAll()
  }

  // MARK: Bodies that are written and then taken back

  private mutating func capture(_ operation: Operation, _ code: Code, _ body: Int32) throws(Stop) -> Flow {
    let mark = out.count
    let flow = try run(code, body, operation.c)
    // What was printed is escaped already.
    assign(operation.a, take(from: mark, isSafe: true))
    return flow
  }

  private mutating func ifChanged(_ operation: Operation, _ code: Code, _ body: Int32) throws(Stop) -> Flow {
    let mark = out.count
    let flow = try run(code, body, operation.c)
    let written = out.bytes(from: mark)
    for index in stride(from: memory.shown.count - 1, through: 0, by: -1)
    where memory.shown[index].frame == frame.number {
      if memory.shown[index].value.text == written {
        out.truncate(to: mark)
      } else {
        memory.shown.start[index].value = Datum(arena.copy(written))
      }
      return flow
    }
    memory.shown.append(
      RenderMemory.Entry(frame: frame.number, key: .null, value: Datum(arena.copy(written))))
    return flow
  }

  /// Takes what was written since `mark` out of the output, as a string.
  @inline(__always)
  mutating func take(from mark: Int, isSafe: Bool = false) -> Datum {
    let text = arena.copy(out.bytes(from: mark))
    out.truncate(to: mark)
    return Datum(text, isSafe: isSafe)
  }

  // MARK: Choosing and counting

  private mutating func choose(_ operation: Operation, _ code: Code) throws(Stop) -> Flow {
    var isUnmatched = true
    for index in Int(operation.a)..<Int(operation.a + operation.b) {
      let clause = code.pointee.clauses[index]
      let isChosen = clause.condition < 0 ? isUnmatched : try isTrue(clause.condition, code)
      guard isChosen else { continue }
      if clause.condition >= 0 { isUnmatched = false }
      let flow = try run(code, clause.body.from, clause.body.to)
      if flow != .normal { return flow }
    }
    return .normal
  }

  private mutating func cycle(_ plan: CyclePlan, _ code: Code) throws(Stop) {
    let key = try evaluate(plan.group, code)
    var index = memory.cycles.count - 1
    while index >= 0 {
      let entry = memory.cycles[index]
      if entry.frame == frame.number, entry.key.kind == key.kind, isEqual(entry.key, key) { break }
      index -= 1
    }
    // Looking through many groups is a loop, too.
    try countTurns((memory.cycles.count - index) / 16)
    if index < 0 {
      memory.cycles.append(RenderMemory.Entry(frame: frame.number, key: key, value: Datum(Int64(0))))
      index = memory.cycles.count - 1
    }
    var turn = memory.cycles[index].value.integer
    if turn < Int64(plan.count) {
      try print(evaluate(code.pointee.items[Int(plan.first) + Int(turn)], code))
    }
    turn += 1
    memory.cycles.start[index].value = Datum(turn >= Int64(plan.count) ? 0 : turn)
  }

  private mutating func count(_ operation: Operation, _ code: Code, by step: Int64) throws(Stop) {
    let name = try evaluate(operation.b, code).text
    var index = memory.counters.count - 1
    while index >= 0, memory.counters[index].frame != frame.number || memory.counters[index].key.text != name {
      index -= 1
    }
    if index < 0 {
      var start = global(name)
      if start.kind == .variables || (start.kind == .boolean && !start.truth) { start = .null }
      guard start.kind == .null || start.kind == .integer else {
        throw fail(.internalFailure("'\(name.string)' is counted, but is no whole number"))
      }
      memory.counters.append(
        RenderMemory.Entry(
          frame: frame.number, key: Datum(name), value: Datum(start.kind == .null ? Int64(0) : start.integer)))
      index = memory.counters.count - 1
    }
    let before = memory.counters[index].value.integer
    let after = before &+ step
    memory.counters.start[index].value = Datum(after)
    out.append(step > 0 ? before : after)
  }
}
