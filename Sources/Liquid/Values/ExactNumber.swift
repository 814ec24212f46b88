/// A number in decimal, as Ruby's `Integer` and `BigDecimal` calculate: without binary rounding.
///
/// Numbers beyond 38 digits fall back to the nearest double.
struct ExactNumber {
  var mantissa: Int128
  /// Digits after the point.
  var scale: Int
  /// Whether Ruby has it as a `BigDecimal`: the result of calculating with it is one too.
  var isDecimal: Bool
  /// Set when 38 digits do not hold the number, or it is not finite.
  var approximate: Double?

  init(_ mantissa: Int128, scale: Int = 0, isDecimal: Bool = false) {
    self.mantissa = mantissa
    self.scale = scale
    self.isDecimal = isDecimal
    // The one mantissa that cannot be negated.
    if mantissa == .min {
      self.mantissa = 0
      approximate = Double(mantissa) / Numeral.power(scale)
    }
  }

  init(approximate: Double) {
    self.init(0, isDecimal: true)
    self.approximate = approximate
  }

  /// A number; 0 for anything else.
  init(_ datum: Datum) {
    switch datum.kind {
    case .integer: self.init(Int128(datum.integer))
    case .bigInteger:
      if let exact = Int128(datum.text.string) {
        self.init(exact)
      } else {
        self.init(approximate: Numeral.double(datum))
      }
    case .double: self.init(double: datum.double)
    case .string: self.init(text: datum.text)
    default: self.init(0)
    }
  }

  init(double: Double) {
    // Only a double tells minus zero from zero.
    if double == 0, double.sign == .minus {
      self.init(approximate: double)
      return
    }
    if let (mantissa, scale) = Numeral.short(double) {
      self.init(Int128(mantissa), scale: scale, isDecimal: true)
      return
    }
    guard double.isFinite, double.magnitude < 1e30, double.magnitude > 1e-20 else {
      self.init(approximate: double)
      return
    }
    let (digits, point) = Numeral.digits(double.magnitude)
    var mantissa: Int128 = 0
    for digit in digits { mantissa = mantissa * 10 + Int128(digit - 48) }
    var scale = digits.count - point
    while scale < 0 {
      mantissa *= 10
      scale += 1
    }
    self.init(double < 0 ? -mantissa : mantissa, scale: scale, isDecimal: true)
  }

  /// `-?\d+\.\d+` is a decimal; of any other text the leading digits are an integer.
  init(text: Bytes) {
    let trimmed = text.trimmed
    let first = trimmed.first == UInt8(ascii: "-") ? 1 : 0
    if let point = trimmed.firstIndex(of: UInt8(ascii: ".")), point > first, point + 1 < trimmed.count,
      trimmed.part(first..<point).allSatisfy(isDigit),
      trimmed.part(point + 1..<trimmed.count).allSatisfy(isDigit)
    {
      var mantissa: Int128 = 0
      for byte in trimmed where isDigit(byte) {
        let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(Int128(byte - 48))
        if overflow || carry {
          self.init(approximate: Double(trimmed.string) ?? 0)
          return
        }
        mantissa = sum
      }
      // Only a double tells minus zero from zero.
      if first == 1, mantissa == 0 {
        self.init(approximate: -0.0)
        return
      }
      self.init(first == 1 ? -mantissa : mantissa, scale: trimmed.count - point - 1, isDecimal: true)
      return
    }
    self.init(Numeral.integer(text))
  }

  var double: Double {
    if let approximate { return approximate }
    if mantissa.magnitude <= 1 << 53, scale < Numeral.powers.count {
      return Double(Int64(mantissa)) / Numeral.powers[scale]
    }
    return Double("\(mantissa)e-\(scale)") ?? 0
  }

  // MARK: Calculating

  /// Both mantissas at the larger scale; nil where that does not fit.
  private static func align(_ left: ExactNumber, _ right: ExactNumber) -> (Int128, Int128, Int)? {
    guard left.approximate == nil, right.approximate == nil else { return nil }
    let scale = max(left.scale, right.scale)
    guard let a = left.mantissa.scaled(by: scale - left.scale), let b = right.mantissa.scaled(by: scale - right.scale)
    else { return nil }
    return (a, b, scale)
  }

