import Core

/// A global trade item number whose check digit is right (GS1 General Specifications, section 7.9).
struct GTIN {
  /// 8, 12, 13 or 14 digits.
  let digits: String

  /// Reads a number with or without blanks and hyphens; nil where length or check digit are wrong.
  ///
  /// A JSON number cannot begin with zeros, so those that it lost are given back, which the check digit allows.
  init?(_ value: Value) {
    let text = value.line.utf8.filter { !" -".utf8.contains($0) }
    guard text.allSatisfy({ 48...57 ~= $0 }), text.contains(where: { $0 != 48 }) else { return nil }
    let lengths = [8, 12, 13, 14]
    let length = value.kind == .integer ? lengths.first { $0 >= text.count } : text.count
    guard let length, lengths.contains(length), text.count >= 7 else { return nil }
    var sum = 0
    for (index, digit) in text.reversed().enumerated() { sum += Int(digit - 48) * (index % 2 == 0 ? 1 : 3) }
    guard sum % 10 == 0 else { return nil }
    digits = String(repeating: "0", count: length - text.count) + String(decoding: text, as: UTF8.self)
  }
}
