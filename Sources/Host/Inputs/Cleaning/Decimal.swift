/// An exact decimal number of at most 18 digits.
struct Decimal: Sendable, Equatable {
  var negative = false
  var digits: UInt64 = 0
  /// How many of the digits stand behind the point.
  var places = 0

  var isZero: Bool { digits == 0 }

  /// Reads a JSON number, exponents included; nil where it has more than 18 digits.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    if text.first == UInt8(ascii: "-") {
      negative = true
      index = 1
    }
    var fraction = false
    var count = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "."), !fraction {
        fraction = true
      } else if 48...57 ~= byte {
        guard append(byte) else { return nil }
        count += 1
        if fraction { places += 1 }
      } else {
        break
      }
      index += 1
    }
    guard count > 0 else { return nil }
    if index < text.count {
      guard text[index] | 0x20 == UInt8(ascii: "e"),
        let exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)),
        -40...40 ~= exponent
      else { return nil }
      places -= exponent
      while places < 0 {
        guard append(48) else { return nil }
        places += 1
      }
    }
  }

  /// Reads a stated number such as a scale.
  init?(_ text: String) {
    var text = text
    guard let number = text.withUTF8({ Decimal($0) }) else { return nil }
    self = number
  }

  init() {}

  /// Adds a digit; false where there is no room.
  mutating func append(_ digit: UInt8) -> Bool {
    guard digits < 100_000_000_000_000_000 else { return false }
    digits = digits * 10 + UInt64(digit - 48)
    return true
  }

  /// The product, or nil where it has too many digits.
  func times(_ other: Decimal) -> Decimal? {
    let (product, overflow) = digits.multipliedReportingOverflow(by: other.digits)
    guard !overflow else { return nil }
    var result = Decimal()
    result.negative = negative != other.negative
    result.digits = product
    result.places = places + other.places
    result.dropZeros(keeping: 2)
    return result
  }

  /// Drops zeros at the end of the fraction, down to so many places.
  mutating func dropZeros(keeping kept: Int) {
    while places > kept, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
  }

  /// The number times ten to so many places, rounded half away from zero; nil where it is no `Int64`.
  func rounded(places kept: Int) -> Int64? {
    var value = digits
    for _ in min(places, kept)..<kept {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
    }
    if places > kept {
      // Below the last place that is kept, more than 19 places are nothing.
      guard places - kept < 20 else { return 0 }
      for _ in kept..<(places - 1) { value /= 10 }
      value = (value + 5) / 10
    }
    return Int64(exactly: value).map { negative ? -$0 : $0 }
  }

  /// Whether a number is below another.
  static func < (left: Decimal, right: Decimal) -> Bool {
    let places = max(left.places, right.places)
    func signed(_ number: Decimal) -> Int128 {
      var value = Int128(number.digits)
      for _ in number.places..<places { value *= 10 }
      return number.negative ? -value : value
    }
    return signed(left) < signed(right)
  }

  /// Writes a JSON number.
  func write(to output: inout ByteBuffer) {
    if negative, digits > 0 { output.append(UInt8(ascii: "-")) }
    // All digits of the fraction and one before it, at least, from the last to the first; 20 hold any number.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(20, places + 1)) { text in
      var rest = digits
      var count = 0
      while count <= places || rest > 0 {
        text.initializeElement(at: count, to: UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
        count += 1
      }
      for left in (0..<count).reversed() {
        output.append(text[left])
        if left == places, left > 0 { output.append(UInt8(ascii: ".")) }
      }
    }
  }
}
