/// Dates in the form that data mostly have, `2026-03-01` and `2026-03-01T08:00:00Z`, read without looking for others.
///
/// Source: RFC 3339, with a space for the `T`, and without seconds or offset if need be.
enum ISODate {
  /// The date; nil where the text has any other form or is no date.
  static func read(_ text: Bytes, now: CivilDate) -> CivilDate? {
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
      1...12 ~= month, day >= 1, day <= days(in: month, of: year)
    else { return nil }
    var date = CivilDate()
    (date.year, date.month, date.day) = (year, month, day)
    (date.offset, date.zone) = (now.offset, now.zone)
    if text.count == 10 { return date }
    let separator = text[10]
    guard separator == UInt8(ascii: "t") || separator == UInt8(ascii: "T") || separator == UInt8(ascii: " "),
      text.count >= 16, text[13] == UInt8(ascii: ":"), let hour = number(text, 11, 2), hour < 24,
      let minute = number(text, 14, 2), minute < 60
    else { return nil }
    (date.hour, date.minute) = (hour, minute)
    var at = 16
    if at < text.count, text[at] == UInt8(ascii: ":") {
      guard let second = number(text, 17, 2), second < 60 else { return nil }
      date.second = second
      at = 19
      if at < text.count, text[at] == UInt8(ascii: ".") {
        at += 1
        var scale = 100_000_000
        while at < text.count, isDigit(text[at]) {
          date.nanosecond += Int(text[at] - 48) * scale
          scale /= 10
          at += 1
        }
      }
    }
    return zone(text, at, &date, now) ? date : nil
  }

  private static func days(in month: Int, of year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  /// Reads `Z`, `+hh:mm`, `+hhmm` or nothing at the end of a text.
  private static func zone(_ text: Bytes, _ start: Int, _ date: inout CivilDate, _ now: CivilDate) -> Bool {
    let rest = text.count - start
    if rest == 0 { return true }
    if rest == 1, text[start] | 0x20 == UInt8(ascii: "z") {
      (date.offset, date.zone) = (0, "UTC")
      return true
    }
    guard text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), rest == 5 || rest == 6,
      rest == 5 || text[start + 3] == UInt8(ascii: ":"), let hours = number(text, start + 1, 2),
      let minutes = number(text, text.count - 2, 2)
    else { return false }
    date.offset = (hours * 60 + minutes) * (text[start] == UInt8(ascii: "-") ? -60 : 60)
    date.zone = date.offset == now.offset ? now.zone : ""
    return true
  }

  private static func number(_ text: Bytes, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= text.count else { return nil }
    var result = 0
    for index in start..<start + count {
      guard isDigit(text[index]) else { return nil }
      result = result * 10 + Int(text[index] - 48)
    }
    return result
  }
}
