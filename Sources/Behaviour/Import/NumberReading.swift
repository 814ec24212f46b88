import Core
import Host

/// Numbers as shops write them, in ten-thousandths.
struct NumberReading: Equatable {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  let value: Int64
  /// The ISO 4217 code of the currency that stands beside the number.
  var currency: String?

  /// Reads `2.55`, `1,234.5`, `12,50 EUR`, `£40`, `(7.20)`, `3 pcs`; nil where there is no number, or it is too large.
  ///
  /// - Parameter decimalMark: the mark before fractions, where it is known.
  init?(_ text: Bytes, decimalMark: UInt8? = nil) {
    if decimalMark != UInt8(ascii: ","), let value = Self.plain(text) {
      self.value = value
    } else if let price = PriceText(text, decimalMark: decimalMark), let value = price.tenThousandths {
      self.value = value
      currency = price.currency
    } else if let value = Self.counted(text, decimalMark) {
      self.value = value
    } else {
      return nil
    }
  }

  /// Reads the number that a text begins with: `4.5 out of 5`, `4/5`.
  static func rating(_ text: Bytes, decimalMark: UInt8? = nil) -> Int64? {
    if let number = NumberReading(text, decimalMark: decimalMark) { return number.value }
    return NumberReading(Bytes(rebasing: text[..<endOfNumber(text)]), decimalMark: decimalMark)?.value
  }

  /// Digits with a sign and a point, and an exponent, as programs write numbers; rounded half away from zero.
  private static func plain(_ text: Bytes) -> Int64? {
    var index = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative || text.first == UInt8(ascii: "+") { index = 1 }
    var value: Int64 = 0
    // Digits behind the point, or -1 before it.
    var places = -1
    var digits = 0
    var roundsUp = false
    while index < text.count {
      let byte = text[index]
      if 48...57 ~= byte {
        if places < 4 {
          let (product, overflow) = value.multipliedReportingOverflow(by: 10)
          if overflow || product > .max - 10 { return nil }
          value = product + Int64(byte - 48)
        } else if places == 4 {
          roundsUp = byte >= 53
        }
        if places >= 0 { places += 1 }
        digits += 1
      } else if byte == UInt8(ascii: "."), places < 0 {
        places = 0
      } else {
        return digits > 0 && byte | 0x20 == UInt8(ascii: "e") ? exponential(text) : nil
      }
      index += 1
    }
    if digits == 0 { return nil }
    for _ in min(max(0, places), 4)..<4 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    if roundsUp { value += 1 }
    return isNegative ? -value : value
  }

  private static func exponential(_ text: Bytes) -> Int64? {
    guard let number = Double(String(decoding: text, as: UTF8.self)), abs(number) < 1e14 else { return nil }
    return Int64((number * 10000).rounded())
  }

  /// A number of something: words without digits stand behind it.
  private static func counted(_ text: Bytes, _ decimalMark: UInt8?) -> Int64? {
    let end = endOfNumber(text)
    let rest = text[end...]
    guard end > 0, let first = rest.first, first == 0x20 || first >= 0x80 || 97...122 ~= first | 0x20,
      !rest.contains(where: { 48...57 ~= $0 })
    else { return nil }
    return PriceText(Bytes(rebasing: text[..<end]), decimalMark: decimalMark)?.tenThousandths
  }

  private static func endOfNumber(_ text: Bytes) -> Int {
    let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
    var end = isSigned ? 1 : 0
    while end < text.count, 48...57 ~= text[end] || text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: ",") {
      end += 1
    }
    return end
  }
}
