internal import Synchronization

/// What is known about a locale: its numbers, its prices, the names in its dates.
///
/// Made once a process.
final class LocaleFormat: Sendable {
  let identifier: String
  let number: NumberFormat
  let percent: NumberFormat
  let dateNames: DateNames
  private let currencies = Mutex<[String: NumberFormat]>([:])
  private let dates = Mutex<[String: DatePattern]>([:])

  private init(identifier: String) {
    self.identifier = identifier
    number = NumberFormat(LocaleReader.number(identifier))
    percent = NumberFormat(LocaleReader.percent(identifier))
    dateNames = LocaleReader.dateNames(identifier)
  }

  private static let known = Mutex<[String: LocaleFormat]>([:])

  static func named(_ identifier: String) -> LocaleFormat {
    if let found = known.withLock({ $0[identifier] }) { return found }
    // Made outside the lock: two threads may both make it, which does no harm.
    let made = LocaleFormat(identifier: identifier)
    return known.withLock { known in
      if let found = known[identifier] { return found }
      // Identifiers come from data; a run has few, so a wild list of them is not kept.
      if known.count >= 256 { known.removeAll() }
      known[identifier] = made
      return made
    }
  }

  func money(_ currency: String) -> NumberFormat {
    if let found = currencies.withLock({ $0[currency] }) { return found }
    let made = NumberFormat(LocaleReader.money(identifier, currency))
    currencies.withLock { currencies in
      if currencies.count >= 256 { currencies.removeAll() }
      currencies[currency] = made
    }
    return made
  }

  /// The pattern that a name stands for: `short`, `medium`, `long`, `full`.
  func datePattern(_ name: Bytes) -> DatePattern? {
    guard name.count <= 6, !name.contains(UInt8(ascii: "%")) else { return nil }
    let name = name.string
    guard let style = DatePattern.Style(rawValue: name) else { return nil }
    if let found = dates.withLock({ $0[name] }) { return found }
    let made = LocaleReader.datePattern(identifier, style, dateNames)
    dates.withLock { $0[name] = made }
    return made
  }

  func write(_ date: CivilDate, pattern: DatePattern, into out: inout ByteBuffer) {
    if case .whole = pattern.parts.first {
      out.append(LocaleReader.formatted(date, identifier, pattern.style))
    } else {
      dateNames.write(date, pattern.parts, into: &out)
    }
  }
}

extension DateNames {
  func write(_ date: CivilDate, _ parts: [DatePattern.Part], into out: inout ByteBuffer) {
    for part in parts {
      switch part {
      case .text(let text): out.append(text)
      case .year: out.append(Int64(date.year))
      case .shortYear: out.append(digits: UInt64(date.year % 100), width: 2)
      case .month(let width): out.append(digits: UInt64(date.month), width: width)
      case .day(let width): out.append(digits: UInt64(date.day), width: width)
      case .monthName: out.append(months[(date.month - 1) % 12])
      case .shortMonthName: out.append(shortMonths[(date.month - 1) % 12])
      case .dayName: out.append(days[date.weekday])
      case .shortDayName: out.append(shortDays[date.weekday])
      case .whole: break
      }
    }
  }
}

/// A locale's date in one style.
struct DatePattern: Sendable {
  enum Style: String, Sendable { case short, medium, long, full }

  enum Part: Sendable {
    case text([UInt8])
    case year, shortYear
    /// With at least so many digits.
    case month(Int)
    case day(Int)
    case monthName, shortMonthName, dayName, shortDayName
    /// The pattern could not be read: Foundation writes each date.
    case whole
  }

  var style: Style
  var parts: [Part]
}

/// The formats that one machine used last, so that it need not look for them under a lock.
struct LocaleFormats {
  private var last: LocaleFormat?
  private var lastCurrency = ""
  private var lastMoney: NumberFormat?
  /// The format of the present render's prices, which `lastMoney` keeps alive.
  private var present: Unmanaged<NumberFormat>?

  @inline(__always)
  mutating func locale(_ identifier: String) -> LocaleFormat {
    if let last, last.identifier == identifier { return last }
    let found = LocaleFormat.named(identifier)
    last = found
    lastMoney = nil
    present = nil
    return found
  }

  /// Makes ready for a render.
  @inline(__always)
  mutating func begin(_ identifier: String, _ currency: String) {
    guard present != nil else { return }
    if last?.identifier != identifier || lastCurrency != currency { present = nil }
  }

  /// The format of prices in the currency of the render.
  @inline(__always)
  mutating func presentMoney(_ identifier: String, _ currency: String) -> Unmanaged<NumberFormat> {
    if let present { return present }
    let found = Unmanaged.passUnretained(money(identifier, currency))
    present = found
    return found
  }

  @inline(__always)
  mutating func money(_ identifier: String, _ currency: String) -> NumberFormat {
    let locale = locale(identifier)
    if let lastMoney, lastCurrency == currency { return lastMoney }
    let found = locale.money(currency)
    present = nil
    lastMoney = found
    lastCurrency = currency
    return found
  }
}
