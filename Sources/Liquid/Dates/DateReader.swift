/// Reads dates and times out of text, as Ruby's `Time.parse` does: it looks for a time, then for a date in one form
/// after the other, and takes what is missing from the present.
struct DateReader {
  private var text: [UInt8]
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var dayOfYear: Int?
  private var hour: Int?
  private var minute: Int?
  private var second: Int?
  private var nanosecond = 0
  private var offset: Int?
  private var isBeforeChrist = false

  /// The date in a text, which must be lower case; nil where there is none.
  static func read(_ text: Bytes, now: CivilDate) -> CivilDate? {
    var reader = DateReader(text: text)
    return reader.read(now: now)
  }

  private init(text: Bytes) { self.text = Array(text) }

  private mutating func read(now: CivilDate) -> CivilDate? {
    guard text.count <= 128 else { return nil }
    findTime()
    _ =
      findDayAndMonth() || findMonthAndDay() || findHyphens() || findNamedHyphens() || findJapanese()
      || findSlashes() || findDots() || findDayOfYear() || findApostrophe() || findMonth() || findOrdinal()
      || findDigits()
    guard year != nil || month != nil || day != nil || dayOfYear != nil || hour != nil else { return nil }
    return assemble(now)
  }

  private func assemble(_ now: CivilDate) -> CivilDate? {
    var result = CivilDate()
    var present = now
    if let offset { present = CivilDate(seconds: now.seconds, offset: offset, zone: "") }
    result.offset = present.offset
    result.zone = offset == nil || offset == now.offset ? now.zone : ""
    result.year = year ?? present.year
    if isBeforeChrist { result.year = 1 - result.year }
    if let dayOfYear {
      guard (1...366).contains(dayOfYear) else { return nil }
      result.day = dayOfYear
      return result.normalized
    }
    result.month = month ?? (year == nil ? present.month : 1)
    result.day = day ?? (year == nil && month == nil ? present.day : 1)
    result.hour = hour ?? 0
    result.minute = minute ?? 0
    result.second = second ?? 0
    result.nanosecond = nanosecond
    guard result.year.magnitude < 1_000_000_000, (1...12).contains(result.month), (1...31).contains(result.day),
      (0...24).contains(result.hour),
      (0...59).contains(result.minute), (0...60).contains(result.second),
      result.hour < 24 || (result.minute == 0 && result.second == 0)
    else { return nil }
    return result.normalized
  }

  // MARK: Scanning

  private func byte(_ at: Int) -> UInt8 { at < text.count ? text[at] : 0 }

  private func digitsEnd(_ start: Int) -> Int {
    var at = start
    while isDigit(byte(at)) { at += 1 }
    return at
  }

  private func spaceEnd(_ start: Int) -> Int {
    var at = start
    while at < text.count, isSpace(text[at]) { at += 1 }
    return at
  }

  private func number(_ range: Range<Int>) -> Int? {
    guard range.count <= 9 else { return nil }
    return Int(String(decoding: text[range], as: UTF8.self))
  }

  private func has(_ word: StaticString, at start: Int) -> Bool {
    guard start + word.utf8CodeUnitCount <= text.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where text[start + index] != word.utf8Start[index] { return false }
    return true
  }

  private func isBoundary(_ at: Int) -> Bool {
    (at > 0 && isWord(text[at - 1])) != (at < text.count && isWord(text[at]))
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range { text[index] = UInt8(ascii: " ") }
  }

  private static let monthNames: [StaticString] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private func monthName(at start: Int) -> Int? {
    for (index, name) in Self.monthNames.enumerated() where has(name, at: start) { return index + 1 }
    return nil
  }

  // MARK: Time

  private mutating func findTime() {
    var start = 0
    while start < text.count {
      if isDigit(text[start]), let end = time(at: start) {
        blank(start..<end)
        return
      }
      start = isDigit(text[start]) ? digitsEnd(start) : start + 1
    }
  }

  private mutating func time(at start: Int) -> Int? {
    var at = digitsEnd(start)
    guard let hours = number(start..<at) else { return nil }
    var minutes: Int?
    var seconds: Int?
    let first = spaceEnd(at)
    if byte(at) == UInt8(ascii: "h"), !isLetter(byte(at + 1)) {
      at += 1
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
          let fraction = at + 1
          at = digitsEnd(fraction)
          var scale = 100_000_000
          for index in fraction..<at {
            nanosecond += Int(text[index] - 48) * scale
            scale /= 10
          }
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
      if hours > 12 { hour = hours }
      at = half + (byte(half + 1) == UInt8(ascii: ".") ? 4 : 2)
    }
    return zone(at: spaceEnd(at)) ?? at
  }

  // `am`, `pm`, `a.m.`, `p.m.`
  private func isHalf(at start: Int) -> Bool {
    guard byte(start) == UInt8(ascii: "a") || byte(start) == UInt8(ascii: "p") else { return false }
    if byte(start + 1) == UInt8(ascii: "m") { return !isWord(byte(start + 2)) }
    return has(".m.", at: start + 1)
  }