  static func + (left: ExactNumber, right: ExactNumber) -> ExactNumber {
    if let (a, b, scale) = align(left, right) {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return ExactNumber(sum, scale: scale, isDecimal: left.isDecimal || right.isDecimal) }
    }
    return ExactNumber(approximate: left.double + right.double)
  }

  static prefix func - (number: ExactNumber) -> ExactNumber {
    var result = number
    result.mantissa = -number.mantissa
    result.approximate = number.approximate.map { -$0 }
    return result
  }

  static func - (left: ExactNumber, right: ExactNumber) -> ExactNumber {
    if let (a, b, scale) = align(left, right) {
      let (difference, overflow) = a.subtractingReportingOverflow(b)
      if !overflow { return ExactNumber(difference, scale: scale, isDecimal: left.isDecimal || right.isDecimal) }
    }
    return ExactNumber(approximate: left.double - right.double)
  }

  static func * (left: ExactNumber, right: ExactNumber) -> ExactNumber {
    if left.approximate == nil, right.approximate == nil {
      let (product, overflow) = left.mantissa.multipliedReportingOverflow(by: right.mantissa)
      if !overflow {
        if product == 0, left.isDecimal || right.isDecimal, (left.mantissa < 0) != (right.mantissa < 0) {
          return ExactNumber(approximate: -0.0)
        }
        return ExactNumber(
          product, scale: left.scale + right.scale, isDecimal: left.isDecimal || right.isDecimal)
      }
    }
    return ExactNumber(approximate: left.double * right.double)
  }

  /// The quotient: of two integers rounded down, nil when divided by zero; of decimals to some 20 digits.
  static func / (left: ExactNumber, right: ExactNumber) -> ExactNumber? {
    guard left.isDecimal || right.isDecimal || left.approximate != nil || right.approximate != nil else {
      guard right.mantissa != 0 else { return nil }
      return ExactNumber(left.mantissa.dividedDown(by: right.mantissa).quotient)
    }
    guard left.approximate == nil, right.approximate == nil, right.mantissa != 0 else {
      return ExactNumber(approximate: left.double / right.double)
    }
    if left.mantissa == 0, right.mantissa < 0 { return ExactNumber(approximate: -0.0) }
    var dividend = left.mantissa
    var scale = left.scale - right.scale
    while dividend != 0, dividend.magnitude < Int128.max.magnitude / 10, scale < 40 {
      dividend *= 10
      scale += 1
    }
    var quotient = dividend / right.mantissa
    if dividend != 0, quotient.magnitude < 1_000_000_000_000_000_000 {
      // A divisor of very many digits leaves too few for the quotient.
      return ExactNumber(approximate: left.double / right.double)
    }
    while scale < 0 {
      guard let larger = quotient.scaled(by: 1) else {
        return ExactNumber(approximate: left.double / right.double)
      }
      quotient = larger
      scale += 1
    }
    return ExactNumber(quotient, scale: scale, isDecimal: true)
  }

  /// The rest of the quotient rounded down; nil when divided by zero.
  static func % (left: ExactNumber, right: ExactNumber) -> ExactNumber? {
    if right.isZero { return nil }
    if let (a, b, scale) = align(left, right) {
      return ExactNumber(a.dividedDown(by: b).rest, scale: scale, isDecimal: left.isDecimal || right.isDecimal)
    }
    let (a, b) = (left.double, right.double)
    return ExactNumber(approximate: a - b * (a / b).rounded(.down))
  }

  var isZero: Bool { approximate.map { $0 == 0 } ?? (mantissa == 0) }

  /// Negative, zero or positive.
  func compare(_ other: ExactNumber) -> Int {
    if let (a, b, _) = Self.align(self, other) { return a < b ? -1 : a > b ? 1 : 0 }
    return double < other.double ? -1 : double > other.double ? 1 : 0
  }

  enum Rounding {
    case halfUp, halfEven, down, up, towardZero

    var rule: FloatingPointRoundingRule {
      switch self {
      case .halfUp: .toNearestOrAwayFromZero
      case .halfEven: .toNearestOrEven
      case .down: .down
      case .up: .up
      case .towardZero: .towardZero
      }
    }
  }

  /// The number with `digits` after the point, which may be negative.
  func rounded(to digits: Int, _ rounding: Rounding) -> ExactNumber {
    if let approximate, approximate.isFinite, digits <= 0 {
      let unit = Numeral.power(-digits)
      return ExactNumber(approximate: (approximate / unit).rounded(rounding.rule) * unit)
    }
    guard approximate == nil, digits < scale else { return self }
    let drop = scale - digits
    guard let unit = Int128(1).scaled(by: drop) else { return ExactNumber(0, isDecimal: isDecimal) }
    var (quotient, rest) = mantissa.dividedDown(by: unit)
    switch rounding {
    case .down: break
    case .up: if rest > 0 { quotient += 1 }
    case .towardZero: if rest > 0, mantissa < 0 { quotient += 1 }
    case .halfUp:
      // Halves go away from zero.
      if rest > unit / 2 || (rest == unit / 2 && mantissa > 0) { quotient += 1 }
    case .halfEven: if rest > unit / 2 || (rest == unit / 2 && quotient & 1 == 1) { quotient += 1 }
    }
    guard digits < 0 else { return ExactNumber(quotient, scale: digits, isDecimal: isDecimal) }
    guard let whole = quotient.scaled(by: -digits) else {
      return ExactNumber(approximate: Double(quotient) * Numeral.power(-digits))
    }
    return ExactNumber(whole, isDecimal: isDecimal)
  }
}

extension Int128 {
  /// Times a power of ten; nil where that does not fit.
  fileprivate func scaled(by power: Int) -> Int128? {
    guard power <= 38 else { return self == 0 ? 0 : nil }
    var result = self
    for _ in 0..<Swift.max(power, 0) {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }

  /// The quotient rounded toward minus infinity, and what it leaves.
  fileprivate func dividedDown(by divisor: Int128) -> (quotient: Int128, rest: Int128) {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest != 0 && (rest < 0) != (divisor < 0) ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
