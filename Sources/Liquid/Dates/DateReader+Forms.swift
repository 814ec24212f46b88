/// The forms that dates have in text, in the order in which Ruby's `Date._parse` tries them.
extension DateReader {
  // MARK: Dates with the name of a month

  // `14 March 2016`, `3rd mar`
  mutating func findDayAndMonth() -> Bool {
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
      let dayText = (isQuoted ? "'" : "") + string(start..<end)
      let yearStart = spaceEnd(at)
      let yearText = yearPart(at: yearStart)
      let isOrdinal = yearText.map { hasOrdinalEnding(at: yearStart + $0.utf8.count) } ?? false
      // "16th" is no year, but the day.
      set(
        year: isOrdinal ? dayText : yearText, month: "\(name)", day: isOrdinal ? yearText : dayText)
      return true
    }
    return false
  }

  // `March 14, 2016`
  mutating func findMonthAndDay() -> Bool {
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

  func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

  private mutating func yearPart(at start: Int) -> String? {
    var at = start
    if byte(at) == UInt8(ascii: "'") { at += 1 }
    if byte(at) == UInt8(ascii: "-") { at += 1 }
    let end = digitsEnd(at)
    return end > at ? string(start..<end) : nil
  }

  /// `bc`, `bce`, `b.c.`: wherever it stands, the year is before Christ.
  func namesEra() -> Bool {
    text.indices.contains { start in
      isBoundary(start)
        && (has("bc", at: start) && isBoundary(start + 2) || has("bce", at: start) && isBoundary(start + 3)
          || has("b.c.", at: start))
    }
  }

  // `14-mar-2016`, `2016-mar-14`, then `mar-14-2016`
  mutating func findNamedHyphens() -> Bool {
    findNamedHyphens(isNameFirst: false) || findNamedHyphens(isNameFirst: true)
  }

  private mutating func findNamedHyphens(isNameFirst: Bool) -> Bool {
    for start in text.indices {
      guard let name = monthName(at: start) else { continue }
      var at = start
      while at < text.count, !"-/.".utf8.contains(text[at]) { at += 1 }
      let first = at + 1
      let end = digitsEnd(first)
      guard byte(at) == UInt8(ascii: "-"), end > first else { continue }
      if isNameFirst, isBoundary(start) {
        let stop = byte(end) == UInt8(ascii: "-") ? digitsEnd(end + 1) : end
        let last = stop > end + 1 ? string(end + 1..<stop) : nil
        set(year: last, month: "\(name)", day: string(first..<end))
        return true
      }
      if !isNameFirst, start > 1, text[start - 1] == UInt8(ascii: "-"), isDigit(text[start - 2]) {
        var before = start - 1
        while before > 0, isDigit(text[before - 1]) { before -= 1 }
        set(year: string(first..<end), month: "\(name)", day: string(before..<start - 1))
        return true
      }
    }
    return false
  }

  mutating func findMonth() -> Bool {
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

  mutating func findHyphens() -> Bool { findNumbers("-", needsThree: true) }
  mutating func findSlashes() -> Bool { findNumbers("/", needsThree: false) }
  mutating func findDots() -> Bool { findNumbers(".", needsThree: true) }

  /// `h27.03.14`: years of Japanese eras.
  mutating func findJapanese() -> Bool {
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

  // `2016-w10-5`, `w10`, `-w-5`: weeks, of which Ruby's `Time` makes nothing.
  mutating func findWeek() -> Bool {
    for start in text.indices where byte(start) == UInt8(ascii: "w") {
      if byte(start + 1) == UInt8(ascii: "-"), start > 0, byte(start - 1) == UInt8(ascii: "-"),
        isDigit(byte(start + 2)),
        isBoundary(start + 3)
      {
        return true
      }
      var first = start
      if first > 0, byte(first - 1) == UInt8(ascii: "-") { first -= 1 }
      for count in [4, 2] where first >= count && isBoundary(first - count) {
        if text[first - count..<first].allSatisfy(isDigit) { first -= count }
      }
      guard isBoundary(first), digitsEnd(start + 1) >= start + 3 else { continue }
      var ends = [start + 3]
      let day = byte(start + 3) == UInt8(ascii: "-") ? start + 4 : start + 3
      if isDigit(byte(day)) { ends.append(day + 1) }
      if ends.contains(where: { isBoundary($0) }) { return true }
    }
    return false
  }

  // `2016-074`
  mutating func findDayOfYear() -> Bool {
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

  mutating func findApostrophe() -> Bool {
    guard let quote = text.firstIndex(of: UInt8(ascii: "'")) else { return false }
    let end = digitsEnd(quote + 1)
    guard end > quote + 1 else { return false }
    setYear(string(quote..<end))
    return true
  }

  mutating func findOrdinal() -> Bool {
    for start in 0..<text.count where isDigit(text[start]) && (start == 0 || !isDigit(text[start - 1])) {
      let end = digitsEnd(start)
      if hasOrdinalEnding(at: end) {
        day = number(start..<end)
        return true
      }
    }
    return false
  }

  private func hasOrdinalEnding(at start: Int) -> Bool {
    let endings: [StaticString] = ["st", "nd", "rd", "th"]
    return endings.contains { has($0, at: start) } && !isWord(byte(start + 2))
  }

  // MARK: Digits alone

  /// Digits without separators: `20160314`, `20160314t150926.5z`, `160314`, `0314`, `074`.
  ///
  /// Before a fraction without a time of its own they are a time, read from the end.
  mutating func findDigits() -> Bool {
    guard let start = text.indices.first(where: { isDigit(text[$0]) && isDigit(byte($0 + 1)) }) else { return false }
    let end = min(digitsEnd(start), start + 14)
    var at = spaceEnd(end)
    if byte(at) == UInt8(ascii: "t") { at = spaceEnd(at + 1) }
    let clockEnd = min(digitsEnd(at), at + 6)
    let clock = clockEnd - at < 2 ? at..<at : at..<clockEnd
    at = clock.upperBound
    let hasFraction = byte(at) == UInt8(ascii: ".") || byte(at) == UInt8(ascii: ",")
    if hasFraction {
      nanosecond = 0
      at = fraction(at: at + 1)
      setBackwards(clock.isEmpty ? start..<end : clock)
    } else if clock.count & 1 == 0 {
      setForwards(clock)
    }
    if !clock.isEmpty || !hasFraction { setDate(start..<end) }
    at = spaceEnd(at)
    let isZone = byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-")
    if isZone || (byte(at) == UInt8(ascii: "z") && isBoundary(at + 1)) { _ = zone(at: at) }
    return true
  }

  private mutating func setDate(_ digits: Range<Int>) {
    let start = digits.lowerBound
    func part(_ from: Int, _ count: Int) -> Int? { number(start + from..<start + from + count) }
    switch digits.count {
    case 2: day = part(0, 2)
    case 3: dayOfYear = part(0, 3)
    case 4: (month, day) = (part(0, 2), part(2, 2))
    case 5:
      setYear(string(start..<start + 2))
      dayOfYear = part(2, 3)
    case 6:
      setYear(string(start..<start + 2))
      (month, day) = (part(2, 2), part(4, 2))
    case 7: (year, dayOfYear) = (part(0, 4), part(4, 3))
    case 8, 10, 12, 14:
      (year, month, day) = (part(0, 4), part(4, 2), part(6, 2))
      if digits.count > 8 { setForwards(start + 8..<digits.upperBound) }
    default: break
    }
  }

  /// Hour, minute and second, two digits each.
  private mutating func setForwards(_ digits: Range<Int>) {
    let start = digits.lowerBound
    if digits.count > 1 { hour = number(start..<start + 2) }
    if digits.count > 3 { minute = number(start + 2..<start + 4) }
    if digits.count > 5 { second = number(start + 4..<start + 6) }
  }

  /// Second, minute, hour, day and month, two digits each from the end, then the year.
  private mutating func setBackwards(_ digits: Range<Int>) {
    guard digits.count != 9, digits.count != 11, digits.count != 13 else { return }
    var end = digits.upperBound
    func take() -> Int? {
      let first = max(digits.lowerBound, end - 2)
      defer { end = first }
      return first < end ? number(first..<end) : nil
    }
    second = take()
    minute = take() ?? minute
    hour = take() ?? hour
    day = take() ?? day
    month = take() ?? month
    if end > digits.lowerBound { setYear(string(digits.lowerBound..<end)) }
  }

  /// One or two digits that are left beside a time are a day.
  mutating func findRest() {
    guard hour != nil, day == nil, let start = text.firstIndex(where: { !isSpace($0) }) else { return }
    let end = digitsEnd(start)
    guard 1...2 ~= end - start, spaceEnd(end) == text.count, let number = number(start..<end), 1...31 ~= number else {
      return
    }
    day = number
  }
}
