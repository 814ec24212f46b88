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
