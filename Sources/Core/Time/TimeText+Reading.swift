extension TimeText {
  /// Reads ISO 8601, dates with slashes, dots, hyphens or the names of months, `yyyymmdd`, what stands in the headers of
  /// mails and the logs of web servers, and counts of seconds, milliseconds, microseconds or nanoseconds since 1970.
  package static func read(_ text: UnsafeBufferPointer<UInt8>, order: DateOrder) -> Reading? {
    var reader = TimeScanner(text)
    guard let (first, width) = reader.number(maxDigits: 19) else { return named(&reader) }
    if reader.isAtEnd { return plain(first, width: width) }
    switch reader.next() {
    case UInt8(ascii: "."): return plainFraction(first, width: width, reader: &reader)
    case UInt8(ascii: "-"):
      if width <= 2 { return separatedDate(first, width: width, by: UInt8(ascii: "-"), &reader, order) }
      guard width == 4, let (month, _) = reader.number(maxDigits: 2), reader.skip(UInt8(ascii: "-")),
        let (day, _) = reader.number(maxDigits: 2)
      else { return nil }
      return clock(first, month, day, &reader)
    case UInt8(ascii: "/"): return separatedDate(first, width: width, by: UInt8(ascii: "/"), &reader, order)
    case 0x20:
      if width == 8 { return compact(first, &reader) }
      guard width <= 2, let month = reader.monthName(), reader.skipBlanks() else { return nil }
      return year(&reader).flatMap { clock($0, month, first, &reader) }
    case UInt8(ascii: "T"), UInt8(ascii: "t"): return width == 8 ? compact(first, &reader) : nil
    case 0xE5: return width == 4 ? chinese(first, &reader) : nil
    default: return nil
    }
  }

  // MARK: Counts

  /// Whole numbers: a date of eight digits, with the time of day behind it or not, or a count since 1970 by its size.
  private static func plain(_ number: Int, width: Int) -> Reading? {
    switch width {
    case 8: return date(number / 10000, number / 100 % 100, number % 100).map { Reading(milliseconds: $0) }
    case 12: if let reading = digits(number * 100_000) { return reading }
    case 14: if let reading = digits(number * 1000) { return reading }
    case 17: if let reading = digits(number) { return reading }
    default: break
    }
    switch width {
    case 9...11, 1: return Reading(milliseconds: Int64(number) * 1000, offset: 0)
    case 12...14: return Reading(milliseconds: Int64(number), offset: 0)
    case 15...17: return Reading(milliseconds: Int64(number) / 1000, offset: 0)
    case 18, 19: return Reading(milliseconds: Int64(number) / 1_000_000, offset: 0)
    default: return nil
    }
  }

  /// `yyyymmddhhmmss` and three digits of milliseconds, of a year from 1900 to 2099.
  private static func digits(_ number: Int) -> Reading? {
    let (day, time) = (number / 1_000_000_000, number % 1_000_000_000)
    let (hour, minute, second) = (time / 10_000_000, time / 100_000 % 100, time / 1000 % 100)
    guard 1900...2099 ~= day / 10000, hour < 24, minute < 60, second < 61,
      let midnight = date(day / 10000, day / 100 % 100, day % 100)
    else { return nil }
    return Reading(milliseconds: midnight + Int64((hour * 3600 + minute * 60 + second) * 1000 + time % 1000))
  }

  private static func plainFraction(_ first: Int, width: Int, reader: inout TimeScanner) -> Reading? {
    if width <= 2 || width == 4 {
      return separatedDate(first, width: width, by: UInt8(ascii: "."), &reader, .dayMonth)
    }
    guard width >= 8, let fraction = reader.fraction(), reader.isAtEnd, var reading = plain(first, width: width) else {
      return nil
    }
    // A count of seconds; behind all others a fraction says nothing that is kept.
    if 9...11 ~= width { reading.milliseconds += fraction }
    return reading
  }

  // MARK: Dates

  private static func separatedDate(
    _ first: Int, width: Int, by separator: UInt8, _ reader: inout TimeScanner, _ order: DateOrder
  ) -> Reading? {
    if let month = reader.monthName() {
      guard reader.skip(separator), let year = year(&reader) else { return nil }
      // A web server's log has a colon between date and time.
      let hasColon = reader.skip(UInt8(ascii: ":"))
      return clock(year, month, first, &reader, separated: hasColon)
    }
    guard let (second, _) = reader.number(maxDigits: 2), reader.skip(separator) else { return nil }
    if width == 4 {
      guard let (day, _) = reader.number(maxDigits: 2) else { return nil }
      return clock(first, second, day, &reader)
    }
    guard width <= 2, let year = year(&reader) else { return nil }
    return order == .monthDay ? clock(year, first, second, &reader) : clock(year, second, first, &reader)
  }

  /// A year of four digits, or of two: one from 1970 to 2069.
  private static func year(_ reader: inout TimeScanner) -> Int? {
    guard let (year, width) = reader.number(maxDigits: 4) else { return nil }
    return width == 4 ? year : width == 2 ? (year < 70 ? 2000 + year : 1900 + year) : nil
  }

  /// A date that begins with the name of a weekday or of a month.
  private static func named(_ reader: inout TimeScanner) -> Reading? {
    if reader.weekdayName() {
      _ = reader.skip(UInt8(ascii: ","))
      guard reader.skipBlanks() else { return nil }
      if let (day, _) = reader.number(maxDigits: 2) {
        guard reader.skip(0x20) || reader.skip(UInt8(ascii: "-")), let month = reader.monthName(),
          reader.skip(0x20) || reader.skip(UInt8(ascii: "-"))
        else { return nil }
        return year(&reader).flatMap { clock($0, month, day, &reader) }
      }
    }
    guard let month = reader.monthName(), reader.skipBlanks(), let (day, _) = reader.number(maxDigits: 2) else {
      return nil
    }
    _ = reader.skip(UInt8(ascii: ","))
    guard reader.skipBlanks() else { return nil }
    if reader.hasColon(behindDigits: 2) { return yearBehindTime(month, day, &reader) }
    return year(&reader).flatMap { clock($0, month, day, &reader) }
  }

  /// `Dec 1 08:26:00 2010` and `Dec 1 08:26:00 UTC 2010`, as C and Unix write times.
  private static func yearBehindTime(_ month: Int, _ day: Int, _ reader: inout TimeScanner) -> Reading? {
    guard let time = timeOfDay(&reader), reader.skipBlanks() else { return nil }
    var offset: Int?
    if let zone = reader.zoneName() {
      offset = zone
      guard reader.skipBlanks() else { return nil }
    }
    guard let (year, width) = reader.number(maxDigits: 4), width == 4, reader.isAtEnd,
      let midnight = date(year, month, day)
    else {
      return nil
    }
    return Reading(milliseconds: midnight + time, offset: offset)
  }

  /// `yyyymmdd` with a time of day behind it.
  private static func compact(_ day: Int, _ reader: inout TimeScanner) -> Reading? {
    guard let midnight = date(day / 10000, day / 100 % 100, day % 100) else { return nil }
    if reader.hasColon(behindDigits: 2) { return rest(midnight, &reader) }
    guard let (time, width) = reader.number(maxDigits: 6), width == 4 || width == 6 else { return nil }
    let seconds = width == 4 ? time * 100 : time
    guard seconds / 10000 < 24, seconds / 100 % 100 < 60, seconds % 100 < 61 else { return nil }
    let total = Int64(seconds / 10000 * 3600 + seconds / 100 % 100 * 60 + seconds % 100) * 1000
    var fraction: Int64 = 0
    if reader.skip(UInt8(ascii: ".")) {
      guard let part = reader.fraction() else { return nil }
      fraction = part
    }
    return zone(midnight + total + fraction, &reader)
  }

  /// `2010年12月1日`, the first byte behind the year read.
  private static func chinese(_ year: Int, _ reader: inout TimeScanner) -> Reading? {
    guard reader.skip(0xB9), reader.skip(0xB4), let (month, _) = reader.number(maxDigits: 2), reader.skip(0xE6),
      reader.skip(0x9C), reader.skip(0x88), let (day, _) = reader.number(maxDigits: 2), reader.skip(0xE6),
      reader.skip(0x97), reader.skip(0xA5)
    else { return nil }
    let isClose = !reader.isAtBlank
    return clock(year, month, day, &reader, separated: isClose)
  }

  private static func date(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    guard 1...12 ~= month, day >= 1, year < 100_000 else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    guard day <= length else { return nil }
    return Int64(days(year: year, month: month, day: day)) * 86_400_000
  }

  // MARK: Times of day

  /// The time of day behind a date, where there is one.
  private static func clock(
    _ year: Int, _ month: Int, _ day: Int, _ reader: inout TimeScanner, separated: Bool = false
  ) -> Reading? {
    guard let midnight = date(year, month, day) else { return nil }
    if reader.isAtEnd { return Reading(milliseconds: midnight) }
    if !separated {
      let hasComma = reader.skip(UInt8(ascii: ","))
      guard reader.skipBlanks() || !hasComma && (reader.skip(UInt8(ascii: "T")) || reader.skip(UInt8(ascii: "t")))
      else { return nil }
    }
    return rest(midnight, &reader)
  }

  private static func rest(_ midnight: Int64, _ reader: inout TimeScanner) -> Reading? {
    timeOfDay(&reader).flatMap { zone(midnight + $0, &reader) }
  }

  /// Hours and minutes, seconds where there are some, on a clock of 24 or of twice twelve hours; in milliseconds.
  private static func timeOfDay(_ reader: inout TimeScanner) -> Int64? {
    guard var (hour, _) = reader.number(maxDigits: 2), reader.skip(UInt8(ascii: ":")),
      let (minute, _) = reader.number(maxDigits: 2), minute < 60
    else { return nil }
    var (second, fraction): (Int, Int64) = (0, 0)
    if reader.skip(UInt8(ascii: ":")) {
      guard let (whole, _) = reader.number(maxDigits: 2), whole < 61 else { return nil }
      second = whole
      if reader.skip(UInt8(ascii: ".")) || reader.skip(UInt8(ascii: ",")) {
        guard let part = reader.fraction() else { return nil }
        fraction = part
      }
    }
    if let isAfternoon = reader.halfOfDay() {
      guard 1...12 ~= hour else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    // Midnight may be written as the end of a day.
    guard hour < 24 || hour == 24 && minute == 0 && second == 0 && fraction == 0 else { return nil }
    return Int64(hour * 3600 + minute * 60 + second) * 1000 + fraction
  }

  /// The zone behind a time, where there is one.
  private static func zone(_ milliseconds: Int64, _ reader: inout TimeScanner) -> Reading? {
    _ = reader.skipBlanks()
    if reader.isAtEnd { return Reading(milliseconds: milliseconds) }
    var offset = reader.zoneName()
    if offset == nil || offset == 0, let signed = reader.signedOffset() { offset = signed }
    guard let offset else { return nil }
    // Some name the zone once more.
    reader.skipBracketed()
    return reader.isAtEnd ? Reading(milliseconds: milliseconds, offset: offset) : nil
  }
}
