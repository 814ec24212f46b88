/// A moment as a calendar shows it in one time zone.
struct CivilDate {
  var year = 1970
  /// 1 to 12.
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0
  var nanosecond = 0
  /// Seconds east of UTC.
  var offset = 0
  /// The zone's abbreviation; empty where only the offset is known.
  var zone = "UTC"

  init() {}

  /// The date of a moment, in seconds since 1970 in UTC.
  ///
  /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
  init(seconds: Int64, offset: Int, zone: String) {
    let local = seconds &+ Int64(offset)
    let days = Int(Self.divide(local, 86400))
    let rest = Int(local - Int64(days) * 86400)
    let shifted = days + 719_468
    let era = Int(Self.divide(Int64(shifted), 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * part + 2) / 5 + 1
    month = part < 10 ? part + 3 : part - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = rest / 3600
    minute = rest / 60 % 60
    second = rest % 60
    self.offset = offset
    self.zone = zone
  }

  private static func divide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

  /// Days from 1970-01-01 to a date.
  ///
  /// Source: as above, days_from_civil.
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  var days: Int { Self.days(year, month, day) }

  /// Seconds since 1970 in UTC.
  var seconds: Int64 {
    Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
  }

  /// 0 is Sunday.
  var weekday: Int { ((days % 7) + 11) % 7 }

  /// 1 to 366.
  var dayOfYear: Int { days - Self.days(year, 1, 1) + 1 }

  /// Year and week of ISO 8601.
  var isoWeek: (year: Int, week: Int) {
    let thursday = days + 3 - (weekday + 6) % 7
    var year = year
    if thursday < Self.days(year, 1, 1) { year -= 1 } else if thursday >= Self.days(year + 1, 1, 1) { year += 1 }
    return (year, (thursday - Self.days(year, 1, 1)) / 7 + 1)
  }

  /// The same moment with the fields of an impossible day or second carried over.
  var normalized: CivilDate {
    var result = CivilDate(seconds: seconds, offset: offset, zone: zone)
    result.nanosecond = nanosecond
    return result
  }
}
