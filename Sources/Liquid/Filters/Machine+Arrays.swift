extension Machine {
  /// What a filter for arrays runs over: arrays flattened, an object or anything else as one element, nil as none.
  mutating func elements(of input: Datum) throws(Stop) -> UnsafeMutableBufferPointer<Datum> {
    switch input.kind {
    case .array, .hostArray:
      let total = flattenedCount(input, depth: 0)
      try countTurns(total)
      let result = arena.data(total)
      var next = 0
      flatten(input, into: result, &next, depth: 0)
      return result
    case .range:
      let total = count(of: input)
      try countTurns(total)
      let result = arena.data(total)
      for index in 0..<total { result.initializeElement(at: index, to: Datum(input.bounds.first + Int64(index))) }
      return result
    case .null: return arena.data(0)
    default: return arena.copy(CollectionOfOne(input))
    }
  }

  private func isArray(_ value: Datum) -> Bool { value.kind == .array || value.kind == .hostArray }

  private func flattenedCount(_ array: Datum, depth: Int) -> Int {
    let count = count(of: array)
    var total = count
    for index in 0..<count {
      let element = item(array, index)
      if isArray(element), depth < 100 { total += flattenedCount(element, depth: depth + 1) - 1 }
    }
    return total
  }

  private func flatten(
    _ array: Datum, into result: UnsafeMutableBufferPointer<Datum>, _ next: inout Int, depth: Int
  ) {
    for index in 0..<count(of: array) {
      let element = item(array, index)
      if isArray(element), depth < 100 {
        flatten(element, into: result, &next, depth: depth + 1)
      } else {
        result.initializeElement(at: next, to: element)
        next += 1
      }
    }
  }

  // MARK: Properties

  /// What `element[key]` gives in Ruby.
  enum Property {
    case value(Datum)
    /// The element has no `[]`.
    case noMembers
    /// Its `[]` does not take such a key.
    case wrongKey
    /// A number too large for any place.
    case outOfRange
  }

  mutating func property(_ key: Datum, of element: Datum) -> Property {
    switch element.kind {
    case .object, .hostObject: return .value(value(of: key, in: element) ?? .null)
    case .loop, .rowLoop: return .value(key.kind == .string ? loopMember(element, key.text) : .null)
    case .variables:
      let frame = Int32(truncatingIfNeeded: element.payload)
      return .value(key.kind == .string ? named(key.text, frame: frame) : .null)
    case .string:
      if key.kind == .string {
        return .value(element.text.firstIndex(of: key.text) == nil ? .null : key)
      }
      if key.kind == .range { return .value(part(of: element, key)) }
      guard key.isNumber else { return .wrongKey }
      guard let number = wholePart(key) else { return .outOfRange }
      let count = Int64(element.text.characterCount)
      let index = number < 0 ? number + count : number
      guard index >= 0, index < count else { return .value(.null) }
      let start = element.text.offset(ofCharacter: Int(index))
      return .value(Datum(element.text.part(start..<element.text.offset(ofCharacter: 1, from: start))))
    case .integer:
      return bits(key, of: Int128(element.integer))
    case .bigInteger: return bits(key, of: Int128(element.text.string) ?? 0)
    case .array, .hostArray:
      guard key.isNumber else { return .wrongKey }
      guard let number = wholePart(key) else { return .outOfRange }
      let index = number < 0 ? number + Int64(count(of: element)) : number
      return .value(index >= 0 && index < count(of: element) ? item(element, Int(index)) : .null)
    default: return .noMembers
    }
  }

  /// The characters of a text from the first to the last place of a range.
  private func part(of text: Datum, _ range: Datum) -> Datum {
    let count = Int64(text.text.characterCount)
    let (from, to) = range.bounds
    let first = from < 0 ? from + count : from
    let last = min(to < 0 ? to + count : to, count - 1)
    guard first >= 0, first <= count else { return .null }
    let start = text.text.offset(ofCharacter: Int(first))
    return Datum(text.text.part(start..<text.text.offset(ofCharacter: Int(max(0, last - first + 1)), from: start)))
  }

  /// Ruby's integers answer with their bits, for a range with some of them as a number.
  private func bits(_ key: Datum, of number: Int128) -> Property {
    if key.kind == .range {
      let (first, last) = key.bounds
      let shifted = number >> Int128(first)
      let (count, overflow) = last.subtractingReportingOverflow(first)
      guard !overflow, 0..<62 ~= count else { return .value(Datum(Int64(truncatingIfNeeded: shifted))) }
      return .value(Datum(Int64(truncatingIfNeeded: shifted & ((1 << Int128(count + 1)) - 1))))
    }
    guard key.isNumber else { return .wrongKey }
    guard let place = wholePart(key) else { return .value(Datum(Int64(0))) }
    return .value(Datum(place < 0 ? Int64(0) : Int64(truncatingIfNeeded: number >> Int128(min(place, 127)) & 1)))
  }

  private func wholePart(_ number: Datum) -> Int64? {
    number.kind == .integer ? number.integer : Int64(exactly: Numeral.double(number).rounded(.towardZero))
  }

  /// The failure of a key that an element does not take.
  mutating func rejected(_ key: Datum, _ property: Property) -> Stop {
    if case .outOfRange = property { return fail(.internalFailure("a place in a text is out of range")) }
    return fail(.property(text(of: key).string))
  }

  private func hasMembers(_ element: Datum) -> Bool {
    switch element.kind {
    case .null, .boolean, .double, .range, .empty, .blank: false
    default: true
    }
  }

  // MARK: Selecting

  enum Selection { case matching, others, any, element, index }

  mutating func select(
    _ input: Datum, _ key: Datum, _ target: Datum, _ selection: Selection
  ) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    var chosen: [Datum] = []
    for (index, element) in elements.enumerated() {
      let isMatch: Bool
      switch property(key, of: element) {
      case .value(let found): isMatch = target.kind == .null ? found.isTruthy : isEqual(found, target)
      // Ruby finds no `[]` there, and the whole filter gives nil.
      case .noMembers: return .null
      case let property: throw rejected(key, property)
      }
      switch selection {
      case .matching: if isMatch { chosen.append(element) }
      case .others: if !isMatch { chosen.append(element) }
      case .any: if isMatch { return Datum(true) }
      case .element: if isMatch { return element }
      case .index: if isMatch { return Datum(Int64(index)) }
      }
    }
    switch selection {
    case .matching, .others: return Datum(array: arena.copy(chosen))
    case .any: return Datum(false)
    case .element, .index: return .null
    }
  }

  mutating func map(_ input: Datum, _ key: Datum) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    let isWhole = key.kind == .string && key.text == "to_liquid"
    for index in 0..<elements.count where !isWhole {
      switch property(key, of: elements[index]) {
      case .value(let found): elements[index] = found
      case .noMembers: elements[index] = .null
      case let property: throw rejected(key, property)
      }
    }
    return Datum(array: elements)
  }

  mutating func compact(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    var kept: [Datum] = []
    for element in elements {
      var value = element
      if arguments.count > 0, arguments.first.kind != .null {
        switch property(arguments.first, of: element) {
        case .value(let found): value = found
        case .noMembers: return .null
        case let property: throw rejected(arguments.first, property)
        }
      }
      if value.kind != .null { kept.append(element) }
    }
    return Datum(array: arena.copy(kept))
  }

  mutating func uniq(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    // Ruby does not look at the property of a single element.
    if elements.count <= 1 { return Datum(array: elements) }
    var kept: [Datum] = []
    var seen: [Datum] = []
    for element in elements {
      var value = element
      if arguments.count > 0, arguments.first.kind != .null {
        switch property(arguments.first, of: element) {
        case .value(let found): value = found
        case .noMembers: return .null
        case let property: throw rejected(arguments.first, property)
        }
      }
      try countTurns(seen.count / 16)
      // As keys of Ruby's hashes, 1 and 1.0 are different.
      if seen.contains(where: { ($0.kind == .double) == (value.kind == .double) && isEqual($0, value) }) { continue }
      seen.append(value)
      kept.append(element)
    }
    return Datum(array: arena.copy(kept))
  }

  // MARK: Whole arrays

  mutating func join(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let glue = arguments.count > 0 ? text(of: arguments.first) : Datum(" ").text
    if input.kind == .string { return input }
    let elements = try elements(of: input)
    let mark = out.count
    for (index, element) in elements.enumerated() {
      if index > 0 { out.append(glue) }
      write(element)
    }
    return take(from: mark)
  }

  mutating func reverse(_ input: Datum) throws(Stop) -> Datum {
    var elements = try elements(of: input)
    elements.reverse()
    return Datum(array: elements)
  }

  mutating func concat(_ input: Datum, _ other: Datum) throws(Stop) -> Datum {
    guard isArray(other) else { throw fail(.concatenation) }
    let left = try elements(of: input)
    let count = count(of: other)
    try countTurns(count)
    let result = arena.data(left.count + count)
    for index in 0..<left.count { result.initializeElement(at: index, to: left[index]) }
    for index in 0..<count { result.initializeElement(at: left.count + index, to: item(other, index)) }
    return Datum(array: result)
  }

  // MARK: Sorting

  enum Order { case plain, natural }

  mutating func sort(_ input: Datum, _ arguments: FilterArguments, _ order: Order) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    guard elements.count > 0 else { return Datum(array: elements) }
    let keys = arena.copy(elements)
    if arguments.count > 0, arguments.first.kind != .null {
      for index in 0..<elements.count where !hasMembers(elements[index]) { return .null }
      for index in 0..<elements.count where elements.count > 1 {
        let property = property(arguments.first, of: elements[index])
        guard case .value(let key) = property else { throw rejected(arguments.first, property) }
        keys[index] = key
      }
    }
    // A merge sort of positions: stable, as Ruby's is on Linux.
    var positions = Array(0..<elements.count)
    var merged = positions
    var width = 1
    while width < positions.count {
      var start = 0
      while start < positions.count {
        let middle = min(start + width, positions.count)
        let end = min(start + 2 * width, positions.count)
        var (left, right) = (start, middle)
        for slot in start..<end {
          let takesLeft: Bool
          if left < middle, right < end {
            takesLeft = try precedes(keys[positions[left]], keys[positions[right]], order)
          } else {
            takesLeft = left < middle
          }
          merged[slot] = positions[takesLeft ? left : right]
          if takesLeft { left += 1 } else { right += 1 }
        }
        start = end
      }
      swap(&positions, &merged)
      width *= 2
    }
    let result = arena.data(elements.count)
    for (index, position) in positions.enumerated() {
      result.initializeElement(at: index, to: elements[position])
    }
    return Datum(array: result)
  }

  /// Whether the left value may stand before the right one.
  ///
  /// Nil goes last.
  private mutating func precedes(_ left: Datum, _ right: Datum, _ order: Order) throws(Stop) -> Bool {
    if left.kind == .null { return right.kind == .null }
    if right.kind == .null { return true }
    if order == .natural { return compareIgnoringCase(text(of: left), text(of: right)) <= 0 }
    guard let result = spaceship(left, right) else { throw fail(.incomparable) }
    return result <= 0
  }

  /// Ruby's `<=>`.
  private func spaceship(_ left: Datum, _ right: Datum) -> Int? {
    if left.isNumber, right.isNumber { return ExactNumber(left).compare(ExactNumber(right)) }
    if left.kind == .string, right.kind == .string { return left.text.compare(right.text) }
    if isArray(left), isArray(right) {
      let (a, b) = (count(of: left), count(of: right))
      for index in 0..<min(a, b) {
        guard let result = spaceship(item(left, index), item(right, index)) else { return nil }
        if result != 0 { return result }
      }
      return a - b
    }
    return isEqual(left, right) ? 0 : nil
  }

  private func compareIgnoringCase(_ left: Bytes, _ right: Bytes) -> Int {
    for index in 0..<min(left.count, right.count) {
      let (a, b) = (folded(left[index]), folded(right[index]))
      if a != b { return Int(a) - Int(b) }
    }
    return left.count - right.count
  }

  private func folded(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
