import Core

extension RowDecoder {
  /// Adds a list of texts or links; values of other types in it stay as they are.
  mutating func addList(_ value: Value, to field: PlannedField) -> Bool {
    var isLinks = false
    if case .links = field.shape { isLinks = true }
    let needsNothing = !field.changesText && !field.hasExceptions && !isLinks
    if needsNothing, (0..<value.count).allSatisfy({ value[$0].kind != .string || Blanks.isCleanLabel(value[$0].text) })
    {
      draft.source(value)
      return value.count > 0
    }
    return addParts(field, isLinks: isLinks, count: value.count) { index in
      value[index].kind == .string ? .text(value[index].text, value[index]) : .value(value[index])
    }
  }

  /// Adds the parts of a text as a list.
  mutating func addSplit(_ text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> Bool {
    isChanged = true
    var isLinks = false
    if case .links = field.shape { isLinks = true }
    let parts = parts(of: text, separator: field.rule.split ?? defaultSeparator(of: text, isLinks: isLinks))
    return addParts(field, isLinks: isLinks, count: parts.count) { .text(parts[$0], nil) }
  }

  /// The first part of a text where the field is split, else the whole.
  mutating func firstPart(of text: UnsafeBufferPointer<UInt8>, _ field: PlannedField) -> UnsafeBufferPointer<UInt8> {
    guard let separator = field.rule.split else { return text }
    return parts(of: text, separator: separator).first ?? text
  }

  private enum Part {
    case text(UnsafeBufferPointer<UInt8>, Value?)
    case value(Value)
  }

  private mutating func addParts(_ field: PlannedField, isLinks: Bool, count: Int, _ part: (Int) -> Part) -> Bool {
    draft.beginArray()
    var kept = 0
    for index in 0..<count {
      let mark = draft.mark
      let isAdded: Bool
      switch part(index) {
      case .value(let value):
        draft.source(value)
        isAdded = value.exists
      case .text(let text, let value):
        isAdded =
          isExcluded(trimmed(text), field)
          ? false : isLinks ? addLink(text, of: value, field) : addElement(text, of: value, field)
      }
      if isAdded {
        kept += 1
      } else {
        isChanged = true
        draft.drop(to: mark)
      }
    }
    draft.end()
    return kept > 0
  }

  private mutating func addElement(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ field: PlannedField) -> Bool
  {
    if let value, Blanks.isCleanLabel(text) {
      draft.source(value)
      return !text.isEmpty
    }
    isChanged = true
    cleaned.removeAll()
    _ = Blanks.cleanLabel(text, into: &cleaned)
    draft.string(cleaned.view)
    return cleaned.count > 0
  }

  /// Adds the texts of a row's fields with something between them.
  mutating func addJoined(_ between: [UInt8], _ field: PlannedField) -> Bool {
    isChanged = true
    return addJoined(field.rule.sources.map { value(at: $0) }, between, field)
  }

  /// Adds 16 hex digits that tell rows with different values in a field's sources apart.
  mutating func addHash(_ field: PlannedField) -> Bool {
    isChanged = true
    joined.removeAll()
    for source in field.rule.sources {
      joined.append(trimmed(value(at: source).text))
      // The unit separator of ASCII, so that moving a word from one field to the next makes a difference.
      joined.append(0x1F)
    }
    let digits = String(hash64(joined.view), radix: 16)
    var text = String(repeating: "0", count: 16 - digits.count) + digits
    return text.withUTF8 { addText($0, of: nil, to: field) }
  }

  /// Adds the texts of a list as one: with `with` between them, or " > ".
  mutating func addJoinedList(_ value: Value, _ field: PlannedField) -> Bool {
    isChanged = true
    return addJoined((0..<value.count).map { value[$0] }, field.rule.with ?? Array(" > ".utf8), field)
  }

  private mutating func addJoined(_ values: [Value], _ between: [UInt8], _ field: PlannedField) -> Bool {
    joined.removeAll()
    for value in values {
      let text = trimmed(value.text)
      if text.isEmpty || isExcluded(text, field) { continue }
      if joined.count > 0 { between.withUnsafeBufferPointer { joined.append($0) } }
      joined.append(text)
    }
    return addText(joined.view, of: nil, to: field)
  }

  /// The trimmed parts between separators, empty ones left out.
  mutating func parts(of text: UnsafeBufferPointer<UInt8>, separator: [UInt8]) -> [UnsafeBufferPointer<UInt8>] {
    var parts: [UnsafeBufferPointer<UInt8>] = []
    var from = 0
    var at = 0
    func close(_ end: Int) {
      let part = trimmed(UnsafeBufferPointer(rebasing: text[from..<end]))
      if !part.isEmpty { parts.append(part) }
    }
    while let hit = indexOf(separator[0], in: text, from: at) {
      at = hit + 1
      guard text[hit...].starts(with: separator) else { continue }
      close(hit)
      from = hit + separator.count
      at = from
    }
    close(text.count)
    return parts
  }

  /// What parts a list where the map does not say: a bar, else a semicolon, else a comma; links only at bars and blanks.
  private mutating func defaultSeparator(of text: UnsafeBufferPointer<UInt8>, isLinks: Bool) -> [UInt8] {
    if text.contains(UInt8(ascii: "|")) { return [UInt8(ascii: "|")] }
    if isLinks { return [0x20] }
    return [text.contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")]
  }
}
