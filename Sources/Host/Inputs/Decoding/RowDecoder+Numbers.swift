import Core

extension RowDecoder {
  /// Adds a JSON number as a price, number or count.
  mutating func addAmount(_ value: Value, to field: PlannedField) -> Bool {
    guard let amount = Decimal(value.text) else {
      report.add(.unreadableNumber, line: line, field: field.name, excerpt: value.text)
      return false
    }
    return add(amount, of: field.rule.scale == nil ? value : nil, field)
  }

  /// Adds a text as a price, number or count.
  mutating func addAmount(text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> Bool {
    isChanged = true
    let isPrice = field.role == .price || field.role == .salePrice
    if let price = PriceText(text, decimalMark: field.rule.decimalMark), isPrice || price.currency == nil {
      if field.role == .price { facts.cellCurrency = price.currency }
      return add(price.amount, of: nil, field)
    }
    if isPrice {
      report.add(.unreadablePrice, line: line, field: field.name, excerpt: text)
      return false
    }
    // "5 new" counts five.
    let number = UnsafeBufferPointer(rebasing: text[..<(text.firstIndex { !(48...57 ~= $0) } ?? 0)])
    if let amount = Decimal(number), number.count < text.count, Blanks.length(in: text, at: number.count) > 0 {
      report.add(.numberWithWords, line: line, field: field.name, excerpt: text)
      return add(amount, of: nil, field)
    }
    report.add(.unreadableNumber, line: line, field: field.name, excerpt: text)
    return false
  }

  /// Adds an amount after its rule and its checks; `value` is used as it stands where the amount is its own.
  private mutating func add(_ read: Decimal, of value: Value?, _ field: PlannedField) -> Bool {
    var amount = read
    if let scale = field.rule.scale {
      isChanged = true
      guard let scaled = read.times(scale) else {
        report.add(.unreadableNumber, line: line, field: field.name, reason: "too many digits to scale")
        return false
      }
      amount = scaled
    }
    if let least = field.rule.atLeast, amount < least { return refuse(.outOfRange, amount, field) }
    if let most = field.rule.atMost, most < amount { return refuse(.outOfRange, amount, field) }
    if case .price = field.shape, amount.isZero || amount.negative { return refuse(.priceNotPositive, amount, field) }
    if case .count = field.shape {
      amount.dropZeros(keeping: 0)
      if amount.places > 0 || amount.negative { return refuse(.unreadableNumber, amount, field) }
    }
    switch field.role {
    case .price: facts.price = amount
    case .salePrice:
      if let price = facts.price, !(amount < price) { return refuse(.salePriceNotLower, amount, field) }
    case .quantity: facts.quantity = amount
    default: break
    }
    if let value, amount == read {
      draft.source(value)
    } else {
      isChanged = true
      draft.number(amount)
    }
    return true
  }

  private mutating func refuse(_ kind: DirtKind, _ amount: Decimal, _ field: PlannedField) -> Bool {
    var text = ByteBuffer(capacity: 24)
    amount.write(to: &text)
    report.add(kind, line: line, field: field.name, excerpt: text.view)
    return false
  }
}
