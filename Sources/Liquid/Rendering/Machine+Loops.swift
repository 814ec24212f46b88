/// What `forloop` answers; lies in the arena, so that it may outlive its loop.
struct LoopState: BitwiseCopyable {
  var index: Int64 = 0
  var length: Int64
  var name: Datum
  var parent: Datum
}

/// What `tablerowloop` answers.
struct RowLoopState: BitwiseCopyable {
  var index: Int64 = 0
  var length: Int64
  var row: Int64 = 1
  var column: Int64 = 1
  var columns: Int64
}

extension Machine {
  /// What a loop runs over: the elements of `collection` from `first` up to, not including, `end`.
  struct LoopRange {
    var collection: Datum
    var first: Int
    var end: Int
    /// Where the loop begins, before it is cut to what exists.
    var from: Int64

    var count: Int { max(0, end - first) }
  }

  mutating func loopRange(_ collection: Datum, from: Int64, limit: Int64?) -> LoopRange {
    let total: Int
    switch collection.kind {
    case .string:
      // A text is one element, whatever the limits say.
      return LoopRange(collection: collection, first: 0, end: collection.count == 0 ? 0 : 1, from: from)
    case .array, .object, .hostArray, .hostObject, .range: total = count(of: collection)
    default: total = 0
    }
    let first = Int(clamping: max(0, from))
    var end = total
    if let limit {
      let (sum, overflow) = from.addingReportingOverflow(limit)
      if !overflow { end = min(total, Int(clamping: max(0, sum))) }
    }
    return LoopRange(collection: collection, first: min(first, end), end: end, from: from)
  }

  mutating func loop(_ plan: LoopPlan, _ code: Code) throws(Stop) -> Flow {
    var from: Int64 = 0
    if plan.from == -2 {
      from = offset(plan.key)
    } else if plan.from >= 0 {
      let value = try evaluate(plan.from, code)
      if value.kind != .null { from = try wholeNumber(value, at: code.pointee.expressions[Int(plan.from)].place) }
    }
    let collection = try evaluate(plan.collection, code)
    var limit: Int64?
    if plan.limit >= 0 {
      let value = try evaluate(plan.limit, code)
      if value.kind != .null { limit = try wholeNumber(value, at: code.pointee.expressions[Int(plan.limit)].place) }
    }
    let range = loopRange(collection, from: from, limit: limit)
    let count = range.count
    rememberOffset(plan.key, from &+ Int64(count))
    if count == 0 { return try run(code, plan.otherwise.from, plan.otherwise.to) }
    try enter()
    let memory = arena.allocate(bytes: MemoryLayout<LoopState>.stride)
      .bindMemory(to: LoopState.self, capacity: 1)
    memory.initialize(to: LoopState(length: Int64(count), name: Datum(Int64(plan.key)), parent: frame.loop))
    let outer = frame.loop
    let state = Datum(.loop, payload: UInt64(UInt(bitPattern: memory)))
    frame.loop = state
    let loopBinding = bind(Names.forloop, state)
    let binding = bind(plan.variable, .null)
    for turn in 0..<count {
      try countTurn()
      let index = plan.isReversed ? range.end - 1 - turn : range.first + turn
      bindings.start[Int(binding)].value = element(collection, index)
      let flow = try run(code, plan.body.from, plan.body.to)
      memory.pointee.index += 1
      if flow == .brokeOff { break }
    }
    unbind(binding)
    unbind(loopBinding)
    frame.loop = outer
    depth -= 1
    return .normal
  }

  /// One level deeper, unless that is too deep.
  ///
  /// Where Shopify's Liquid opens a scope, the template's own counts too, so that there is one level less.
  @inline(__always)
  mutating func enter(opensScope: Bool = true) throws(Stop) {
    guard depth < (opensScope ? limits.depth - 1 : limits.depth) else { throw fail(.tooDeep) }
    depth += 1
  }

  private func offset(_ key: Int32) -> Int64 {
    for index in stride(from: memory.offsets.count - 1, through: 0, by: -1) {
      let entry = memory.offsets[index]
      if entry.frame == frame.number, entry.key.payload == UInt64(key) { return entry.value.integer }
    }
    return 0
  }

  private mutating func rememberOffset(_ key: Int32, _ value: Int64) {
    for index in stride(from: memory.offsets.count - 1, through: 0, by: -1) {
      let entry = memory.offsets[index]
      if entry.frame == frame.number, entry.key.payload == UInt64(key) {
        memory.offsets.start[index].value = Datum(value)
        return
      }
    }
    memory.offsets.append(
      RenderMemory.Entry(frame: frame.number, key: Datum(.integer, payload: UInt64(key)), value: Datum(value)))
  }

  // MARK: tablerow

