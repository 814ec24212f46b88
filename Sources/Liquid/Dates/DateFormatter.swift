/// Names of months and days.
struct DateNames: Sendable {
  var months: [String]
  var shortMonths: [String]
  /// Sunday first.
  var days: [String]
  var shortDays: [String]

  static let english = DateNames(
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    shortMonths: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    shortDays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"])
}

/// Ruby's `strftime`.
struct DateFormatter {
  let date: CivilDate
  let names: DateNames

  private struct Flags {
    var padding: UInt8?
    var isUnpadded = false
    var isUpper = false
    var swapsCase = false
    var colons = 0
    var width: Int?
  }

  /// Writes the date; false where the format is malformed.
  func write(_ format: Bytes, into out: inout ByteBuffer) -> Bool {
    var at = 0
    while at < format.count {
      guard format[at] == UInt8(ascii: "%") else {
        out.append(format[at])
        at += 1
        continue
      }
      let start = at
      at += 1
      var flags = Flags()
      flag: while at < format.count {
        switch format[at] {
        case UInt8(ascii: "-"): flags.isUnpadded = true
        case UInt8(ascii: "0"): flags.padding = UInt8(ascii: "0")
        case UInt8(ascii: "_"): flags.padding = UInt8(ascii: " ")
        case UInt8(ascii: "^"): flags.isUpper = true
        case UInt8(ascii: "#"): flags.swapsCase = true
        default: break flag
        }
        at += 1
      }
      while at < format.count, isDigit(format[at]) {
        flags.width = min((flags.width ?? 0) * 10 + Int(format[at] - 48), 1024)
        at += 1
      }
      while at < format.count, format[at] == UInt8(ascii: ":") {
        flags.colons += 1
        at += 1
      }
      if at < format.count, format[at] == UInt8(ascii: "E") || format[at] == UInt8(ascii: "O"),
        at + 1 < format.count, isLetter(format[at + 1])
      {
        at += 1
      }
      if at >= format.count {
        if flags.colons == 0 { return false }
        out.append(format.part(start..<at))
        return true
      }
      if flags.colons > 0, format[at] != UInt8(ascii: "z") {
        out.append(format.part(start..<at))
        continue
      }
      if !conversion(format[at], flags, &out) { out.append(format.part(start..<at + 1)) }
      at += 1
    }
    return true
  }

  private func conversion(_ letter: UInt8, _ flags: Flags, _ out: inout ByteBuffer) -> Bool {
    switch Unicode.Scalar(letter) {
    case "Y": number(date.year, width: date.year < 0 ? 5 : 4, "0", flags, &out)
    case "C": number(floorDivide(date.year, 100), width: 2, "0", flags, &out)
    case "y": number(date.year - floorDivide(date.year, 100) * 100, width: 2, "0", flags, &out)
    case "m": number(date.month, width: 2, "0", flags, &out)
    case "d": number(date.day, width: 2, "0", flags, &out)
    case "e": number(date.day, width: 2, " ", flags, &out)
    case "j": number(date.dayOfYear, width: 3, "0", flags, &out)
    case "H": number(date.hour, width: 2, "0", flags, &out)
    case "k": number(date.hour, width: 2, " ", flags, &out)
    case "I": number((date.hour + 11) % 12 + 1, width: 2, "0", flags, &out)
    case "l": number((date.hour + 11) % 12 + 1, width: 2, " ", flags, &out)
    case "M": number(date.minute, width: 2, "0", flags, &out)
    case "S": number(date.second, width: 2, "0", flags, &out)
    case "s": number(Int(date.seconds), width: 1, "0", flags, &out)
    case "u": number((date.weekday + 6) % 7 + 1, width: 1, "0", flags, &out)
    case "w": number(date.weekday, width: 1, "0", flags, &out)
    case "G": number(date.isoWeek.year, width: 4, "0", flags, &out)
    case "g": number(date.isoWeek.year - floorDivide(date.isoWeek.year, 100) * 100, width: 2, "0", flags, &out)
    case "V": number(date.isoWeek.week, width: 2, "0", flags, &out)
    case "U": number((date.dayOfYear + 6 - date.weekday) / 7, width: 2, "0", flags, &out)
    case "W": number((date.dayOfYear + 6 - (date.weekday + 6) % 7) / 7, width: 2, "0", flags, &out)
    case "L": fraction(digits: flags.width ?? 3, &out)
    case "N": fraction(digits: flags.width ?? 9, &out)
    case "B": text(names.months[(date.month - 1) % 12], flags, &out)
    case "b", "h": text(names.shortMonths[(date.month - 1) % 12], flags, &out)
    case "A": text(names.days[date.weekday], flags, &out)
    case "a": text(names.shortDays[date.weekday], flags, &out)
    case "p":
      let half = date.hour < 12 ? "AM" : "PM"
      text(flags.swapsCase ? half.lowercased() : half, flags, changesCase: !flags.swapsCase, &out)
    case "P": text(date.hour < 12 ? "am" : "pm", flags, &out)
    case "Z": text(flags.swapsCase ? date.zone.lowercased() : date.zone, flags, changesCase: !flags.swapsCase, &out)
    case "z": zone(flags, &out)
    case "n": text("\n", flags, &out)
    case "t": text("\t", flags, &out)
    case "%": text("%", flags, &out)
    case "c": compound("%a %b %e %H:%M:%S %Y", flags, &out)
    case "D", "x": compound("%m/%d/%y", flags, &out)
    case "F": compound("%Y-%m-%d", flags, &out)
    case "T", "X": compound("%H:%M:%S", flags, &out)
    case "R": compound("%H:%M", flags, &out)
    case "r": compound("%I:%M:%S %p", flags, &out)
    case "v": compound("%e-%^b-%Y", flags, &out)
    default: return false
    }
    return true
  }