  /// A zone after a time: an offset or a name.
  ///
  /// Only the names that Ruby knows have an offset.
  private mutating func zone(at start: Int) -> Int? {
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
    guard at < text.count, isLetter(text[at]), monthName(at: at) == nil else { return nil }
    while at < text.count, isLetter(text[at]) { at += 1 }
    let name = String(decoding: text[start..<at], as: UTF8.self)
    offset = Self.zones[name].map { $0 * 3600 }
    return at
  }

  private static let zones: [String: Int] = [
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7,
  ]

  // MARK: Dates with the name of a month

  // `14 March 2016`, `3rd mar`
  private mutating func findDayAndMonth() -> Bool {
    for start in 0..<text.count where isDigit(text[start]) && (start == 0 || !isDigit(text[start - 1])) {
      let end = digitsEnd(start)
      var at = end
      while at < text.count, !isDigit(text[at]), !isSpace(text[at]), text[at] != UInt8(ascii: "-"),
        monthName(at: at) == nil
      { at += 1 }
      at = spaceEnd(at)
      guard let name = monthName(at: at) else { continue }
      while at < text.count, !isDigit(text[at]), !isSpace(text[at]), text[at] != UInt8(ascii: "-"),
        text[at] != UInt8(ascii: "'")
      { at += 1 }
      let isQuoted = start > 0 && text[start - 1] == UInt8(ascii: "'")
      let third = yearPart(at: spaceEnd(at))
      set(year: third, month: "\(name)", day: (isQuoted ? "'" : "") + string(start..<end))
      return true
    }
    return false
  }

