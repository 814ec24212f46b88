import Core

extension RowDecoder {
  /// Makes the canonical fields, and those that the map adds; false where the row is rejected.
  mutating func canonicalise() -> Bool {
    for index in map.fields.indices {
      let slot = map.decidingSlots[index]
      if slot >= 0, found[slot] < 0 { continue }
      let field = map.fields[index]
      let before = report.total
      if add(field, at: index) { continue }
      guard let kind = field.whenMissing else { continue }
      if kind.outcome == .rejected {
        report.add(kind, line: line, field: field.name, reason: "every \(map.kind.rawValue) needs one")
        return false
      }
      // What was left out with a note is not called missing as well.
      if report.total == before { report.add(kind, line: line, field: field.name) }
    }
    return map.kind != .event || checkEvent()
  }

  /// Makes a field of the record with its key; false, and nothing added, where it has no value.
  private mutating func add(_ field: PlannedField, at index: Int) -> Bool {
    let mark = draft.mark
    draft.key(ofField: index)
    let isMade =
      switch field.shape {
      case .slug: addSlug(field)
      case .currency: addCurrency(field)
      default: make(field)
      }
    if !isMade { draft.drop(to: mark) }
    return isMade
  }

  /// Makes a member of a field with its key; false, and nothing added, where it has no value.
  private mutating func add(_ member: PlannedField) -> Bool {
    let mark = draft.mark
    draft.key(member.key)
    let isMade = make(member)
    if !isMade { draft.drop(to: mark) }
    return isMade
  }

  /// Makes the value of a field by its rule.
  private mutating func make(_ field: PlannedField) -> Bool {
    if !field.plainSources.isEmpty { return addFirst(of: field.plainSources, field) }
    if !field.rule.members.isEmpty {
      isChanged = true
      draft.beginObject()
      var count = 0
      for member in field.rule.members where add(member) { count += 1 }
      draft.end()
      return count > 0
    }
    if !field.rule.prefixes.isEmpty { return addPrefixed(field.rule.prefixes, field) }
    if let constant = field.rule.constant {
      isChanged = true
      switch constant {
      case .text(let text): return text.withUnsafeBufferPointer { addText($0, of: nil, to: field) }
      case .number(let text): draft.number(text)
      case .truth(let truth): draft.truth(truth)
      }
      return true
    }
    if let between = field.rule.join { return addJoined(between, field) }
    if field.rule.isHash { return addHash(field) }
    return addFirst(of: field.rule.sources, field)
  }

  /// Adds the first value that can be used.
  private mutating func addFirst(of sources: [SourcePath], _ field: PlannedField) -> Bool {
    for source in sources {
      let value = value(at: source)
      guard value.exists else { continue }
      if source.isMoved { isChanged = true }
      if add(value, to: field) { return true }
      // What is left out must not stay behind in the row either.
      isChanged = true
    }
    return false
  }

  /// The first value that a field is made from, and whether it lies elsewhere in the row; missing where there is none.
  func firstValue(of field: PlannedField) -> (value: Value, isMoved: Bool) {
    for source in field.rule.sources {
      let value = value(at: source)
      if value.exists { return (value, source.isMoved) }
    }
    return (.missing, false)
  }

  /// The value of the row at a path: the field of the whole name, or the way from dot to dot.
  func value(at source: SourcePath) -> Value {
    let whole = found[source.whole]
    if whole >= 0 { return row[Int(whole)] }
    guard !source.rest.isEmpty, found[source.first] >= 0 else { return .missing }
    var value = row[Int(found[source.first])]
    for name in source.rest {
      value = value.kind == .array ? Int(name).map { value[$0] } ?? .missing : value[name]
    }
    return value
  }

  /// Adds a value as its field's shape asks for; false where it cannot be used.
  mutating func add(_ value: Value, to field: PlannedField) -> Bool {
    var value = value
    if field.plainSources.isEmpty, field.rule.parsesJSON, value.kind == .string {
      guard let parsed = parseCell(value, field) else { return false }
      isChanged = true
      value = parsed
    }
    switch value.kind {
    case .missing, .null: return false
    case .string: return addText(value.text, of: value, to: field)
    case .boolean: return addTruth(value, to: field)
    case .integer, .double: return addNumber(value, to: field)
    case .array: return addArray(value, to: field)
    case .object: return addObject(value, to: field)
    }
  }

