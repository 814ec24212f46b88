extension Datum {
  /// Whether printing it leaves nothing in the output.
  @inline(__always)
  var printsNothing: Bool { kind == .null || (kind == .string && text.isEmpty) }
}

extension Machine {
  /// More gaps than these are not told apart: a loop meets the same ones again and again.
  private static let mostGaps = 4096

  /// Records that an expression had no value, where that is asked for.
  ///
  /// A constant is what the template's author wrote, and no gap in the data.
  @inline(never)
  mutating func recordGap(_ expression: Expression, _ code: Code, fellBack: Bool = false) {
    guard options.recordsGaps, gaps.count < Self.mostGaps else { return }
    let head = expression.kind == .filtered ? code.pointee.expressions[Int(expression.a)] : expression
    guard head.kind != .constant else { return }
    // What fell back to nothing is one gap, not two.
    if let last = gaps.last, last.code == code, last.place == head.place { return }
    gaps.append(GapSite(code: code, place: head.place, fellBack: fellBack))
  }

  /// Records the arguments of a `t` filter that its text filled in with nothing.
  @inline(never)
  mutating func recordFillings(of call: FilterCall, _ code: Code) {
    let end = Int(call.firstArgument) + Int(call.argumentCount)
    for index in end - Int(call.namedCount)..<end {
      let argument = code.pointee.arguments[index]
      guard emptyFillings.contains(where: { $0 == code.pointee.text(argument.nameText) }) else { continue }
      recordGap(code.pointee.expressions[Int(argument.value)], code)
    }
    emptyFillings.removeAll(keepingCapacity: true)
  }
}
