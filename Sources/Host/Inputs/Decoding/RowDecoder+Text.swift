import Core

extension RowDecoder {
  /// Adds a text as its field's shape asks for; false where it cannot be used.
  ///
  /// - Parameter value: the value of the row that the text is, which is then used as it stands where it needs no repair.
  mutating func addText(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, to field: PlannedField) -> Bool {
    let inner = trimmed(text)
    if inner.isEmpty { return false }
    if isExcluded(inner, field) { return false }
    switch field.shape {
    case .identifier, .label: return addLabel(text, of: value, field)
    case .prose: return addProse(text, of: value, field)
    case .slug:
      var slug = ByteBuffer()
      _ = Slug.append(repair(inner, field), atMost: Slug.maxBytes, to: &slug)
      return addString(slug.view, of: nil)
    case .link: return addLink(firstPart(of: repair(text, field), field), of: value, field)
    case .list, .links: return addSplit(repair(text, field), field)
    case .price, .number, .count: return addAmount(text: repair(inner, field), field)
    case .word(let words): return addWord(repair(inner, field), of: value, words, field)
    case .gtin:
      if let value { return addGTIN([value], isList: false, field) }
      report.add(.unreadableValue, line: line, field: field.name, reason: "made of several fields", excerpt: inner)
      return false
    case .currency: return addString(currencyCode(inner, field) ?? "", of: value, text)
    case .locale: return addLocale(inner, of: value)
    case .time: return addTime(inner, of: value, field)
    case .truth:
      isChanged = true
      draft.truth(isYes(String(decoding: repair(inner, field), as: UTF8.self), field))
      return true
    case .rating:
      isChanged = true
      draft.beginObject()
      draft.key(Array("value".utf8))
      let isNumber = addAmount(text: inner, field)
      draft.end()
      return isNumber
    case .object, .consent, .translations:
      report.add(.unreadableValue, line: line, field: field.name, reason: "found a text", excerpt: inner)
      return false
    case .any: return addString(field.changesText ? trimmed(repair(text, field)) : text, of: value, text)
    }
  }

