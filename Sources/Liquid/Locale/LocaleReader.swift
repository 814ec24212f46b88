internal import FoundationEssentials
internal import FoundationInternationalization

/// Reads a locale's patterns out of Foundation, by formatting a few numbers and dates and taking the texts apart.
enum LocaleReader {
  static func number(_ identifier: String) -> NumberPattern {
    let style = Decimal.FormatStyle(locale: Locale(identifier: identifier)).precision(.fractionLength(3))
    var pattern = read(fractionDigits: 3) { $0.formatted(style) }
    pattern.fractionDigits = 3
    return pattern
  }

  static func percent(_ identifier: String) -> NumberPattern {
    let style = Decimal.FormatStyle.Percent(locale: Locale(identifier: identifier)).precision(.fractionLength(2))
      .scale(1)
    var pattern = read(fractionDigits: 2) { $0.formatted(style) }
    pattern.fractionDigits = 0
    return pattern
  }

  static func money(_ identifier: String, _ currency: String) -> NumberPattern {
    let style = Decimal.FormatStyle.Currency(code: currency, locale: Locale(identifier: identifier))
    let digits = max(0, Decimal(0).formatted(style).unicodeScalars.filter(isDigit).count - 1)
    return read(fractionDigits: digits) { $0.formatted(style) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }

  private static func read(fractionDigits: Int, _ format: (Decimal) -> String) -> NumberPattern {
    var pattern = NumberPattern()
    pattern.fractionDigits = fractionDigits
    let large = Array(format(Decimal(1_234_567)).unicodeScalars)
    guard let first = large.firstIndex(where: isDigit), let last = large.lastIndex(where: isDigit) else {
      return pattern
    }
    pattern.prefix = utf8(large[..<first])
    pattern.suffix = utf8(large[(last + 1)...])
    if let one = Unicode.Scalar(large[first].value - 1) { pattern.zero = one }
    // Runs of digits, and the texts between them.
    var runs: [Int] = []
    var gaps: [[UInt8]] = []
    var index = first
    while index <= last {
      var end = index
      while end <= last, isDigit(large[end]) { end += 1 }
      runs.append(end - index)
      var next = end
      while next <= last, !isDigit(large[next]) { next += 1 }
      if next <= last { gaps.append(utf8(large[end..<next])) }
      index = next
    }
    if fractionDigits > 0, let separator = gaps.popLast() {
      pattern.decimalSeparator = separator
      runs.removeLast()
    }
    pattern.primaryGroup = runs.count > 1 ? runs[runs.count - 1] : 0
    pattern.secondaryGroup = runs.count > 2 ? runs[runs.count - 2] : max(pattern.primaryGroup, 1)
    pattern.groupSeparator = gaps.last ?? []
    pattern.minimumGrouping = minimumGrouping(pattern, format)
    let negative = Array(format(Decimal(-1)).unicodeScalars)
    if let first = negative.firstIndex(where: isDigit), let last = negative.lastIndex(where: isDigit) {
      pattern.negativePrefix = utf8(negative[..<first])
      pattern.negativeSuffix = utf8(negative[(last + 1)...])
    }
    return pattern
  }

  /// How many digits stand before the first separator in the smallest number that has one.
  private static func minimumGrouping(_ pattern: NumberPattern, _ format: (Decimal) -> String) -> Int {
    guard pattern.primaryGroup > 0 else { return 1 }
    var number = 1
    for _ in 0..<pattern.primaryGroup { number *= 10 }
    for digits in 1...3 {
      let text = Array(format(Decimal(number)).unicodeScalars)
      var run = 0
      guard let first = text.firstIndex(where: isDigit) else { return 1 }
      while first + run < text.count, isDigit(text[first + run]) { run += 1 }
      if run == digits { return digits }
      number *= 10
    }
    return 1
  }

  private static func utf8(_ scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
    scalars.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
  }

  // MARK: Dates

  static func dateNames(_ identifier: String) -> DateNames {
    var calendar = Calendar(identifier: .gregorian)
    calendar.locale = Locale(identifier: identifier)
    return DateNames(
      months: calendar.monthSymbols, shortMonths: calendar.shortMonthSymbols, days: calendar.weekdaySymbols,
      shortDays: calendar.shortWeekdaySymbols)
  }

  static func formatted(_ date: CivilDate, _ identifier: String, _ style: DatePattern.Style) -> String {
    var format: Date.FormatStyle
    switch style {
    case .short: format = Date.FormatStyle(date: .numeric, time: .omitted)
    case .medium: format = Date.FormatStyle(date: .abbreviated, time: .omitted)
    case .long: format = Date.FormatStyle(date: .long, time: .omitted)
    case .full: format = Date.FormatStyle(date: .complete, time: .omitted)
    }
    format.locale = Locale(identifier: identifier)
    format.timeZone = TimeZone(secondsFromGMT: date.offset) ?? .gmt
    format.calendar = Calendar(identifier: .gregorian)
    return Date(timeIntervalSince1970: Double(date.seconds)).formatted(format)
  }

  /// Takes one formatted date apart, and follows the result only if it writes other dates as Foundation does.
  static func datePattern(_ identifier: String, _ style: DatePattern.Style, _ names: DateNames) -> DatePattern {
    let whole = DatePattern(style: style, parts: [.whole])
    var probe = CivilDate()
    (probe.year, probe.month, probe.day) = (2033, 9, 4)
    var rest = Substring(formatted(probe, identifier, style))
    var wide = probe
    (wide.year, wide.month, wide.day) = (2041, 11, 22)
    let candidates: [(String, DatePattern.Part)] = [
      ("2033", .year), (names.days[probe.weekday], .dayName), (names.months[8], .monthName),
      (names.shortMonths[8], .shortMonthName), (names.shortDays[probe.weekday], .shortDayName), ("33", .shortYear),
      ("09", .month(2)), ("04", .day(2)), ("9", .month(1)), ("4", .day(1)),
    ]
    var parts: [DatePattern.Part] = []
    var text: [UInt8] = []
    while let next = rest.unicodeScalars.first {
      if let (name, part) = candidates.first(where: { !$0.0.isEmpty && rest.hasPrefix($0.0) }) {
        if !text.isEmpty { parts.append(.text(text)) }
        text = []
        parts.append(part)
        rest = rest.dropFirst(name.count)
      } else {
        text += utf8([next])
        rest = Substring(rest.unicodeScalars.dropFirst())
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    let pattern = DatePattern(style: style, parts: parts)
    for date in [probe, wide] {
      var buffer = ByteBuffer()
      buffer.reset(limit: 4096)
      names.write(date, parts, into: &buffer)
      if buffer.bytes.string != formatted(date, identifier, style) { return whole }
    }
    return pattern
  }
}
