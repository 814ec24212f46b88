/// Reads dates and times out of text, as Ruby's `Time.parse` does: it looks for a time, then for a date in one form
/// after the other, and takes what is missing from the present.
struct DateReader {
  var text: [UInt8]
  var year: Int?
  var month: Int?
  var day: Int?
  var dayOfYear: Int?
  var hour: Int?
  var minute: Int?
  var second: Int?
  var nanosecond = 0
  var offset: Int?
  var isBeforeChrist = false

  /// The date in a text, which must be lower case; nil where there is none.
  static func read(_ text: Bytes, now: CivilDate) -> CivilDate? {
    var reader = DateReader(text: text)
    return reader.read(now: now)
  }

  private init(text: Bytes) { self.text = Array(text) }

  private mutating func read(now: CivilDate) -> CivilDate? {
    guard text.count <= 128 else { return nil }
    blankDay()
    findTime()
    isBeforeChrist = namesEra()
    let isFound =
      findDayAndMonth() || findMonthAndDay() || findHyphens() || findJapanese() || findNamedHyphens()
      || findSlashes() || findDots() || findWeek() || findDayOfYear() || findApostrophe() || findMonth()
      || findOrdinal() || findDigits()
    if !isFound { findRest() }
    guard year != nil || month != nil || day != nil || dayOfYear != nil || hour != nil || minute != nil || second != nil
    else { return nil }
    return assemble(now)
  }

  private func assemble(_ now: CivilDate) -> CivilDate? {
    var result = CivilDate()
    var present = now
    if let offset { present = CivilDate(seconds: now.seconds, offset: offset, zone: "") }
    result.offset = present.offset
    result.zone = offset == nil || offset == now.offset ? now.zone : ""
    result.year = year ?? present.year
    if isBeforeChrist, year != nil { result.year = 1 - result.year }
    // What comes before the first part that is known is taken from the present; what comes after it is the least.
    var isKnown = year != nil
    func part(_ found: Int?, _ present: Int, least: Int) -> Int {
      isKnown = isKnown || found != nil
      return found ?? (isKnown ? least : present)
    }
    result.month = part(month ?? dayOfYear.map { _ in 1 }, present.month, least: 1)
    result.day = part(dayOfYear ?? day, present.day, least: 1)
    result.hour = part(hour, present.hour, least: 0)
    result.minute = part(minute, present.minute, least: 0)
    result.second = part(second, present.second, least: 0)
    result.nanosecond = nanosecond
    let lastDay = dayOfYear == nil ? 31 : CivilDate.days(result.year + 1, 1, 1) - CivilDate.days(result.year, 1, 1)
    guard result.year.magnitude < 1_000_000_000, (1...12).contains(result.month), (1...lastDay).contains(result.day),
      (0...24).contains(result.hour),
      (0...59).contains(result.minute), (0...60).contains(result.second),
      result.hour < 24 || (result.minute == 0 && result.second == 0)
    else { return nil }
    return result.normalized
  }

  // MARK: Scanning

  func byte(_ at: Int) -> UInt8 { at < text.count ? text[at] : 0 }

  func digitsEnd(_ start: Int) -> Int {
    var at = start
    while isDigit(byte(at)) { at += 1 }
    return at
  }

  func spaceEnd(_ start: Int) -> Int {
    var at = start
    while at < text.count, isSpace(text[at]) { at += 1 }
    return at
  }

  func number(_ range: Range<Int>) -> Int? {
    guard range.count <= 9 else { return nil }
    return Int(String(decoding: text[range], as: UTF8.self))
  }

  func has(_ word: StaticString, at start: Int) -> Bool {
    guard start + word.utf8CodeUnitCount <= text.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where text[start + index] != word.utf8Start[index] { return false }
    return true
  }

  func isBoundary(_ at: Int) -> Bool {
    (at > 0 && isWord(text[at - 1])) != (at < text.count && isWord(text[at]))
  }

  mutating func blank(_ range: Range<Int>) {
    for index in range { text[index] = UInt8(ascii: " ") }
  }

  static let monthNames: [StaticString] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  func monthName(at start: Int) -> Int? {
    for (index, name) in Self.monthNames.enumerated() where has(name, at: start) { return index + 1 }
    return nil
  }

  static let dayNames: [StaticString] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// The first name of a day says nothing.
  mutating func blankDay() {
    for start in text.indices where isBoundary(start) && Self.dayNames.contains(where: { has($0, at: start) }) {
      var end = start
      while end < text.count, !isDigit(text[end]), !isSpace(text[end]), text[end] != UInt8(ascii: "-"),
        text[end] != UInt8(ascii: "/")
      { end += 1 }
      return blank(start..<end)
    }
  }

  // MARK: Time

  mutating func findTime() {
    var start = 0
    while start < text.count {
      if isDigit(text[start]), let end = time(at: start) {
        blank(start..<end)
        return
      }
      start = isDigit(text[start]) ? digitsEnd(start) : start + 1
    }
  }