  mutating func tableRow(_ plan: RowPlan, _ code: Code) throws(Stop) {
    let collection = try evaluate(plan.collection, code)
    guard collection.kind != .null, collection.kind != .boolean || collection.truth else { return }
    var from: Int64 = 0
    if plan.from >= 0 { from = try looseNumber(evaluate(plan.from, code)) }
    var limit: Int64?
    if plan.limit >= 0 { limit = try looseNumber(evaluate(plan.limit, code)) }
    let range = loopRange(collection, from: from, limit: limit)
    let count = range.count
    var columns = Int64(count)
    if plan.columns >= 0 { columns = try looseNumber(evaluate(plan.columns, code)) }
    try enter()
    out.append("<tr class=\"row1\">\n")
    let state = arena.allocate(bytes: MemoryLayout<RowLoopState>.stride)
      .bindMemory(to: RowLoopState.self, capacity: 1)
    state.initialize(to: RowLoopState(length: Int64(count), columns: columns))
    let loopBinding = bind(Names.tablerowloop, Datum(.rowLoop, payload: UInt64(UInt(bitPattern: state))))
    let binding = bind(plan.variable, .null)
    for turn in 0..<count {
      try countTurn()
      bindings.start[Int(binding)].value = element(collection, range.first + turn)
      out.append("<td class=\"col")
      out.append(state.pointee.column)
      out.append("\">")
      let flow = try run(code, plan.body.from, plan.body.to)
      out.append("</td>")
      if flow == .brokeOff { break }
      let isLastColumn = state.pointee.column == columns
      if isLastColumn, turn < count - 1 {
        out.append("</tr>\n<tr class=\"row")
        out.append(state.pointee.row + 1)
        out.append("\">")
      }
      state.pointee.index += 1
      state.pointee.column = isLastColumn ? 1 : state.pointee.column + 1
      if isLastColumn { state.pointee.row += 1 }
    }
    out.append("</tr>\n")
    unbind(binding)
    unbind(loopBinding)
    depth -= 1
  }

  /// The attributes of `tablerow` take any text for a number.
  private mutating func looseNumber(_ value: Datum) throws(Stop) -> Int64 {
    switch value.kind {
    case .integer: return value.integer
    case .null: return 0
    case .double where value.double.isFinite:
      return Int64(exactly: value.double.rounded(.towardZero)) ?? (value.double < 0 ? .min : .max)
    case .string:
      let number = Numeral.integer(value.text)
      return number.kind == .integer ? number.integer : .max
    case .bigInteger: return value.text.first == UInt8(ascii: "-") ? .min : .max
    default: throw fail(.invalidInteger(described(value)))
    }
  }

  // MARK: Members of the loops

  mutating func loopMember(_ value: Datum, _ key: Bytes) -> Datum {
    if value.kind == .loop { return forloopMember(value, key) }
    guard let state = UnsafePointer<RowLoopState>(bitPattern: UInt(value.payload))?.pointee else { return .missing }
    switch key.string {
    case "length": return Datum(state.length)
    case "index": return Datum(state.index + 1)
    case "index0": return Datum(state.index)
    case "rindex": return Datum(state.length - state.index)
    case "rindex0": return Datum(state.length - state.index - 1)
    case "first": return Datum(state.index == 0)
    case "last": return Datum(state.index == state.length - 1)
    case "col": return Datum(state.column)
    case "col0": return Datum(state.column - 1)
    case "col_first": return Datum(state.column == 1)
    case "col_last": return Datum(state.column == state.columns)
    case "row": return Datum(state.row)
    default: return .missing
    }
  }

  private mutating func forloopMember(_ value: Datum, _ key: Bytes) -> Datum {
    guard let state = UnsafePointer<LoopState>(bitPattern: UInt(value.payload))?.pointee else { return .missing }
    // The first letters tell the names apart, so that the frequent ones cost one comparison.
    switch key.count {
    case 4:
      if key == "last" { return Datum(state.index == state.length - 1) }
      if key == "name" { return loopName(state.name) }
    case 5:
      if key == "index" { return Datum(state.index + 1) }
      if key == "first" { return Datum(state.index == 0) }
    case 6:
      if key == "index0" { return Datum(state.index) }
      if key == "length" { return Datum(state.length) }
      if key == "rindex" { return Datum(state.length - state.index) }
    case 7: if key == "rindex0" { return Datum(state.length - state.index - 1) }
    case 10: if key == "parentloop" { return state.parent }
    default: break
    }
    return .missing
  }

  /// The name of a loop: `item-collection`, or of the partial that it calls.
  private mutating func loopName(_ name: Datum) -> Datum {
    guard name.kind == .integer, let names = names?.takeUnretainedValue() else { return name }
    let mark = out.count
    out.append(names.text(of: Int32(truncatingIfNeeded: name.integer)))
    return take(from: mark)
  }
}
