/// Takes numbers, names and signs off the front of a text.
struct TimeScanner {
  // Invariant: `at` is in 0...bytes.count; the bytes are borrowed for the life of the scanner.
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  var isAtBlank: Bool { at < bytes.count && bytes[at] == 0x20 }

  /// The next byte, of which there is one.
  mutating func next() -> UInt8 {
    defer { at += 1 }
    return bytes[at]
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// Goes behind blanks, the narrow ones before `AM` included; whether there was one.
  mutating func skipBlanks() -> Bool {
    let start = at
    while at < bytes.count {
      if bytes[at] == 0x20 {
        at += 1
      } else if bytes[at] == 0xC2, at + 1 < bytes.count, bytes[at + 1] == 0xA0 {
        at += 2
      } else if bytes[at] == 0xE2, at + 2 < bytes.count, bytes[at + 1] == 0x80, bytes[at + 2] == 0xAF {
        at += 3
      } else {
        break
      }
    }
    return at > start
  }

  /// One or more digits, at most so many; nil where they are no `Int`.
  mutating func number(maxDigits: Int) -> (value: Int, width: Int)? {
    var value = 0
    let start = at
    while at < bytes.count, at - start < maxDigits, 48...57 ~= bytes[at] {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(bytes[at] - 48))
      if overflow || carry { return nil }
      value = sum
      at += 1
    }
    return at > start ? (value, at - start) : nil
  }

  /// The digits behind a point, as milliseconds.
  mutating func fraction() -> Int64? {
    let start = at
    var value: Int64 = 0
    while at < bytes.count, 48...57 ~= bytes[at] {
      if at - start < 3 { value = value * 10 + Int64(bytes[at] - 48) }
      at += 1
    }
    for _ in min(at - start, 3)..<3 { value *= 10 }
    return at > start ? value : nil
  }

  /// Whether one digit or so many, and a colon, come next.
  func hasColon(behindDigits most: Int) -> Bool {
    let width = bytes[at...].prefix { 48...57 ~= $0 }.count
    return 1...most ~= width && at + width < bytes.count && bytes[at + width] == UInt8(ascii: ":")
  }

  /// `Jan` to `Dec` or the whole name, a point behind it or not, as 1 to 12.
  mutating func monthName() -> Int? {
    name(
      among: "january february march april may june july august september october november december", count: 12
    ).map {
      _ = skip(UInt8(ascii: "."))
      return $0 + 1
    }
  }

  mutating func weekdayName() -> Bool {
    name(among: "sunday monday tuesday wednesday thursday friday saturday", count: 7) != nil
  }

  /// `am` or `pm`: whether it is the latter.
  mutating func halfOfDay() -> Bool? {
    let start = at
    _ = skipBlanks()
    if at < bytes.count, [UInt8(ascii: "a"), UInt8(ascii: "p")].contains(bytes[at] | 0x20) {
      let isAfternoon = bytes[at] | 0x20 == UInt8(ascii: "p")
      at += 1
      let hasPoint = skip(UInt8(ascii: "."))
      if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "m") {
        at += 1
        if hasPoint { _ = skip(UInt8(ascii: ".")) }
        return isAfternoon
      }
    }
    at = start
    return nil
  }

  /// `Z`, `UTC`, `GMT` and the zones of RFC 5322, section 4.3, as minutes east of UTC.
  mutating func zoneName() -> Int? {
    let letters = bytes[at...].prefix { 97...122 ~= $0 | 0x20 }
    let hours: Int
    switch String(decoding: letters, as: UTF8.self).uppercased() {
    case "Z", "UTC", "GMT", "UT": hours = 0
    case "EDT": hours = -4
    case "EST", "CDT": hours = -5
    case "CST", "MDT": hours = -6
    case "MST", "PDT": hours = -7
    case "PST": hours = -8
    default: return nil
    }
    at += letters.count
    return hours * 60
  }

  /// `+01`, `-0100` or `+01:00`, as minutes east of UTC.
  mutating func signedOffset() -> Int? {
    guard at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") else { return nil }
    let isNegative = next() == UInt8(ascii: "-")
    guard let (value, width) = number(maxDigits: 4), width != 3 else { return nil }
    var (hours, minutes) = width == 4 ? (value / 100, value % 100) : (value, 0)
    if width <= 2, skip(UInt8(ascii: ":")) {
      guard let (rest, width) = number(maxDigits: 2), width == 2 else { return nil }
      minutes = rest
    }
    guard minutes < 60, hours * 60 + minutes <= 18 * 60 else { return nil }
    hours = hours * 60 + minutes
    return isNegative ? -hours : hours
  }

  /// Goes behind a text in brackets, such as `[Europe/Berlin]` or ` (CET)`.
  mutating func skipBracketed() {
    let start = at
    _ = skipBlanks()
    guard at < bytes.count, let last = bytes.last,
      bytes[at] == UInt8(ascii: "[") && last == UInt8(ascii: "]")
        || bytes[at] == UInt8(ascii: "(") && last == UInt8(ascii: ")")
    else {
      at = start
      return
    }
    at = bytes.count
  }

  /// Which of so many names of lower-case letters comes next, cut to three letters or whole.
  private mutating func name(among names: StaticString, count: Int) -> Int? {
    let letters = bytes[at...].prefix { 97...122 ~= $0 | 0x20 }
    guard letters.count >= 3 else { return nil }
    let words = UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount).split(separator: 0x20)
    for (index, word) in words.enumerated() {
      let isWhole = letters.count == word.count
      guard letters.count == 3 || isWhole, zip(letters, word).allSatisfy({ $0 | 0x20 == $1 }) else { continue }
      at += letters.count
      return index
    }
    return nil
  }
}
