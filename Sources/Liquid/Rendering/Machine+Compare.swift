extension Machine {
  /// Whether an expression is true.
  mutating func isTrue(_ index: Int32, _ code: Code) throws(Stop) -> Bool {
    var expression = code.pointee.expressions[Int(index)]
    var index = index
    // A chain of `and` and `or` is followed to its end without going deeper.
    while expression.kind == .both || expression.kind == .either {
      let left = try isTrue(expression.a, code)
      if left == (expression.kind == .either) { return left }
      index = expression.b
      expression = code.pointee.expressions[Int(index)]
    }
    switch expression.kind {
    case .constant, .variable, .path, .filtered, .range, .dynamicVariable:
      return try evaluate(index, code).isTruthy
    default: return try compare(expression, code) ?? false
    }
  }

  /// The truth of a comparison; nil for one between things that cannot be ordered.
  mutating func compare(_ expression: Expression, _ code: Code) throws(Stop) -> Bool? {
    switch expression.kind {
    case .negation: return try !isTrue(expression.a, code)
    case .unknownOperator:
      throw fail(.unknownOperator(code.pointee.text(TextRange(offset: expression.b, count: expression.c)).string))
    default: break
    }
    let left = try evaluate(expression.a, code)
    let right = try evaluate(expression.b, code)
    switch expression.kind {
    case .equal: return equals(left, right)
    case .unequal: return !equals(left, right)
    case .contains: return contains(left, right)
    default: break
    }
    if left.kind == .integer, right.kind == .integer {
      return ordered(left.integer < right.integer ? -1 : left.integer > right.integer ? 1 : 0, expression.kind)
    }
    return try order(left, right, expression)
  }

  private func ordered(_ order: Int, _ kind: Expression.Kind) -> Bool {
    switch kind {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    default: order >= 0
    }
  }

  private mutating func order(_ left: Datum, _ right: Datum, _ expression: Expression) throws(Stop) -> Bool? {
    guard left.isNumber || left.kind == .string, right.isNumber || right.kind == .string else { return nil }
    if left.kind == .string, right.kind == .string {
      return ordered(left.text.compare(right.text), expression.kind)
    }
    guard left.isNumber, right.isNumber else {
      throw fail(.comparison(className(left), shortForm(right)), at: expression.place)
    }
    if left.kind == .double || right.kind == .double {
      let (a, b) = (Numeral.double(left), Numeral.double(right))
      if a.isNaN || b.isNaN { return false }
      return ordered(a < b ? -1 : a > b ? 1 : 0, expression.kind)
    }
    return ordered(ExactNumber(left).compare(ExactNumber(right)), expression.kind)
  }

  /// Ruby's name of a value's class.
  func className(_ value: Datum) -> String {
    switch value.kind {
    case .integer, .bigInteger: "Integer"
    case .double: "Float"
    case .string: "String"
    case .boolean: value.truth ? "TrueClass" : "FalseClass"
    case .null: "NilClass"
    case .array, .hostArray: "Array"
    case .object, .hostObject: "Hash"
    case .range: "Range"
    case .loop: "Liquid::ForloopDrop"
    case .rowLoop: "Liquid::TablerowloopDrop"
    default: "String"
    }
  }

  /// How Ruby shows the right side of a failed comparison: small values themselves, others by their class.
  private mutating func shortForm(_ value: Datum) -> String {
    value.kind == .integer || value.kind == .double ? text(of: value).string : className(value)
  }

  // MARK: Equality

  /// `==` with `empty` and `blank`.
  private func equals(_ left: Datum, _ right: Datum) -> Bool {
    if left.kind == .empty { return isEmpty(right) }
    if left.kind == .blank { return isBlank(right) }
    if right.kind == .empty { return isEmpty(left) }
    if right.kind == .blank { return isBlank(left) }
    return isEqual(left, right)
  }

  func isEmpty(_ value: Datum) -> Bool {
    switch value.kind {
    case .string: value.count == 0
    case .array, .object, .hostArray, .hostObject: count(of: value) == 0
    default: false
    }
  }

  func isBlank(_ value: Datum) -> Bool {
    switch value.kind {
    case .null: true
    case .boolean: !value.truth
    case .string: value.text.allSatisfy(isSpace)
    default: isEmpty(value)
    }
  }

  /// Ruby's `==`.
  func isEqual(_ left: Datum, _ right: Datum) -> Bool {
    switch (left.kind, right.kind) {
    case (.null, .null): return true
    case (.boolean, .boolean): return left.truth == right.truth
    case (.string, .string): return left.text == right.text
    case (.integer, .integer): return left.integer == right.integer
    case (.bigInteger, .bigInteger): return left.text == right.text
    case (.integer, .double), (.double, .integer), (.double, .double), (.bigInteger, .double),
      (.double, .bigInteger):
      return Numeral.double(left) == Numeral.double(right)
    case (.range, .range): return left.bounds == right.bounds
    case (.loop, .loop), (.rowLoop, .rowLoop): return left.payload == right.payload
    case (.variables, .variables): return left.payload == right.payload
    case (.array, .array), (.array, .hostArray), (.hostArray, .array), (.hostArray, .hostArray):
      let count = count(of: left)
      guard count == self.count(of: right) else { return false }
      for index in 0..<count where !isEqual(item(left, index), item(right, index)) { return false }
      return true
    case (.object, .object), (.object, .hostObject), (.hostObject, .object), (.hostObject, .hostObject):
      let count = count(of: left)
      guard count == self.count(of: right) else { return false }
      for index in 0..<count {
        let (key, member) = entry(left, index)
        guard let other = value(of: key, in: right), isEqual(member, other) else { return false }
      }
      return true
    default: return false
    }
  }

  /// An element of an array, without making anything.
  @inline(__always)
  func item(_ array: Datum, _ index: Int) -> Datum {
    array.kind == .array ? array.elements[index] : host.element(array, index)
  }

  /// Key and value of an object's member.
  func entry(_ object: Datum, _ index: Int) -> (Datum, Datum) {
    if object.kind == .object { return (object.members[index * 2], object.members[index * 2 + 1]) }
    return (Datum(host.key(object, index)), host.element(object, index))
  }

  func value(of key: Datum, in object: Datum) -> Datum? {
    guard key.kind == .string else { return nil }
    if object.kind == .hostObject { return host.member(object, key.text) }
    for index in 0..<Int(object.count) where object.members[index * 2].text == key.text {
      return object.members[index * 2 + 1]
    }
    return nil
  }

  private mutating func contains(_ left: Datum, _ right: Datum) -> Bool {
    guard left.isTruthy, right.isTruthy else { return false }
    switch left.kind {
    case .string: return left.text.firstIndex(of: text(of: right)) != nil
    case .array, .hostArray:
      for index in 0..<count(of: left) where isEqual(item(left, index), right) { return true }
      return false
    case .object, .hostObject: return value(of: right, in: left) != nil
    case .range:
      guard right.isNumber else { return false }
      let number = Numeral.double(right)
      return number >= Double(left.bounds.first) && number <= Double(left.bounds.last)
    default: return false
    }
  }
}
