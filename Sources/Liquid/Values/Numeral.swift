import Core

/// Numbers and their texts, as Ruby reads and writes them.
enum Numeral {
  /// Ruby's `String#to_i`: leading digits, single underscores between them; 0 where there are none.
  static func integer(_ text: Bytes) -> Datum {
    var at = 0
    while at < text.count, isSpace(text[at]) { at += 1 }
    let start = at
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") { at += 1 }
    let digits = at
    var hasUnderscore = false
    while at < text.count {
      if isDigit(text[at]) {
        at += 1
      } else if text[at] == UInt8(ascii: "_"), at > digits, at + 1 < text.count, isDigit(text[at + 1]) {
        hasUnderscore = true
        at += 1
      } else {
        break
      }
    }
    guard at > digits else { return Datum(Int64(0)) }
    if hasUnderscore { return Datum(withoutUnderscores(text.part(start..<at))) }
    return NumberLiteral.integer(text.part((text[start] == UInt8(ascii: "+") ? digits : start)..<at))
  }

  private static func withoutUnderscores(_ text: Bytes) -> Int64 {
    text.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "+") }.withUnsafeBufferPointer {
      NumberText.integer($0) ?? .max
    }
  }

  /// Ruby's `Integer(text)` with base 10 and its prefixes left out; nil where the text holds anything else.
  static func strictInteger(_ text: Bytes) -> Int64? {
    var rest = text
    while let first = rest.first, isSpace(first) { rest = rest.part(1..<rest.count) }
    while let last = rest.last, isSpace(last) { rest = rest.part(0..<rest.count - 1) }
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.part(1..<rest.count) }
    var radix = 10
    if rest.count > 1, rest[0] == UInt8(ascii: "0") {
      switch rest[1] | 0x20 {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "b"): radix = 2
      case UInt8(ascii: "o"): radix = 8
      case UInt8(ascii: "d"): radix = 10
      default: return prefixed(rest.part(1..<rest.count), radix: 8, isNegative)
      }
      return prefixed(rest.part(2..<rest.count), radix: radix, isNegative)
    }
    return prefixed(rest, radix: radix, isNegative)
  }

  private static func prefixed(_ digits: Bytes, radix: Int, _ isNegative: Bool) -> Int64? {
    var plain = ""
    var wasDigit = false
    var hasUnderscore = false
    for byte in digits {
      if byte == UInt8(ascii: "_") {
        guard wasDigit else { return nil }
        wasDigit = false
        hasUnderscore = true
        continue
      }
      // Ruby reads long numbers by another way, which stops at a NUL.
      if byte == 0, hasUnderscore || UInt64(plain, radix: radix) == nil { break }
      guard isDigit(byte) || isLetter(byte) else { return nil }
      wasDigit = true
      plain.unicodeScalars.append(Unicode.Scalar(byte))
    }
    guard wasDigit else { return nil }
    if let value = Int64((isNegative ? "-" : "") + plain, radix: radix) { return value }
    // Larger than any place or length: as good as the largest.
    let isNumber = plain.unicodeScalars.allSatisfy { Int(String($0), radix: radix) != nil }
    return isNumber ? (isNegative ? .min : .max) : nil
  }

  /// The nearest double of a number.
  static func double(_ value: Datum) -> Double {
    switch value.kind {
    case .integer: Double(value.integer)
    case .double: value.double
    case .bigInteger: Double(value.text.string) ?? 0
    default: 0
    }
  }

  static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Ten to the power of a number.
  static func power(_ exponent: Int) -> Double {
    powers.indices.contains(exponent) ? powers[exponent] : Double("1e\(exponent)") ?? 0
  }

  /// The shortest decimal that means this double, where it has at most six decimals and fifteen digits.
  ///
  /// A decimal of at most fifteen digits survives the way to a double and back, so it is the shortest one.
  @inline(__always)
  static func short(_ value: Double) -> (mantissa: Int64, scale: Int)? {
    var scale = 0
    while scale <= 6 {
      let scaled = (value * powers[scale]).rounded()
      guard abs(scaled) < 1e15 else { return nil }
      if scaled / powers[scale] == value { return (Int64(scaled), scale) }
      scale += 1
    }
    return nil
  }

  /// Writes a double as Ruby does: `1.0`, `0.0001`, `1.0e-05`, `1.0e+15`.
  static func write(_ value: Double, into out: inout ByteBuffer) {
    guard value.isFinite else { return out.append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity") }
    if value.sign == .minus { out.append(UInt8(ascii: "-")) }
    if let (mantissa, scale) = short(value.magnitude), mantissa == 0 || value.magnitude >= 1e-4 {
      return writeFixed(UInt64(mantissa), scale: scale, into: &out)
    }
    let (digits, point) = digits(value.magnitude)
    if point > -4, point <= 15 || point < digits.count {
      if point <= 0 {
        out.append("0.")
        for _ in 0..<(-point) { out.append(UInt8(ascii: "0")) }
        for digit in digits { out.append(digit) }
      } else {
        for index in 0..<max(point, digits.count) {
          if index == point { out.append(UInt8(ascii: ".")) }
          out.append(index < digits.count ? digits[index] : UInt8(ascii: "0"))
        }
        if digits.count <= point { out.append(".0") }
      }
      return
    }
    out.append(digits[0])
    out.append(UInt8(ascii: "."))
    if digits.count == 1 { out.append(UInt8(ascii: "0")) }
    for digit in digits.dropFirst() { out.append(digit) }
    out.append(point > 0 ? "e+" : "e-")
    out.append(digits: UInt64((point - 1).magnitude), width: 2)
  }

  private static func writeFixed(_ mantissa: UInt64, scale: Int, into out: inout ByteBuffer) {
    var divisor: UInt64 = 1
    for _ in 0..<scale { divisor *= 10 }
    out.append(digits: mantissa / divisor)
    out.append(UInt8(ascii: "."))
    out.append(digits: mantissa % divisor, width: max(scale, 1))
  }

  /// The shortest digits of a positive double, and where the point stands among them.
  static func digits(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = "\(value)"
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
      if isDigit(byte) {
        digits.append(byte)
      } else if byte == UInt8(ascii: ".") {
        point = digits.count
      } else {
        exponent = Int(text[(text.firstIndex(of: "e").map { text.index(after: $0) } ?? text.endIndex)...]) ?? 0
        break
      }
    }
    var place = (point ?? digits.count) + exponent
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      place -= 1
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, place)
  }
}
