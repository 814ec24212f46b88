import Core

extension RowDecoder {
  /// Adds the slug of a product: the one it has, made safe, or one of its name and id.
  mutating func addSlug(_ field: PlannedField) -> Bool {
    let (given, isMoved) = firstValue(of: field)
    if given.kind == .string, !isMoved, Slug.isSlug(given.text) {
      draft.source(given)
      return true
    }
    isChanged = true
    var slug = ByteBuffer(capacity: 96)
    if !trimmed(given.text).isEmpty {
      // A slug that is cut is not the only one of its kind any more, so the id is put behind it.
      if given.text.count > Slug.maxBytes {
        Slug.append(name: given.text, id: facts.idText.view, to: &slug)
      } else {
        _ = Slug.append(given.text, atMost: Slug.maxBytes, to: &slug)
      }
      if !given.text.elementsEqual(slug.view) {
        report.add(.unsafeSlug, line: line, field: field.name, excerpt: given.text)
      }
    }
    if slug.count == 0 { Slug.append(name: facts.nameText.view, id: facts.idText.view, to: &slug) }
    draft.string(slug.view)
    return true
  }

  /// Adds the currency of the price: the cell's, the field's, the rule's, or the default, in this order.
  mutating func addCurrency(_ field: PlannedField) -> Bool {
    let (given, isMoved) = firstValue(of: field)
    var fieldCode = given.exists ? currencyCode(trimmed(given.text), field) : nil
    if case .text(let text) = field.rule.constant {
      fieldCode = text.withUnsafeBufferPointer { currencyCode($0, field) }
    }
    let ruleCode = map.fields.lazy.filter { $0.role == .price }.compactMap(\.rule.currency).first
    if let cell = facts.cellCurrency, let other = fieldCode ?? ruleCode, other != cell {
      report.add(.currencyMismatch, line: line, field: field.name, reason: "the price says \(cell), not \(other)")
    }
    guard let code = facts.cellCurrency ?? fieldCode ?? (facts.price == nil ? nil : ruleCode ?? defaultCurrency) else {
      if facts.price != nil { report.add(.priceWithoutCurrency, line: line, field: field.name) }
      if given.exists { isChanged = true }
      return false
    }
    if given.kind == .string, !isMoved, given.text.elementsEqual(code.utf8) {
      draft.source(given)
    } else {
      isChanged = true
      draft.string(code)
    }
    return true
  }

  /// The code of a currency, or nil and a note.
  mutating func currencyCode(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> String? {
    if text.count == 3, text.elementsEqual(lastCurrency.utf8) { return lastCurrency }
    let code = PriceText.currencyCode(String(decoding: text, as: UTF8.self).lowercased()) ?? ""
    if !code.isEmpty {
      lastCurrency = code
      return code
    }
    if !text.isEmpty {
      report.add(.unknownWord, line: line, field: field.name, reason: "expected an ISO 4217 code", excerpt: text)
    }
    return nil
  }

  /// Adds the first number with the right check digit.
  mutating func addGTIN(_ values: [Value], isList: Bool, _ field: PlannedField) -> Bool {
    let texts = values.filter { !$0.text.isEmpty }
    for value in texts {
      let text = trimmed(value.text)
      switch GTIN.read(text) {
      case .wrongCheckDigit:
        report.add(.wrongCheckDigit, line: line, field: field.name, excerpt: text)
        continue
      case .right(let number):
        if !isList, value.kind == .string, value.text.elementsEqual(number.utf8) {
          draft.source(value)
        } else {
          isChanged = true
          draft.string(number)
        }
      case .padded(let number):
        report.add(.paddedGTIN, line: line, field: field.name, excerpt: text)
        isChanged = true
        draft.string(number)
      }
      if texts.count > 1 { report.add(.severalGTINs, line: line, field: field.name, reason: "the first is taken") }
      return true
    }
    return false
  }

  /// Checks what an event says; false where it is rejected.
  mutating func checkEvent() -> Bool {
    if let quantity = facts.quantity {
      if quantity.negative, !facts.isCancellation {
        report.add(.negativeQuantity, line: line, field: "quantity", reason: "and the event is no cancellation")
        return false
      }
      if quantity.isZero { report.add(.zeroQuantity, line: line, field: "quantity") }
    }
    if facts.isCancellation { report.add(.cancellation, line: line, field: "type") }
    if let price = facts.price {
      if price.negative {
        report.add(.negativePrice, line: line, field: "price", reason: "no sale has one")
        return false
      }
      if price.isZero { report.add(.zeroPrice, line: line, field: "price") }
    }
    return true
  }
}
