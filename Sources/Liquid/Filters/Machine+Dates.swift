import Core

extension Machine {
  private var present: CivilDate {
    CivilDate(seconds: scope.now, offset: scope.timeZoneOffset, zone: scope.timeZoneName)
  }

  /// The date that a value means, or nil.
  mutating func civilDate(_ input: Datum) -> CivilDate? {
    switch input.kind {
    case .integer: return moment(input.integer)
    case .string:
      guard input.count > 0 else { return nil }
      if input.text.allSatisfy(isDigit) { return NumberText.integer(input.text).flatMap { moment($0) } }
      if let date = ISODate.read(input.text, now: present) { return date }
      let lower = changeCase(input, .lower).text
      if lower == "now" || lower == "today" { return present }
      return DateReader.read(lower, now: present)
    default: return nil
    }
  }

  private func moment(_ seconds: Int64) -> CivilDate? {
    guard seconds.magnitude < 1 << 62 else { return nil }
    return CivilDate(seconds: seconds, offset: scope.timeZoneOffset, zone: scope.timeZoneName)
  }

  mutating func date(_ input: Datum, _ format: Datum) throws(Stop) -> Datum {
    let format = text(of: format)
    guard !format.isEmpty, let date = civilDate(input) else { return input }
    let locale = dialect == .bespoke ? formats.locale(scope.locale) : nil
    let mark = out.count
    if let locale, let pattern = locale.datePattern(format) {
      locale.write(date, pattern: pattern, into: &out)
      return take(from: mark)
    }
    let formatter = DateFormatter(date: date, names: locale?.dateNames ?? .english)
    guard formatter.write(format, into: &out) else {
      out.truncate(to: mark)
      throw fail(.invalidDateFormat(format.string))
    }
    return take(from: mark)
  }
}