  private func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }

  private func number(
    _ value: Int, width: Int, _ padding: Unicode.Scalar, _ flags: Flags, _ out: inout ByteBuffer
  ) {
    if value >= 0, flags.width == nil, flags.padding == nil, padding == "0" {
      return out.append(digits: UInt64(value), width: flags.isUnpadded ? 1 : width)
    }
    let width = flags.isUnpadded ? 1 : flags.width ?? width
    let padding = flags.padding ?? UInt8(padding.value)
    let digits = "\(value.magnitude)"
    let missing = max(0, width - digits.utf8.count - (value < 0 ? 1 : 0))
    if value < 0, padding == UInt8(ascii: "0") { out.append(UInt8(ascii: "-")) }
    for _ in 0..<missing { out.append(padding) }
    if value < 0, padding != UInt8(ascii: "0") { out.append(UInt8(ascii: "-")) }
    out.append(digits)
  }

  private func fraction(digits: Int, _ out: inout ByteBuffer) {
    var scale = 100_000_000
    for _ in 0..<digits {
      out.append(UInt8(48 + (scale > 0 ? date.nanosecond / scale % 10 : 0)))
      scale /= 10
    }
  }

  private func text(_ text: String, _ flags: Flags, changesCase: Bool = true, _ out: inout ByteBuffer) {
    guard flags.width != nil || flags.isUpper || flags.swapsCase else { return out.append(text) }
    let shown = changesCase && (flags.isUpper || flags.swapsCase) || flags.isUpper ? text.uppercased() : text
    if let width = flags.width, !flags.isUnpadded {
      for _ in 0..<max(0, width - shown.unicodeScalars.count) { out.append(flags.padding ?? UInt8(ascii: " ")) }
    }
    out.append(shown)
  }

  private func compound(_ format: StaticString, _ flags: Flags, _ out: inout ByteBuffer) {
    let mark = out.count
    _ = write(Datum(format).text, into: &out)
    guard flags.isUpper || flags.width != nil else { return }
    let written = out.bytes(from: mark).string
    out.truncate(to: mark)
    text(written, flags, changesCase: flags.isUpper, &out)
  }

  /// `+hhmm`, with one colon `+hh:mm`, with two `+hh:mm:ss`.
  private func zone(_ flags: Flags, _ out: inout ByteBuffer) {
    let total = date.offset.magnitude
    var tail = ""
    let minutes = twoDigits(total / 60 % 60)
    switch flags.colons {
    case 0: tail = minutes
    case 1: tail = ":" + minutes
    // With three as much as the offset needs.
    case 3 where total % 3600 == 0: break
    case 3 where total % 60 == 0: tail = ":" + minutes
    default: tail = ":" + minutes + ":" + twoDigits(total % 60)
    }
    let sign = UInt8(ascii: date.offset < 0 ? "-" : "+")
    let isBlank = flags.padding == UInt8(ascii: " ")
    let hours = isBlank ? "\(total / 3600)" : twoDigits(total / 3600)
    let width = max(flags.width ?? 0, isBlank ? 3 + tail.utf8.count : 0)
    let missing = max(0, width - 1 - hours.utf8.count - tail.utf8.count)
    if !isBlank { out.append(sign) }
    for _ in 0..<missing { out.append(isBlank ? UInt8(ascii: " ") : UInt8(ascii: "0")) }
    if isBlank { out.append(sign) }
    out.append(hours)
    out.append(tail)
  }

  private func twoDigits(_ number: UInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
