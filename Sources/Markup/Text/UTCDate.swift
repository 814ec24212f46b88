/// A moment in UTC, as feeds, sitemaps and messages write it.
///
/// Source of the calendar arithmetic: Howard Hinnant, "chrono-compatible low-level date algorithms", 2013.
public struct UTCDate: Sendable {
  private let year: Int64
  private let month: Int
  private let day: Int
  private let weekday: Int
  private let secondOfDay: Int

  /// The moment so many seconds after 1970 began, within the years 1 to 9999.
  public init(_ seconds: Int64) {
    let seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
    let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
    secondOfDay = Int(seconds - days * 86_400)
    weekday = Int(((days + 4) % 7 + 7) % 7)
    // Days since 1 March of year 0; an era is 400 years.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-03-01 08:00:00`, as SQL and WordPress write it.
  public var sql: String {
    "\(padded(Int(year), to: 4))-\(padded(month))-\(padded(day)) \(time)"
  }

  /// `2026-03-01T08:00:00Z`, as RFC 3339, Atom and sitemaps write it.
  public var rfc3339: String {
    "\(padded(Int(year), to: 4))-\(padded(month))-\(padded(day))T\(time)Z"
  }

  /// `Sun, 01 Mar 2026 08:00:00 +0000`, as RFC 2822 and RSS write it.
  public var rfc2822: String {
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(weekdays[weekday]), \(padded(day)) \(months[month - 1]) \(padded(Int(year), to: 4)) \(time) +0000"
  }

  private var time: String {
    "\(padded(secondOfDay / 3_600)):\(padded(secondOfDay / 60 % 60)):\(padded(secondOfDay % 60))"
  }

  private func padded(_ number: Int, to width: Int = 2) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