  /// Whether the map says that a text means nothing.
  mutating func isExcluded(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> Bool {
    guard field.hasExceptions, field.rule.except.contains(where: { $0.matches(text) }) else { return false }
    report.add(.excludedValue, line: line, field: field.name, excerpt: text)
    return true
  }

  /// Adds a text that may differ from that of its value.
  private mutating func addString(
    _ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ original: UnsafeBufferPointer<UInt8>? = nil
  ) -> Bool {
    if let value, let original, value.kind == .string, text.baseAddress == original.baseAddress,
      text.count == original.count
    {
      draft.source(value)
    } else {
      isChanged = true
      draft.string(text)
    }
    return !text.isEmpty
  }

  private mutating func addString(_ text: String, of value: Value?, _ original: UnsafeBufferPointer<UInt8>) -> Bool {
    var text = text
    return text.withUTF8 { text in
      if let value, value.kind == .string, text.elementsEqual(original) {
        draft.source(value)
      } else {
        isChanged = true
        draft.string(text)
      }
      return !text.isEmpty
    }
  }

  private mutating func addLabel(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ field: PlannedField) -> Bool {
    var label = repair(text, field)
    if !Blanks.isCleanLabel(label) {
      cleaned.removeAll()
      report(Blanks.cleanLabel(label, into: &cleaned), field)
      label = cleaned.view
    }
    var isIdentifier = false
    if case .identifier = field.shape { isIdentifier = true }
    if isIdentifier, let whole = wholePart(label) {
      report.add(.decimalID, line: line, field: field.name, excerpt: label)
      label = whole
    }
    if label.isEmpty { return false }
    remember(label, field)
    if field.rule.inspects { inspect(label, field) }
    if isIdentifier, let value, value.kind == .integer, !field.changesText {
      draft.source(value)
      return true
    }
    return addString(label, of: value, text)
  }

  private mutating func addProse(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ field: PlannedField) -> Bool {
    var prose = repair(text, field)
    if !Blanks.isCleanProse(prose) {
      cleaned.removeAll()
      report(Blanks.cleanProse(prose, into: &cleaned), field)
      prose = cleaned.view
    }
    if prose.isEmpty { return false }
    if field.role == .description {
      let hash = hash64(prose)
      if hash == facts.name || hash == facts.mpn || hash == facts.id {
        report.add(.repeatedText, line: line, field: field.name, reason: "left out", excerpt: prose)
        return false
      }
      facts.description = hash
    }
    if field.rule.inspects { inspect(prose, field) }
    return addString(prose, of: value, text)
  }

  private mutating func remember(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) {
    switch field.role {
    case .id:
      facts.id = max(hash64(text), 1)
      facts.idText.append(text)
    case .name:
      facts.name = max(hash64(text), 1)
      facts.nameText.append(text)
    case .mpn: facts.mpn = max(hash64(text), 1)
    default: break
    }
  }

  /// The digits before ".0", where a number for a name went through a spreadsheet.
  private mutating func wholePart(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    guard text.last == 48, let point = text.firstIndex(of: UInt8(ascii: ".")), point > 0,
      text[..<point].allSatisfy({ 48...57 ~= $0 }), text[(point + 1)...].allSatisfy({ $0 == 48 })
    else { return nil }
    return UnsafeBufferPointer(rebasing: text[..<point])
  }

  private mutating func report(_ flaws: BlankFlaws, _ field: PlannedField) {
    if flaws.contains(.outer) { report.add(.outerBlanks, line: line, field: field.name) }
    if flaws.contains(.inner) { report.add(.innerBlanks, line: line, field: field.name) }
    if flaws.contains(.control) { report.add(.controlCharacter, line: line, field: field.name) }
    if flaws.contains(.nul) { report.add(.nulByte, line: line, field: field.name) }
  }

  /// The text after the repairs that the map asks for; the text itself where nothing was to be done.
  mutating func repair(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> UnsafeBufferPointer<UInt8> {
    guard field.changesText else { return text }
    let rule = field.rule
    var text = text
    // The text lies in `spare` while `repaired` is written, and the other way round.
    func step(_ kind: DirtKind?, _ change: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Bool) {
      repaired.removeAll()
      guard change(text, &repaired) else { return }
      if let kind { report.add(kind, line: line, field: field.name, excerpt: text) }
      text = repaired.view
      swap(&repaired, &spare)
    }
    if rule.repairsMojibake { step(.mojibake, Mojibake.repair) }
    if rule.stripsHTML { step(.htmlTags, HTMLText.stripTags) }
    if rule.decodesEntities || rule.stripsHTML { step(.htmlEntities, HTMLText.decodeEntities) }
    if rule.dropsTables { step(.flattenedTable, Prose.dropTables) }
    if let with = rule.with { step(nil) { rejoin($0, rule.split, with: with, field, into: &$1) } }
    if !rule.values.isEmpty || rule.otherwise != nil { step(nil) { replace($0, by: rule, into: &$1) } }
    if let upper = rule.upperCase { step(.letterCase) { changeCase($0, upper: upper, into: &$1) } }
    return text
  }

  /// The trimmed parts of a text, with another separator between them.
  private mutating func rejoin(
    _ text: UnsafeBufferPointer<UInt8>, _ separator: [UInt8]?, with: [UInt8], _ field: PlannedField,
    into output: inout ByteBuffer
  ) -> Bool {
    let parts = parts(of: text, separator: separator ?? [UInt8(ascii: "|")])
    if parts.count < 2 { report.add(.noSeparator, line: line, field: field.name, excerpt: text) }
    for (index, part) in parts.enumerated() {
      if index > 0 { with.withUnsafeBufferPointer { output.append($0) } }
      output.append(part)
    }
    return true
  }

  private mutating func replace(_ text: UnsafeBufferPointer<UInt8>, by rule: FieldRule, into output: inout ByteBuffer)
    -> Bool
  {
    let inner = trimmed(text)
    let exact = rule.values.first { !$0.key.isPrefix && $0.key.matches(inner) }
    // Of prefixes the longest that fits.
    let prefix = rule.values.filter { $0.key.isPrefix && $0.key.matches(inner) }.max {
      $0.key.text.count < $1.key.text.count
    }
    guard let replacement = exact?.value ?? prefix?.value ?? rule.otherwise else { return false }
    output.append(replacement)
    return true
  }

  private mutating func changeCase(_ text: UnsafeBufferPointer<UInt8>, upper: Bool, into output: inout ByteBuffer)
    -> Bool
  {
    let original = String(decoding: text, as: UTF8.self)
    let changed = upper ? original.uppercased() : original.lowercased()
    output.append(changed)
    return changed != original
  }

  /// Notes what a person should look at.
  private mutating func inspect(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) {
    func note(_ kind: DirtKind) { report.add(kind, line: line, field: field.name, excerpt: text) }
    if Prose.isAllCapitals(text) { note(.allCapitals) }
    if Prose.hasPrice(text) { note(.priceInText) }
    if Prose.hasTable(text) { note(.tableInText) }
    if let expected = field.rule.language, let found = LanguageGuess.language(of: text), found != expected {
      report.add(
        .otherLanguage, line: line, field: field.name, reason: "looks like '\(found)', expected '\(expected)'",
        excerpt: text)
    }
  }
}
