import Core

/// Numbers as they stand in templates and texts.
enum NumberLiteral {
  /// A number of the strict grammar: `-?\d+(\.\d+)?`.
  static func datum(_ text: Bytes) -> Datum {
    text.contains(UInt8(ascii: ".")) ? Datum(double(text)) : integer(text)
  }

  /// A number of the lax grammar, in which what follows a second dot is passed over; nil for anything else.
  static func lax(_ text: Bytes) -> Datum? {
    var index = text.first == UInt8(ascii: "-") ? 1 : 0
    guard index < text.count, isDigit(text[index]) else { return nil }
    var end = text.count
    var dots = 0
    while index < text.count {
      if text[index] == UInt8(ascii: ".") {
        dots += 1
        if dots == 2 { end = index }
      } else if !isDigit(text[index]) {
        return nil
      }
      index += 1
    }
    return dots == 0 ? integer(text) : Datum(double(text.part(0..<end)))
  }

  /// An optional sign and digits.
  static func integer(_ text: Bytes) -> Datum {
    if let small = NumberText.integer(text) { return Datum(small) }
    var first = text.first == UInt8(ascii: "-") ? 1 : 0
    while first + 1 < text.count, text[first] == UInt8(ascii: "0") { first += 1 }
    // Leading zeros are rare; a sign cannot be moved over them in place, so such a text stays as it is.
    return Datum(bigInteger: text.first == UInt8(ascii: "-") ? text : text.part(first..<text.count))
  }

  static func double(_ text: Bytes) -> Double {
    var text = text
    if text.last == UInt8(ascii: ".") { text = text.part(0..<text.count - 1) }
    return Double(text.string) ?? 0
  }
}
