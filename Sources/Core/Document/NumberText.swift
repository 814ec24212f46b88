/// Numbers as they stand in a document: text, read when asked for.
@usableFromInline
package enum NumberText {
  /// Whether a JSON number is an integer that fits in 64 bits.
  @usableFromInline
  static func isInteger(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in text where byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { return false }
    return integer(text) != nil
  }

  /// The value of an optional minus sign and digits, or nil where it does not fit or is something else.
  @usableFromInline
  package static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var index = 0
    let negative = text.first == UInt8(ascii: "-")
    if negative { index = 1 }
    guard index < text.count else { return nil }
    var result: Int64 = 0
    while index < text.count {
      let digit = Int64(text[index]) - 48
      guard 0...9 ~= digit else { return nil }
      // Counted downwards, as the most negative integer has no positive twin.
      let (tens, overflow) = result.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.subtractingReportingOverflow(digit)
      if overflow || carry { return nil }
      result = sum
      index += 1
    }
    if negative { return result }
    return result == .min ? nil : -result
  }

  /// The nearest double of a JSON number.
  @usableFromInline
  static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    // Up to 15 digits and 10^22, mantissa and power are exact doubles, so one division rounds right (Clinger 1990).
    var index = 0
    var negative = false
    if text.first == UInt8(ascii: "-") {
      negative = true
      index = 1
    }
    var mantissa: Int64 = 0
    var digits = 0
    var decimals = -1
    while index < text.count, digits <= 15 {
      let byte = text[index]
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else if 48...57 ~= byte {
        mantissa = mantissa * 10 + Int64(byte - 48)
        digits += 1
        if decimals >= 0 { decimals += 1 }
      } else {
        break
      }
      index += 1
    }
    if index == text.count, digits > 0, digits <= 15 {
      let value = Double(mantissa) / powersOfTen[max(decimals, 0)]
      return negative ? -value : value
    }
    return Double(String(decoding: text, as: UTF8.self))
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}

/// The decimal digits of an integer, without allocation.
public struct DecimalDigits {
  private var storage: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private var start: Int

  /// The digits of `number`, with a minus sign where it is negative.
  public init(_ number: Int64) {
    start = 24
    var position = 24
    var rest = number.magnitude
    withUnsafeMutableBytes(of: &storage) { bytes in
      repeat {
        position -= 1
        bytes[position] = UInt8(48 + rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        position -= 1
        bytes[position] = UInt8(ascii: "-")
      }
    }
    start = position
  }

  /// Lends the digits.
  public mutating func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    let start = start
    return try withUnsafeBytes(of: &storage) { bytes in
      try body(UnsafeRawBufferPointer(rebasing: bytes[start..<24]).assumingMemoryBound(to: UInt8.self))
    }
  }
}
