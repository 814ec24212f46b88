/// Numbers as shops write them.
enum NumberReading {
  /// The number in ten-thousandths: `2.55`, `1,234.5`, `12,50 EUR`, `£40`; nil where there is none or it is too large.
  static func tenThousandths(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var start = 0
    while start < text.count, !isDigit(text[start]), !isSign(text[start]), text[start] != UInt8(ascii: ".") {
      start += 1
    }
    var isNegative = false
    if start < text.count, isSign(text[start]) {
      isNegative = text[start] == UInt8(ascii: "-")
      start += 1
    }
    let point = decimalPoint(in: text, from: start)
    var value: Int64 = 0
    var places = -1
    var digits = 0
    var index = start
    scan: while index < text.count {
      let byte = text[index]
      switch byte {
      case 48...57:
        if places < 4 {
          let (product, overflow) = value.multipliedReportingOverflow(by: 10)
          if overflow || product > .max - 10 { return nil }
          value = product + Int64(byte - 48)
          if places >= 0 { places += 1 }
        }
        digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"):
        if index == point { places = 0 }
      case UInt8(ascii: "e"), UInt8(ascii: "E"): return exponential(text)
      default: break scan
      }
      index += 1
    }
    if digits == 0 { return nil }
    for _ in max(0, places)..<4 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    return isNegative ? -value : value
  }

  /// The last point or comma, where it parts whole from fraction: a comma before three digits parts thousands.
  private static func decimalPoint(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var last: Int?
    var index = start
    while index < text.count, isDigit(text[index]) || isSeparator(text[index]) {
      if isSeparator(text[index]) { last = index }
      index += 1
    }
    guard let last else { return nil }
    if text[last] == UInt8(ascii: ",") {
      let isThousands = index - last == 4
      return isThousands ? nil : last
    }
    return last
  }

  private static func exponential(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let number = Double(String(decoding: text, as: UTF8.self)), abs(number) < 1e14 else { return nil }
    return Int64((number * 10000).rounded())
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }
  private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") }
}
