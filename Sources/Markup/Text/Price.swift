/// An amount of money as exact decimal digits, never a binary fraction.
public struct Price: Comparable, Sendable {
  // The value is digits / 10^decimals; no leading zeros, no trailing zeros among the decimals; zero has no digits.
  private let digits: [UInt8]
  private let decimals: Int

  /// Reads the source text of a JSON number; nil where it is no number, negative or beyond 10^30 or 10^-30.
  public init?(_ text: Bytes) {
    let text = text.trimmed
    var digits: [UInt8] = []
    var decimals = 0
    var index = 0
    var sawPoint = false
    var sawDigit = false
    scan: while index < text.count {
      switch text[index] {
      case let byte where byte &- 48 < 10:
        sawDigit = true
        if sawPoint { decimals += 1 }
        if byte != 48 || !digits.isEmpty { digits.append(byte - 48) }
      case UInt8(ascii: ".") where !sawPoint: sawPoint = true
      default: break scan
      }
      index += 1
    }
    guard sawDigit else { return nil }
    if index < text.count {
      guard text[index] | 0x20 == UInt8(ascii: "e"), let exponent = Int(text.dropFirst(index + 1).string),
        -30...30 ~= exponent
      else { return nil }
      decimals -= exponent
    }
    while decimals > 0, digits.last == 0 {
      digits.removeLast()
      decimals -= 1
    }
    if digits.isEmpty { decimals = 0 }
    if decimals < 0 {
      digits.append(contentsOf: repeatElement(0, count: -decimals))
      decimals = 0
    }
    guard digits.count - decimals <= 30, decimals <= 30 else { return nil }
    self.digits = digits
    self.decimals = decimals
  }

  /// Whether the amount is nothing.
  public var isZero: Bool { digits.isEmpty }

  /// The plain decimal text: digits, and a point only where decimals follow, at least as many as asked for.
  public func text(decimals wanted: Int = 0) -> String {
    let padded = Array(repeating: 0, count: max(0, decimals + 1 - digits.count)) + digits
    let point = padded.count - decimals
    var text = padded[..<point].map { 48 + $0 }
    if max(decimals, wanted) > 0 {
      text.append(UInt8(ascii: "."))
      text += padded[point...].map { 48 + $0 }
      text += repeatElement(48, count: max(0, wanted - decimals))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The amount with at most so many decimals, a half rounded up.
  public func rounded(decimals wanted: Int) -> Price {
    guard decimals > wanted else { return self }
    let padded = Array(repeating: 0, count: max(0, decimals + 1 - digits.count)) + digits
    var kept = Array(padded.dropLast(decimals - wanted))
    let roundsUp = padded[kept.count] >= 5
    var index = kept.count - 1
    if roundsUp {
      while index >= 0, kept[index] == 9 {
        kept[index] = 0
        index -= 1
      }
      if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
    }
    return Price(digits: kept, decimals: wanted)
  }

  private init(digits: [UInt8], decimals: Int) {
    var digits = Array(digits.drop { $0 == 0 })
    var decimals = decimals
    while decimals > 0, digits.last == 0 {
      digits.removeLast()
      decimals -= 1
    }
    self.digits = digits
    self.decimals = digits.isEmpty ? 0 : decimals
  }

  /// Orders by amount.
  public static func < (left: Price, right: Price) -> Bool {
    let (whole, other) = (left.digits.count - left.decimals, right.digits.count - right.decimals)
    if left.isZero || right.isZero { return left.isZero && !right.isZero }
    return whole == other ? left.digits.lexicographicallyPrecedes(right.digits) : whole < other
  }

  /// How many decimals a currency's coins have (ISO 4217); 2 for one not known here.
  public static func decimals(ofCurrency code: String) -> Int {
    switch code {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
      "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }
}

extension Slice where Base == Bytes {
  fileprivate var string: String { String(decoding: self, as: UTF8.self) }
}
