import Glibc

/// Decimal text of the logarithms in an ARPA file.
enum DecimalText {
  /// Writes a finite number of magnitude below 10^9 with seven decimals, and returns how many bytes that took.
  @inline(__always)
  static func write(_ value: Float, to out: UnsafeMutablePointer<UInt8>) -> Int {
    var rest = UInt64((Double(abs(value)) * 1e7).rounded())
    if rest == 0 {
      out[0] = UInt8(ascii: "0")
      return 1
    }
    var length = 0
    if value < 0 {
      out[0] = UInt8(ascii: "-")
      length = 1
    }
    var whole = rest / 10_000_000
    rest -= whole * 10_000_000
    var digits = 1
    var power: UInt64 = 10
    while whole >= power {
      digits &+= 1
      power &*= 10
    }
    for place in stride(from: length + digits - 1, through: length, by: -1) {
      out[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: whole % 10)
      whole /= 10
    }
    length += digits
    out[length] = UInt8(ascii: ".")
    for place in stride(from: length + 7, to: length, by: -1) {
      out[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return length + 8
  }

  /// The number that a field spells, or nil where it spells none; `inf` and `nan` are none.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Float? {
    var place = 0
    func digit() -> UInt64? {
      guard place < text.count else { return nil }
      let value = text[place] &- UInt8(ascii: "0")
      return value < 10 ? UInt64(value) : nil
    }
    var isNegative = false
    if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
      isNegative = text[place] == UInt8(ascii: "-")
      place += 1
    }
    var mantissa: UInt64 = 0
    var exponent = 0
    var digits = 0
    func read(isFraction: Bool) {
      while let next = digit() {
        if mantissa < 1 << 59 {
          mantissa = mantissa * 10 + next
          if isFraction { exponent -= 1 }
        } else if !isFraction {
          exponent += 1
        }
        digits += 1
        place += 1
      }
    }
    read(isFraction: false)
    if place < text.count, text[place] == UInt8(ascii: ".") {
      place += 1
      read(isFraction: true)
    }
    guard digits > 0 else { return nil }
    if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      var isSmall = false
      if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
        isSmall = text[place] == UInt8(ascii: "-")
        place += 1
      }
      guard digit() != nil else { return nil }
      var power = 0
      while let next = digit() {
        power = min(power * 10 + Int(next), 10_000)
        place += 1
      }
      exponent += isSmall ? -power : power
    }
    guard place == text.count else { return nil }
    let scaled: Double
    if exponent >= -22, exponent <= 0 {
      scaled = Double(mantissa) / powers[-exponent]
    } else {
      scaled = Double(mantissa) * pow(10, Double(exponent))
    }
    let value = Float(isNegative ? -scaled : scaled)
    return value.isFinite ? value : nil
  }

  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }
}