  // `March 14, 2016`
  private mutating func findMonthAndDay() -> Bool {
    for start in 0..<text.count where isBoundary(start) {
      guard let name = monthName(at: start) else { continue }
      var at = start
      while at < text.count, !isDigit(text[at]), !isSpace(text[at]), text[at] != UInt8(ascii: "-"),
        text[at] != UInt8(ascii: "'")
      { at += 1 }
      at = spaceEnd(at)
      let first = byte(at) == UInt8(ascii: "'") ? at + 1 : at
      let end = digitsEnd(first)
      guard end > first else { continue }
      let dayText = string(at..<end)
      at = end
      while at < text.count, !isDigit(text[at]), !isSpace(text[at]), text[at] != UInt8(ascii: "-"),
        text[at] != UInt8(ascii: "'"), text[at] != UInt8(ascii: ",")
      { at += 1 }
      at = spaceEnd(at)
      if byte(at) == UInt8(ascii: ",") { at = spaceEnd(at + 1) }
      set(year: yearPart(at: at), month: "\(name)", day: dayText)
      return true
    }
    return false
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

  /// A year, perhaps with an era on either side of it.
  private mutating func yearPart(at start: Int) -> String? {
    var at = start
    if byte(at) == UInt8(ascii: "'") { at += 1 }
    if byte(at) == UInt8(ascii: "-") { at += 1 }
    let end = digitsEnd(at)
    guard end > at else { return nil }
    let era = spaceEnd(end)
    isBeforeChrist = (has("bc", at: era) || has("b.c.", at: era)) && end < text.count
    return string(start..<end)
  }

  // `14-mar-2016`, `2016-mar-14`, `mar-14-2016`
  private mutating func findNamedHyphens() -> Bool {
    for start in 0..<text.count {
      guard let name = monthName(at: start) else { continue }
      var at = start
      while at < text.count, isLetter(text[at]) { at += 1 }
      guard byte(at) == UInt8(ascii: "-") else { continue }
      let first = at + 1
      let end = digitsEnd(first)
      guard end > first else { continue }
      if start > 1, text[start - 1] == UInt8(ascii: "-"), isDigit(text[start - 2]) {
        var before = start - 1
        while before > 0, isDigit(text[before - 1]) { before -= 1 }
        set(year: string(before..<start - 1), month: "\(name)", day: string(first..<end))
        return true
      }
      var last: String?
      if byte(end) == UInt8(ascii: "-") {
        let stop = digitsEnd(end + 1)
        if stop > end + 1 { last = string(end + 1..<stop) }
      }
      set(year: last, month: "\(name)", day: string(first..<end))
      return true
    }
    return false
  }

  private mutating func findMonth() -> Bool {
    for start in 0..<text.count where isBoundary(start) {
      if let name = monthName(at: start) {
        month = name
        // "dec 2020" was read as a day before: what is left is a name alone.
        return true
      }
    }
    return false
  }

  // MARK: Dates in digits

  /// Three numbers with one separator; the last is optional where `needsThree` is false.
  private mutating func findNumbers(_ separator: Unicode.Scalar, needsThree: Bool) -> Bool {
    let separator = UInt8(truncatingIfNeeded: separator.value)
    for start in 0..<text.count where isDigit(text[start]) && (start == 0 || !isDigit(text[start - 1])) {
      let end = digitsEnd(start)
      guard byte(end) == separator else { continue }
      let second = separator == UInt8(ascii: "-") ? end + 1 : spaceEnd(end + 1)
      let secondEnd = digitsEnd(second)
      guard secondEnd > second else { continue }
      var third: String?
      if byte(secondEnd) == separator || (!needsThree && secondEnd < text.count && !isDigit(text[secondEnd])) {
        var at = separator == UInt8(ascii: "-") ? secondEnd + 1 : spaceEnd(secondEnd + 1)
        let first = at
        if byte(at) == UInt8(ascii: "'") { at += 1 }
        let stop = digitsEnd(at)
        if stop > at { third = string(first..<stop) }
      }
      if third == nil, needsThree { continue }
      let isQuoted = start > 0 && text[start - 1] == UInt8(ascii: "'")
      let isSigned =
        separator == UInt8(ascii: "-") && start > 0
        && (text[start - 1] == UInt8(ascii: "-") || text[start - 1] == UInt8(ascii: "+"))
      let first = (isQuoted ? "'" : isSigned ? string(start - 1..<start) : "") + string(start..<end)
      set(year: first, month: string(second..<secondEnd), day: third)
      return true
    }
    return false
  }

  private mutating func findHyphens() -> Bool { findNumbers("-", needsThree: true) }
  private mutating func findSlashes() -> Bool { findNumbers("/", needsThree: false) }
  private mutating func findDots() -> Bool { findNumbers(".", needsThree: true) }

  /// `h27.03.14`: years of Japanese eras.
  private mutating func findJapanese() -> Bool {
    let eras: [UInt8: Int] = [0x6D: 1867, 0x74: 1911, 0x73: 1925, 0x68: 1988, 0x72: 2018]
    for start in 0..<text.count where isBoundary(start) {
      guard let base = eras[text[start]] else { continue }
      let first = digitsEnd(start + 1)
      guard first > start + 1, byte(first) == UInt8(ascii: ".") else { continue }
      let second = digitsEnd(first + 1)
      guard second > first + 1, byte(second) == UInt8(ascii: ".") else { continue }
      let third = digitsEnd(second + 1)
      guard third > second + 1 else { continue }
      year = number(start + 1..<first).map { $0 + base }
      month = number(first + 1..<second)
      day = number(second + 1..<third)
      return true
    }
    return false
  }

  // `2016-074`
  private mutating func findDayOfYear() -> Bool {
    for start in 0..<text.count where isBoundary(start) {
      let end = digitsEnd(start)
      guard end - start == 4 || end - start == 2, byte(end) == UInt8(ascii: "-") else { continue }
      let stop = digitsEnd(end + 1)
      guard stop - end == 4, stop == text.count || !isWord(text[stop]) else { continue }
      setYear(string(start..<end))
      dayOfYear = number(end + 1..<stop)
      return true
    }
    return false
  }

  private mutating func findApostrophe() -> Bool {
    guard let quote = text.firstIndex(of: UInt8(ascii: "'")) else { return false }
    let end = digitsEnd(quote + 1)
    guard end > quote + 1 else { return false }
    setYear(string(quote..<end))
    return true
  }

  private mutating func findOrdinal() -> Bool {
    for start in 0..<text.count where isDigit(text[start]) && (start == 0 || !isDigit(text[start - 1])) {
      let end = digitsEnd(start)
      for suffix in ["st" as StaticString, "nd", "rd", "th"] where has(suffix, at: end) && !isWord(byte(end + 2)) {
        day = number(start..<end)
        return true
      }
    }
    return false
  }

  /// Digits without separators: `20160314`, `20160314T150926`.
  private mutating func findDigits() -> Bool {
    guard let start = text.firstIndex(where: isDigit) else { return false }
    let end = digitsEnd(start)
    func part(_ from: Int, _ count: Int) -> Int? { number(start + from..<start + from + count) }
    switch end - start {
    case 2: day = part(0, 2)
    case 3: dayOfYear = part(0, 3)
    case 4:
      month = part(0, 2)
      day = part(2, 2)
    case 6:
      setYear(string(start..<start + 2))
      month = part(2, 2)
      day = part(4, 2)
    case 8, 12, 14:
      year = part(0, 4)
      month = part(4, 2)
      day = part(6, 2)
      if end - start >= 12 {
        hour = part(8, 2)
        minute = part(10, 2)
        if end - start == 14 { second = part(12, 2) }
      }
    default: return false
    }
    var at = end
    if byte(at) == UInt8(ascii: "t") { at += 1 }
    let clockEnd = digitsEnd(at)
    if at > end, [2, 4, 6].contains(clockEnd - at) {
      hour = number(at..<at + 2)
      if clockEnd - at > 2 { minute = number(at + 2..<at + 4) }
      if clockEnd - at > 4 { second = number(at + 4..<at + 6) }
      _ = zone(at: clockEnd)
    }
    return true
  }

  // MARK: Which number is what

  /// Puts three parts where they belong: the one that looks like a year is the year.
  private mutating func set(year yearText: String?, month monthText: String?, day dayText: String?) {
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
  private mutating func setYear(_ text: String) {
    let digits = text.hasPrefix("'") ? String(text.dropFirst()) : text
    guard var value = Int(digits), value.magnitude < 100_000_000 else { return }
    if digits.utf8.count <= 2, value >= 0 { value += value >= 69 ? 1900 : 2000 }
    year = value
  }
}
