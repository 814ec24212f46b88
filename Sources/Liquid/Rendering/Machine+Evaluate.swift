extension Machine {
  /// The value of an expression.
  mutating func evaluate(_ index: Int32, _ code: Code) throws(Stop) -> Datum {
    let expression = code.pointee.expressions[Int(index)]
    switch expression.kind {
    case .constant: return code.pointee.constants[Int(expression.a)]
    case .variable: return variable(index, expression, code)
    case .path: return try path(expression, code)
    case .filtered: return try filtered(expression, code, calls: Int(expression.c))
    case .dynamicVariable:
      let name = try evaluate(expression.a, code)
      return name.kind == .string ? named(name.text) : .missing
    case .range:
      let from = try bound(evaluate(expression.a, code), expression)
      let to = try bound(evaluate(expression.b, code), expression)
      return arena.range(from, to)
    case .both, .either: return Datum(try isTrue(index, code))
    default: return try compare(expression, code).map { Datum($0) } ?? .null
    }
  }

  /// The value of a top-level variable.
  @inline(__always)
  func variable(_ index: Int32, _ expression: Expression, _ code: Code) -> Datum {
    let binding = current[Int(expression.a)]
    if binding >= 0 {
      let found = bindings.start + Int(binding)
      if found.pointee.frame == frame.number { return found.pointee.value }
    }
    let name = Bytes(start: code.pointee.source + Int(expression.b), count: Int(expression.c))
    return global(name, hint: code.pointee.firstHint + Int(index))
  }

  /// What a name means that no tag has set.
  @inline(__always)
  func global(_ name: Bytes, hint: Int) -> Datum {
    if memory.counters.count == 0, extras.count == 0, frame.seesGlobals, root.kind == .hostObject,
      let found = host.member(root, name, hint: &hints.start[hint])
    {
      return found
    }
    return global(name)
  }

  @inline(never)
  func global(_ name: Bytes) -> Datum { global(name, frame: frame.number, seesGlobals: frame.seesGlobals) }

  private func global(_ name: Bytes, frame: Int32, seesGlobals: Bool) -> Datum {
    for index in stride(from: memory.counters.count - 1, through: 0, by: -1) {
      let entry = memory.counters[index]
      if entry.frame == frame, entry.key.text == name { return entry.value }
    }
    if seesGlobals {
      for index in 0..<extras.count where extras[index].key.text == name { return extras[index].value }
      if root.kind == .hostObject, let found = host.member(root, name) { return found }
    }
    return name == "self" ? Datum(.variables, payload: UInt64(frame)) : .missing
  }

  /// The value of a variable whose name is known only now; of the present frame unless another is given.
  func named(_ name: Bytes, frame wanted: Int32? = nil) -> Datum {
    let frame = wanted ?? self.frame.number
    if let number = names?.takeUnretainedValue().existing(name), Int(number) < current.count {
      var binding = current[Int(number)]
      while binding >= 0 {
        if bindings[Int(binding)].frame == frame { return bindings[Int(binding)].value }
        binding = wanted == nil ? -1 : bindings[Int(binding)].hidden
      }
    }
    // Only the template itself sees the scope's names, unless partials are let see them too.
    return global(name, frame: frame, seesGlobals: frame == 0 || options.partialsSeeGlobals)
  }

  // MARK: Paths

  @inline(__always)
  private mutating func path(_ expression: Expression, _ code: Code) throws(Stop) -> Datum {
    let head = code.pointee.expressions[Int(expression.a)]
    var value =
      head.kind == .variable ? variable(expression.a, head, code) : try evaluate(expression.a, code)
    var index = Int(expression.b)
    let end = index + Int(expression.c)
    while index < end {
      let segment = code.pointee.segments[index]
      if segment.kind == .computed {
        value = member(value, try evaluate(segment.a, code), code)
      } else {
        let key = Bytes(start: code.pointee.source + Int(segment.a), count: Int(segment.b))
        if value.kind == .hostObject {
          let hint = code.pointee.firstHint + code.pointee.expressionCount + index
          value = host.member(value, key, hint: &hints.start[hint]) ?? answer(value, segment.kind)
        } else {
          value = member(value, key: key, segment.kind, code)
        }
      }
      index += 1
    }
    return value
  }

  /// The member of anything but a host object.
  private mutating func member(_ value: Datum, key: Bytes, _ kind: Segment.Kind, _ code: Code) -> Datum {
    switch value.kind {
    case .object:
      for index in 0..<Int(value.count) where value.members[index * 2].text == key {
        return value.members[index * 2 + 1]
      }
    case .loop, .rowLoop: return loopMember(value, key)
    case .variables:
      let found = named(key, frame: Int32(truncatingIfNeeded: value.payload))
      // `self` itself is none of the variables.
      return found.kind == .variables && key == "self" ? .missing : found
    default: break
    }
    return answer(value, kind)
  }

  /// What `size`, `first` and `last` mean where there is no such member.
  private mutating func answer(_ value: Datum, _ kind: Segment.Kind) -> Datum {
    switch kind {
    case .size: size(of: value) ?? .missing
    case .first:
      value.kind == .string ? firstCharacter(value) : first(of: value) ?? .missing
    case .last:
      value.kind == .string ? lastCharacter(value) : last(of: value) ?? .missing
    default: .missing
    }
  }

  /// `value[key]` where the key is computed.
  mutating func member(_ value: Datum, _ key: Datum, _ code: Code) -> Datum {
    switch value.kind {
    case .array, .hostArray:
      guard key.kind == .integer else { return .missing }
      let count = Int64(self.count(of: value))
      let index = key.integer < 0 ? key.integer + count : key.integer
      return index >= 0 && index < count ? element(value, Int(index)) : .missing
    case .hostObject: return key.kind == .string ? host.member(value, key.text) ?? .missing : .missing
    case .object, .loop, .rowLoop, .variables:
      return key.kind == .string ? member(value, key: key.text, .key, code) : .missing
    default: return .missing
    }
  }

  /// How many elements or members a container has.
  @inline(__always)
  func count(of value: Datum) -> Int {
    switch value.kind {
    case .array, .object: return Int(value.count)
    case .hostArray, .hostObject: return host.count(of: value)
    case .range:
      let (first, last) = value.bounds
      guard first <= last else { return 0 }
      let (count, overflow) = last.subtractingReportingOverflow(first)
      return overflow || count == .max ? .max : Int(count) + 1
    default: return 0
    }
  }

  /// The element at an index that exists; of an object the pair of key and value.
  @inline(__always)
  mutating func element(_ value: Datum, _ index: Int) -> Datum {
    switch value.kind {
    case .array: return value.elements[index]
    case .hostArray: return host.element(value, index)
    case .range: return Datum(value.bounds.first + Int64(index))
    case .hostObject:
      let pair = arena.data(2)
      pair[0] = Datum(host.key(value, index))
      pair[1] = host.element(value, index)
      return Datum(array: pair)
    case .object: return Datum(array: arena.copy(value.members[index * 2..<index * 2 + 2]))
    default: return value
    }
  }

  /// Ruby's `size`; nil for what has none.
  func size(of value: Datum) -> Datum? {
    switch value.kind {
    case .string: return Datum(Int64(value.text.characterCount))
    case .array, .object, .hostArray, .hostObject, .range: return Datum(Int64(count(of: value)))
    case .integer: return Datum(Int64(8))
    case .bigInteger:
      guard let number = Int128(value.text.string) else { return Datum(Int64(16)) }
      return Datum(Int64((128 - number.magnitude.leadingZeroBitCount + 7) / 8))
    default: return nil
    }
  }

  mutating func first(of value: Datum) -> Datum? {
    switch value.kind {
    case .array, .hostArray, .object, .hostObject:
      return count(of: value) > 0 ? element(value, 0) : nil
    case .range: return Datum(value.bounds.first)
    default: return nil
    }
  }

  mutating func last(of value: Datum) -> Datum? {
    switch value.kind {
    case .array, .hostArray:
      let count = count(of: value)
      return count > 0 ? element(value, count - 1) : nil
    case .range: return Datum(value.bounds.last)
    default: return nil
    }
  }

  func firstCharacter(_ value: Datum) -> Datum {
    Datum(value.text.part(0..<value.text.offset(ofCharacter: 1)))
  }

  func lastCharacter(_ value: Datum) -> Datum {
    var start = max(value.text.count - 1, 0)
    while start > 0, value.text[start] & 0xC0 == 0x80 { start -= 1 }
    return Datum(value.text.part(start..<value.text.count))
  }

  /// An end of a range.
  private mutating func bound(_ value: Datum, _ expression: Expression) throws(Stop) -> Int64 {
    switch value.kind {
    case .integer: return value.integer
    case .null: return 0
    case .string, .empty, .blank:
      let number = Numeral.integer(value.kind == .string ? value.text : Bytes(start: nil, count: 0))
      return number.kind == .integer ? number.integer : 0
    default: throw fail(.invalidInteger(described(value)), at: expression.place)
    }
  }
}
