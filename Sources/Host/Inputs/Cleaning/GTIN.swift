/// Global Trade Item Numbers: 8, 12, 13 or 14 digits, the last a check digit.
enum GTIN {
  enum Reading: Equatable {
    case right(String)
    /// A spreadsheet had dropped the zeros in front.
    case padded(String)
    case wrongCheckDigit
  }

  /// Reads a number with its blanks and hyphens.
  ///
  /// Source: GS1 General Specifications, section 7.9.1.
  static func read(_ text: UnsafeBufferPointer<UInt8>) -> Reading {
    var digits: [UInt8] = []
    for byte in text {
      if 48...57 ~= byte {
        digits.append(byte)
      } else if byte != 0x20, byte != UInt8(ascii: "-") {
        return .wrongCheckDigit
      }
    }
    let pads = 9...11 ~= digits.count
    if pads { digits.insert(contentsOf: repeatElement(48, count: 12 - digits.count), at: 0) }
    guard [8, 12, 13, 14].contains(digits.count), digits.contains(where: { $0 != 48 }) else { return .wrongCheckDigit }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() { sum += Int(digit - 48) * (place % 2 == 0 ? 1 : 3) }
    guard sum % 10 == 0 else { return .wrongCheckDigit }
    let number = String(decoding: digits, as: UTF8.self)
    return pads ? .padded(number) : .right(number)
  }
}