  private mutating func addTruth(_ value: Value, to field: PlannedField) -> Bool {
    switch field.shape {
    case .truth, .any:
      if field.changesText { break }
      draft.source(value)
      return true
    default: break
    }
    var text = value.bool == true ? "true" : "false"
    return text.withUTF8 { addText($0, of: nil, to: field) }
  }

  private mutating func addNumber(_ value: Value, to field: PlannedField) -> Bool {
    switch field.shape {
    case .price, .number, .count: return addAmount(value, to: field)
    case .any where !field.changesText:
      draft.source(value)
      return true
    default: return addText(value.text, of: value, to: field)
    }
  }

  private mutating func addArray(_ value: Value, to field: PlannedField) -> Bool {
    switch field.shape {
    case .list, .links: return addList(value, to: field)
    case .gtin: return addGTIN((0..<value.count).map { value[$0] }, isList: true, field)
    case .prose, .object, .any, .translations:
      draft.source(value)
      return value.count > 0
    case .label where field.name == "category" || field.rule.with != nil:
      return addJoinedList(value, field)
    default:
      // The first that can be used stands for the list.
      isChanged = true
      return (0..<value.count).contains { add(value[$0], to: field) }
    }
  }

  private mutating func addObject(_ value: Value, to field: PlannedField) -> Bool {
    switch field.shape {
    case .object, .rating, .translations, .any:
      draft.source(value)
      return value.count > 0
    case .consent: return addConsent(value, field)
    default:
      report.add(.unreadableValue, line: line, field: field.name, reason: "found an object")
      return false
    }
  }

  /// Adds consents, each true or false: what is not clearly a yes is a no.
  private mutating func addConsent(_ value: Value, _ field: PlannedField) -> Bool {
    if (0..<value.count).allSatisfy({ value[$0].kind == .boolean }) {
      draft.source(value)
      return value.count > 0
    }
    isChanged = true
    draft.beginObject()
    for index in 0..<value.count {
      draft.sourceKey(of: value, at: index)
      draft.truth(value[index].bool ?? isYes(value[index].scalarText ?? "", field))
    }
    draft.end()
    return true
  }

  mutating func isYes(_ text: String, _ field: PlannedField) -> Bool {
    let word = Vocabulary.truth.canonical(text)
    if word == nil { report.add(.unknownWord, line: line, field: field.name, reason: "taken for a no") }
    return word == "true"
  }

  /// Collects the fields whose names begin with a prefix into an object, without it.
  private mutating func addPrefixed(_ prefixes: [[UInt8]], _ field: PlannedField) -> Bool {
    isChanged = true
    draft.beginObject()
    var count = 0
    for index in 0..<row.count where row[index].exists {
      let key = row.key(at: index)
      guard let prefix = prefixes.first(where: { key.count > $0.count && key.starts(with: $0) }) else { continue }
      draft.key(UnsafeBufferPointer(rebasing: key.dropFirst(prefix.count)))
      if case .consent = field.shape {
        draft.truth(row[index].bool ?? isYes(row[index].scalarText ?? "", field))
      } else {
        draft.source(row[index])
      }
      count += 1
    }
    draft.end()
    return count > 0
  }

  /// Parses a cell that holds JSON, or a hash of the form `{"key"=>"value"}`, onto the tape.
  private mutating func parseCell(_ value: Value, _ field: PlannedField) -> Value? {
    var text = ByteBuffer()
    text.append(value.text)
    if let parsed = try? builder.parseJSON(text.view) { return parsed }
    var rewritten = ByteBuffer()
    if HashNotation.rewrite(text.view, into: &rewritten), let parsed = try? builder.parseJSON(rewritten.view) {
      report.add(.hashNotation, line: line, field: field.name, excerpt: text.view)
      return parsed
    }
    report.add(
      .unreadableValue, line: line, field: field.name, reason: "neither JSON nor a hash", excerpt: text.view)
    return nil
  }
}
