extension Machine {
  mutating func calculate(_ filter: Filter, _ input: Datum, _ operand: Datum) throws(Stop) -> Datum {
    if input.kind == .integer, operand.kind == .integer {
      switch filter {
      case .plus:
        let (sum, overflow) = input.integer.addingReportingOverflow(operand.integer)
        if !overflow { return Datum(sum) }
      case .minus:
        let (difference, overflow) = input.integer.subtractingReportingOverflow(operand.integer)
        if !overflow { return Datum(difference) }
      case .times:
        let (product, overflow) = input.integer.multipliedReportingOverflow(by: operand.integer)
        if !overflow { return Datum(product) }
      default: break
      }
    }
    let left = ExactNumber(input)
    let right = ExactNumber(operand)
    let result: ExactNumber? =
      switch filter {
      case .plus: left + right
      case .minus: left - right
      case .times: left * right
      case .dividedBy: left / right
      default: left % right
      }
    guard let result else { throw fail(.dividedByZero) }
    return datum(result)
  }

  /// Decimals become doubles, as they do in Liquid.
  private mutating func datum(_ number: ExactNumber) -> Datum {
    if number.isDecimal { return Datum(number.double) }
    if let approximate = number.approximate { return wholeNumber(nearest: approximate) }
    if let small = Int64(exactly: number.mantissa) { return Datum(small) }
    let mark = out.count
    out.append("\(number.mantissa)")
    return Datum(bigInteger: take(from: mark).text)
  }

  /// A whole double as an integer: its shortest digits, and zeros behind them.
  private mutating func wholeNumber(nearest double: Double) -> Datum {
    if let small = Int64(exactly: double) { return Datum(small) }
    let (digits, point) = Numeral.digits(double.magnitude)
    let mark = out.count
    if double < 0 { out.append(UInt8(ascii: "-")) }
    for index in 0..<max(point, digits.count) { out.append(index < digits.count ? digits[index] : UInt8(ascii: "0")) }
    return Datum(bigInteger: take(from: mark).text)
  }

  mutating func absolute(_ input: Datum) -> Datum {
    let number = ExactNumber(input)
    let isNegative = number.approximate.map { $0.sign == .minus } ?? (number.mantissa < 0)
    return datum(isNegative ? -number : number)
  }

  mutating func round(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let number = ExactNumber(input)
    let wanted = arguments.count == 0 ? ExactNumber(0) : ExactNumber(arguments.first).rounded(to: 0, .towardZero)
    guard wanted.approximate == nil || wanted.isZero, let digits = Int32(exactly: wanted.mantissa).map({ Int($0) })
    else {
      throw fail(.internalFailure("'round' was given more digits than there are"))
    }
    var result = number.rounded(to: digits, .halfUp)
    if digits < 1 {
      try requireFinite(number)
      result.isDecimal = false
    }
    return datum(result)
  }

  mutating func whole(_ input: Datum, _ rounding: ExactNumber.Rounding) throws(Stop) -> Datum {
    let number = ExactNumber(input)
    try requireFinite(number)
    var result = number.rounded(to: 0, rounding)
    result.isDecimal = false
    return datum(result)
  }

  private mutating func requireFinite(_ number: ExactNumber) throws(Stop) {
    guard let double = number.approximate, !double.isFinite else { return }
    let name = double.isNaN ? "'NaN' (Not a Number)" : double < 0 ? "'-Infinity'" : "'Infinity'"
    throw fail(.notFinite("Computation results in \(name)"))
  }

  mutating func clamp(_ input: Datum, _ bound: Datum, isLeast: Bool) -> Datum {
    let number = ExactNumber(input)
    let limit = ExactNumber(bound)
    let order = number.compare(limit)
    return datum((isLeast ? order < 0 : order > 0) ? limit : number)
  }

  mutating func sum(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let elements = try elements(of: input)
    var total = ExactNumber(0)
    for element in elements {
      var value = element
      if arguments.count > 0, arguments.first.kind != .null {
        switch property(arguments.first, of: element) {
        case .value(let found): value = found
        case .noMembers: value = Datum(Int64(0))
        case let property: throw rejected(arguments.first, property)
        }
      }
      // Ruby's `sum` goes into arrays that the property gives.
      if value.kind == .array || value.kind == .hostArray {
        for part in try self.elements(of: value) { total = total + ExactNumber(part) }
      } else {
        total = total + ExactNumber(value)
      }
    }
    return datum(total)
  }
}
