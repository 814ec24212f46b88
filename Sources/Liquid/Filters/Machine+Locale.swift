extension Machine {
  /// A number, or a text that is one; nil for anything else.
  private mutating func exactNumber(_ input: Datum) -> ExactNumber? {
    switch input.kind {
    case .integer, .double, .bigInteger: return ExactNumber(input)
    case .string:
      let text = input.text.trimmed
      let first = text.first == UInt8(ascii: "-") ? 1 : 0
      var points = 0
      for index in first..<max(first, text.count) {
        if text[index] == UInt8(ascii: "."), index > first, index + 1 < text.count {
          points += 1
        } else if !isDigit(text[index]) {
          return nil
        }
      }
      return text.count > first && points <= 1 ? ExactNumber(text: text) : nil
    default: return nil
    }
  }

  private mutating func named(_ name: StaticString, _ arguments: FilterArguments) -> Datum {
    guard arguments.named.kind == .object else { return .null }
    return value(of: Datum(name), in: arguments.named) ?? .null
  }

  /// Writes a price; what is no number is written as it stands.
  mutating func writeMoney(_ input: Datum, currency: String?) throws(Stop) {
    guard var amount = exactNumber(input) else { return print(input) }
    if let currency {
      write(&amount, formats.money(scope.locale, currency))
    } else {
      formats.presentMoney(scope.locale, scope.currency)._withUnsafeGuaranteedRef { write(&amount, $0) }
    }
  }

  @inline(__always)
  private mutating func write(_ amount: inout ExactNumber, _ format: NumberFormat) {
    if options.moneyUnit == .minor, amount.approximate == nil {
      amount.scale += format.fractionDigits
      amount.isDecimal = true
    }
    format.write(amount, into: &out)
  }

  mutating func money(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    guard exactNumber(input) != nil else { return input }
    var currency: String?
    let named = named("currency", arguments)
    if named.kind != .null {
      currency = text(of: named).string
    } else if arguments.count > 0, arguments.first.kind == .string {
      currency = arguments.first.text.string
    }
    let mark = out.count
    try writeMoney(input, currency: currency)
    return take(from: mark)
  }

  /// How many decimals a call asks for, or nil.
  private mutating func decimals(_ arguments: FilterArguments) throws(Stop) -> Int? {
    let named = named("decimals", arguments)
    let wanted = named.kind == .null && arguments.first.kind != .object ? arguments.first : named
    guard wanted.kind != .null else { return nil }
    return Int(clamping: max(0, min(20, try wholeNumber(wanted))))
  }

  mutating func number(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    guard let number = exactNumber(input) else { return input }
    let decimals = try decimals(arguments)
    let pattern = formats.locale(scope.locale).number
    let mark = out.count
    pattern.write(number, digits: decimals ?? 3, trimsZeros: decimals == nil, into: &out)
    return take(from: mark)
  }

  /// 0.25 is 25 %.
  mutating func percent(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    guard let number = exactNumber(input) else { return input }
    let decimals = try decimals(arguments)
    let pattern = formats.locale(scope.locale).percent
    let mark = out.count
    pattern.write(number * ExactNumber(100), digits: decimals ?? 0, into: &out)
    return take(from: mark)
  }
}