  mutating func time(at start: Int) -> Int? {
    var at = digitsEnd(start)
    guard let hours = number(start..<at) else { return nil }
    var minutes: Int?
    var seconds: Int?
    let first = spaceEnd(at)
    if byte(first) == UInt8(ascii: "h") {
      at = first + 1
      let part = spaceEnd(at)
      let end = digitsEnd(part)
      if end > part {
        minutes = number(part..<end)
        at = byte(end) == UInt8(ascii: "m") ? end + 1 : end
        let next = spaceEnd(at)
        let last = digitsEnd(next)
        if last > next {
          seconds = number(next..<last)
          at = byte(last) == UInt8(ascii: "s") ? last + 1 : last
        }
      }
    } else if byte(first) == UInt8(ascii: ":") {
      let part = spaceEnd(first + 1)
      let end = digitsEnd(part)
      guard end > part else { return nil }
      minutes = number(part..<end)
      at = end
      let colon = spaceEnd(end)
      let next = spaceEnd(colon + 1)
      let last = digitsEnd(next)
      if byte(colon) == UInt8(ascii: ":"), last > next {
        seconds = number(next..<last)
        at = last
        if byte(at) == UInt8(ascii: ".") || byte(at) == UInt8(ascii: ",") {
          at = fraction(at: at + 1)
        }
      }
    } else if !isHalf(at: first) {
      return nil
    }
    hour = hours
    minute = minutes
    second = seconds
    let half = spaceEnd(at)
    if isHalf(at: half) {
      hour = hours % 12 + (byte(half) == UInt8(ascii: "p") ? 12 : 0)
      at = half + (byte(half + 1) == UInt8(ascii: ".") ? 4 : 2)
    }
    return zone(at: spaceEnd(at)) ?? at
  }

  /// Reads the digits of a fraction of a second.
  mutating func fraction(at start: Int) -> Int {
    let end = digitsEnd(start)
    var scale = 100_000_000
    for index in start..<end {
      nanosecond += Int(text[index] - 48) * scale
      scale /= 10
    }
    return end
  }

  // `am`, `pm`, `a.m.`, `p.m.`
  func isHalf(at start: Int) -> Bool {
    guard byte(start) == UInt8(ascii: "a") || byte(start) == UInt8(ascii: "p") else { return false }
    if byte(start + 1) == UInt8(ascii: "m") { return !isWord(byte(start + 2)) }
    return has(".m.", at: start + 1)
  }

  /// A zone after a time: an offset or a name.
  ///
  /// Only the names that Ruby knows have an offset.
  mutating func zone(at start: Int) -> Int? {
    var at = start
    for name in ["gmt" as StaticString, "utc", "ut"] where has(name, at: at) {
      let end = at + name.utf8CodeUnitCount
      if byte(end) == UInt8(ascii: "+") || byte(end) == UInt8(ascii: "-") {
        // "GMT+3" is a name to Ruby's `Time`, which does not know it.
        return digitsEnd(end + 1)
      }
    }
    if byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-") {
      let sign = byte(at) == UInt8(ascii: "-") ? -1 : 1
      let first = at + 1
      at = digitsEnd(first)
      guard at > first else { return nil }
      var digits = Array(text[first..<at])
      while byte(at) == UInt8(ascii: ":"), isDigit(byte(at + 1)) {
        let end = digitsEnd(at + 1)
        digits += text[at + 1..<end]
        at = end
      }
      if digits.count == 2 || digits.count == 4 || digits.count == 6 {
        var seconds = 0
        var unit = 3600
        for index in stride(from: 0, to: digits.count, by: 2) {
          seconds += (Int(digits[index]) * 10 + Int(digits[index + 1]) - 528) * unit
          unit /= 60
        }
        offset = sign * seconds
      }
      return at
    }
    guard at < text.count, isLetter(text[at]) else { return nil }
    while at < text.count, isLetter(text[at]) { at += 1 }
    guard at == text.count || !isWord(text[at]) else { return nil }
    let name = String(decoding: text[start..<at], as: UTF8.self)
    offset = Self.zones[name].map { $0 * 3600 }
    return at
  }

  static let zones: [String: Int] = [
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7,
  ]

  // MARK: Which number is what

  /// Puts three parts where they belong: the one that looks like a year is the year.
  mutating func set(year yearText: String?, month monthText: String?, day dayText: String?) {
    var (y, m, d) = (yearText, monthText, dayText)
    if y != nil, m != nil, d == nil { (y, m, d) = (nil, y, m) }
    func looksLikeYear(_ text: String?) -> Bool { text.map { $0.hasPrefix("'") || $0.utf8.count > 2 } ?? false }
    if y == nil, looksLikeYear(d) { (y, d) = (d, nil) }
    if looksLikeYear(m) { (y, m, d) = (m, d, y) }
    if looksLikeYear(d) { (y, d) = (d, y) }
    if let y { setYear(y) }
    month = m.flatMap { Int($0) }
    day = d.flatMap { Int($0) }
  }

  /// Two digits mean 1969 to 2068.
  mutating func setYear(_ text: String) {
    let digits = text.hasPrefix("'") ? String(text.dropFirst()) : text
    guard var value = Int(digits), value.magnitude < 100_000_000 else { return }
    if digits.utf8.count <= 2, value >= 0, !isBeforeChrist { value += value >= 69 ? 1900 : 2000 }
    year = value
  }
}
