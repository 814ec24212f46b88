/// Reads times as files write them.
///
/// Civil dates follow the proleptic Gregorian calendar; source of the day count: Hinnant, "chrono-compatible low-level
/// date algorithms", 2013.
package enum TimeText {
  /// How a date with slashes is to be read.
  package enum DateOrder: String, Sendable, CaseIterable {
    case monthDay = "month-day"
    case dayMonth = "day-month"
  }

  /// A time as it was written: milliseconds since 1970 on the clock that it names, or on an unnamed local one.
  package struct Reading: Equatable {
    package var milliseconds: Int64
    /// Minutes east of UTC, where the text says so.
    package var offset: Int?

    package init(milliseconds: Int64, offset: Int? = nil) {
      self.milliseconds = milliseconds
      self.offset = offset
    }
  }

  /// Days from 1970-01-01 to a civil date.
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
  }

  /// The civil date of a day since 1970-01-01.
  package static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719468
    let era = (shifted >= 0 ? shifted : shifted - 146096) / 146097
    let dayOfEra = shifted - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
  }

  /// Reads ISO 8601, dates with slashes or dots, `yyyymmdd`, seconds or milliseconds since 1970, and log times.
  package static func read(_ text: UnsafeBufferPointer<UInt8>, order: DateOrder) -> Reading? {
    var reader = DigitReader(text)
    guard let (first, width) = reader.number(maxDigits: 17) else { return nil }
    if reader.isAtEnd { return plain(first, width: width) }
    switch reader.next() {
    case UInt8(ascii: "."): return plainFraction(first, width: width, reader: &reader, order: order)
    case UInt8(ascii: "-"):
      guard width == 4, let (month, _) = reader.number(maxDigits: 2), reader.skip(UInt8(ascii: "-")),
        let (day, _) = reader.number(maxDigits: 2)
      else { return nil }
      return clock(first, month, day, &reader)
    case UInt8(ascii: "/"):
      if let month = reader.monthName() {
        guard reader.skip(UInt8(ascii: "/")), let (year, _) = reader.number(maxDigits: 4),
          reader.skip(UInt8(ascii: ":"))
        else { return nil }
        return clock(year, month, first, &reader, separated: true)
      }
      return separatedDate(first, width: width, by: UInt8(ascii: "/"), reader: &reader, order: order)
    default: return nil
    }
  }

  /// Whole numbers: a date of eight digits, or a count since 1970 by its size.
  private static func plain(_ number: Int, width: Int) -> Reading? {
    switch width {
    case 8: return date(number / 10000, number / 100 % 100, number % 100).map { Reading(milliseconds: $0) }
    case 9...11, 1: return Reading(milliseconds: Int64(number) * 1000, offset: 0)
    case 12...14: return Reading(milliseconds: Int64(number), offset: 0)
    case 15...17: return Reading(milliseconds: Int64(number) / 1000, offset: 0)
    default: return nil
    }
  }

  private static func plainFraction(
    _ first: Int, width: Int, reader: inout DigitReader, order: DateOrder
  ) -> Reading? {
    guard width <= 2 else {
      // Seconds since 1970 with a fraction.
      guard width >= 9, let (fraction, digits) = reader.number(maxDigits: 9), reader.isAtEnd else { return nil }
      return Reading(milliseconds: Int64(first) * 1000 + milliseconds(fraction, digits: digits), offset: 0)
    }
    return separatedDate(first, width: width, by: UInt8(ascii: "."), reader: &reader, order: .dayMonth)
  }

  private static func separatedDate(
    _ first: Int, width: Int, by separator: UInt8, reader: inout DigitReader, order: DateOrder
  ) -> Reading? {
    guard let (second, _) = reader.number(maxDigits: 2), reader.skip(separator),
      let (third, lastWidth) = reader.number(maxDigits: 4)
    else { return nil }
    if width == 4 { return clock(first, second, third, &reader) }
    let year = lastWidth == 2 ? (third < 70 ? 2000 + third : 1900 + third) : third
    return order == .monthDay ? clock(year, first, second, &reader) : clock(year, second, first, &reader)
  }

  /// The time of day behind a date, where there is one.
  private static func clock(
    _ year: Int, _ month: Int, _ day: Int, _ reader: inout DigitReader, separated: Bool = false
  ) -> Reading? {
    guard let midnight = date(year, month, day) else { return nil }
    if reader.isAtEnd { return Reading(milliseconds: midnight) }
    if !separated {
      guard reader.skip(UInt8(ascii: "T")) || reader.skip(UInt8(ascii: "t")) || reader.skip(0x20) else { return nil }
    }
    guard let (hour, _) = reader.number(maxDigits: 2), hour < 25, reader.skip(UInt8(ascii: ":")),
      let (minute, _) = reader.number(maxDigits: 2), minute < 60
    else { return nil }
    var total = midnight + Int64(hour * 3600 + minute * 60) * 1000
    if reader.skip(UInt8(ascii: ":")) {
      guard let (second, _) = reader.number(maxDigits: 2), second < 61 else { return nil }
      total += Int64(second) * 1000
      if reader.skip(UInt8(ascii: ".")) || reader.skip(UInt8(ascii: ",")) {
        guard let (fraction, digits) = reader.number(maxDigits: 9) else { return nil }
        total += milliseconds(fraction, digits: digits)
      }
    }
    _ = reader.skip(0x20)
    if reader.isAtEnd { return Reading(milliseconds: total) }
    return offset(&reader).map { Reading(milliseconds: total, offset: $0) }
  }

  private static func offset(_ reader: inout DigitReader) -> Int? {
    if reader.skip(UInt8(ascii: "Z")) || reader.skip(UInt8(ascii: "z")) { return reader.isAtEnd ? 0 : nil }
    if reader.isAtEnd { return nil }
    let sign = reader.next()
    if sign == UInt8(ascii: "U") {
      return reader.skip(UInt8(ascii: "T")) && reader.skip(UInt8(ascii: "C")) && reader.isAtEnd ? 0 : nil
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let (value, width) = reader.number(maxDigits: 4)
    else { return nil }
    var minutes = width == 4 ? value / 100 * 60 + value % 100 : value * 60
    if width == 2, reader.skip(UInt8(ascii: ":")) {
      guard let (rest, _) = reader.number(maxDigits: 2) else { return nil }
      minutes += rest
    }
    guard reader.isAtEnd, minutes <= 18 * 60 else { return nil }
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }

  private static func date(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    guard 1...12 ~= month, day >= 1 else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    guard day <= length else { return nil }
    return Int64(days(year: year, month: month, day: day)) * 86_400_000
  }

  private static func milliseconds(_ fraction: Int, digits: Int) -> Int64 {
    var value = fraction
    for _ in 0..<max(0, 3 - digits) { value *= 10 }
    for _ in 0..<max(0, digits - 3) { value /= 10 }
    return Int64(value)
  }

  /// A moment as ISO 8601 on a clock so many minutes east of UTC.
  package static func text(_ milliseconds: Int64, offset: Int) -> String {
    let local = milliseconds + Int64(offset) * 60_000
    let day = Int((local >= 0 ? local : local - 86_399_999) / 86_400_000)
    let rest = Int(local - Int64(day) * 86_400_000)
    let date = civil(day: day)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = rest % 1000
    var text = "\(date.year)-\(two(date.month))-\(two(date.day))T\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60))"
    text += ":\(two(rest / 1000 % 60))"
    if fraction > 0 { text += ".\(fraction < 100 ? "0" : "")\(two(fraction))" }
    if offset == 0 { return text + "Z" }
    return text + "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
  }
}

/// Takes numbers and signs off the front of a text.
private struct DigitReader {
  // Invariant: `at` is in 0...bytes.count; the bytes are borrowed for the life of the reader.
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func next() -> UInt8 {
    defer { at += 1 }
    return bytes[at]
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// One or more digits, at most so many.
  mutating func number(maxDigits: Int) -> (value: Int, width: Int)? {
    var value = 0
    let start = at
    while at < bytes.count, at - start < maxDigits, 48...57 ~= bytes[at] {
      value = value * 10 + Int(bytes[at] - 48)
      at += 1
    }
    return at > start ? (value, at - start) : nil
  }

  /// `Jan` to `Dec`, as 1 to 12.
  mutating func monthName() -> Int? {
    guard at + 3 <= bytes.count else { return nil }
    let name = bytes[at..<(at + 3)].reduce(0) { $0 << 8 | UInt32($1 | 0x20) }
    let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
    for month in 0..<12 {
      let known = (0..<3).reduce(UInt32(0)) { $0 << 8 | UInt32(names.utf8Start[month * 3 + $1]) }
      if known == name {
        at += 3
        return month + 1
      }
    }
    return nil
  }
}
