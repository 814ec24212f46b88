import Core
import Host

/// How a file writes dates and fractions: as stated, else as its first rows show.
struct Notation {
  /// Whether dates with slashes are month/day or day/month.
  private(set) var order = TimeText.DateOrder.monthDay
  /// Whether nothing says which of them it is, although it matters.
  private(set) var isOrderUncertain = false
  /// The mark before fractions; nil where each number is read by itself.
  private(set) var decimalMark: UInt8?
  /// What was found out, for people.
  private(set) var findings: [String] = []

  /// Rows that are looked at where none of them leaves a choice.
  private static let sample = 1000

  /// - Parameter rows: the first rows of the file.
  init(_ options: ImportOptions, _ rows: RowChunk, _ fields: inout RowFields) {
    decimalMark = options.decimalMark
    if let monthFirst = options.monthFirst { order = monthFirst ? .monthDay : .dayMonth }
    var isOrderOpen = options.monthFirst == nil
    let isMarkOpen = options.decimalMark == nil
    // Rows that only one order can read, and rows that both read, each as another day.
    var (monthFirst, dayFirst, either) = (0, 0, 0)
    var (points, commas) = (0, 0)
    for (index, row) in rows.rows.enumerated() {
      guard isOrderOpen || isMarkOpen, index < Self.sample || isOrderOpen && either > 0 else { break }
      rows.withBytes(of: row) { bytes in
        guard row.fault == nil, fields.read(bytes) == .row else { return }
        let time = fields.text(.time)
        let readings = (TimeText.read(time, order: .monthDay), TimeText.read(time, order: .dayMonth))
        switch readings {
        case (nil, .some): dayFirst += 1
        case (.some, nil): monthFirst += 1
        case (let left, let right): if left != right { either += 1 }
        }
        for field in [EventField.price, .amount, .quantity] {
          switch Self.mark(of: fields.text(field)) {
          case UInt8(ascii: "."): points += 1
          case UInt8(ascii: ","): commas += 1
          default: break
          }
        }
      }
      // A file of which both can read a part is neither: what the usual order cannot read is reported.
      if dayFirst + monthFirst > 0, index >= Self.sample { isOrderOpen = false }
    }
    if isMarkOpen, commas > 0, points == 0 {
      decimalMark = UInt8(ascii: ",")
      findings.append("fractions stand behind a comma")
    }
    if options.monthFirst == nil, either > 0 || dayFirst > 0 {
      isOrderUncertain = (dayFirst > 0) == (monthFirst > 0)
      // Where fractions stand behind a comma, days stand before months.
      if isOrderUncertain ? decimalMark == UInt8(ascii: ",") : dayFirst > 0 {
        order = .dayMonth
        findings.append("dates are day/month")
      }
    }
  }

  /// The mark that a number's fraction stands behind without doubt: not three digits, or a group before it.
  private static func mark(of text: UnsafeBufferPointer<UInt8>) -> UInt8? {
    guard let place = text.lastIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else { return nil }
    let mark = text[place]
    let digits = text[(place + 1)...].prefix { 48...57 ~= $0 }.count
    let before = text[..<place]
    if digits == 0 || before.contains(mark) { return nil }
    let isGrouped = before.contains(mark == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: "."))
    let isSmall = before.last == 48 && !before.dropLast().contains { 48...57 ~= $0 }
    return digits != 3 || isGrouped || isSmall ? mark : nil
  }
}
