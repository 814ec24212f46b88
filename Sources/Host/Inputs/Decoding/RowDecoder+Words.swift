import Core

extension RowDecoder {
  /// Adds a word of a closed list.
  mutating func addWord(
    _ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ words: Vocabulary, _ field: PlannedField
  ) -> Bool {
    var word = words.words.first { text.elementsEqual($0.utf8) }
    let isCanonical = word != nil && value?.kind == .string && value?.text.count == text.count
    if word == nil { word = words.canonical(String(decoding: text, as: UTF8.self)) }
    // A number of pieces: more than one is in stock as well.
    if word == nil, words === Vocabulary.availability, let stock = Decimal(text) {
      word = stock.isZero || stock.negative ? "out_of_stock" : "in_stock"
    }
    guard let word else {
      report.add(
        .unknownWord, line: line, field: field.name,
        reason: "expected one of \(words.words.joined(separator: ", "))", excerpt: text)
      return false
    }
    if field.role == .eventType { facts.isCancellation = word == "cancellation" }
    if isCanonical, let value {
      draft.source(value)
    } else {
      isChanged = true
      draft.string(word)
    }
    return true
  }

  /// Adds a link: http, https or without a scheme.
  mutating func addLink(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ field: PlannedField) -> Bool {
    let link = trimmed(text)
    if link.isEmpty { return false }
    let scheme = link.prefix { 97...122 ~= $0 | 0x20 || 48...57 ~= $0 || [0x2B, 0x2D, 0x2E].contains($0) }
    if scheme.count < link.count, link[scheme.count] == UInt8(ascii: ":") {
      let name = String(decoding: scheme, as: UTF8.self).lowercased()
      guard name == "http" || name == "https" else {
        report.add(.unsafeLink, line: line, field: field.name, excerpt: link)
        return false
      }
      if name == "http" { report.add(.insecureLink, line: line, field: field.name, excerpt: link) }
    }
    if link.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      report.add(.unsafeLink, line: line, field: field.name, reason: "it holds a control character", excerpt: link)
      return false
    }
    if let value, value.kind == .string, value.text.count == link.count {
      draft.source(value)
    } else {
      isChanged = true
      draft.string(link)
    }
    return true
  }

  /// Adds a locale in the form of BCP 47: "de_de" as "de-DE".
  mutating func addLocale(_ text: UnsafeBufferPointer<UInt8>, of value: Value?) -> Bool {
    if let value, value.text.count == text.count, isPlainLocale(text) {
      draft.source(value)
      return true
    }
    let original = String(decoding: text, as: UTF8.self)
    var parts = original.split { $0 == "_" || $0 == "-" || $0 == "." }.map { $0.lowercased() }
    for index in parts.indices.dropFirst() {
      if parts[index].utf8.count == 2 { parts[index] = parts[index].uppercased() }
      if parts[index].utf8.count == 4 { parts[index] = parts[index].prefix(1).uppercased() + parts[index].dropFirst() }
    }
    // A character set behind a point, as in "de_DE.UTF-8", says nothing about the language.
    if let point = original.firstIndex(of: ".") {
      parts = Array(parts.prefix(original[..<point].split { $0 == "_" || $0 == "-" }.count))
    }
    let locale = parts.joined(separator: "-")
    if let value, locale == original, value.text.count == text.count {
      draft.source(value)
    } else {
      isChanged = true
      draft.string(locale)
    }
    return !locale.isEmpty
  }

  /// Whether a text is a locale such as "de" or "de-DE", as most are.
  private func isPlainLocale(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 2 || text.count == 5, 97...122 ~= text[0], 97...122 ~= text[1] else { return false }
    return text.count == 2 || text[2] == UInt8(ascii: "-") && 65...90 ~= text[3] && 65...90 ~= text[4]
  }

  /// Adds a time; eight digits are a date.
  mutating func addTime(_ text: UnsafeBufferPointer<UInt8>, of value: Value?, _ field: PlannedField) -> Bool {
    let digits = text.compactMap { 48...57 ~= $0 ? Int($0 - 48) : nil }
    if text.count == 8, digits.count == 8, 1...12 ~= digits[4] * 10 + digits[5], 1...31 ~= digits[6] * 10 + digits[7] {
      let characters = String(decoding: text, as: UTF8.self)
      report.add(.plainDate, line: line, field: field.name)
      isChanged = true
      draft.string("\(characters.prefix(4))-\(characters.dropFirst(4).prefix(2))-\(characters.suffix(2))")
      return true
    }
    if let value, value.text.count == text.count {
      draft.source(value)
    } else {
      isChanged = true
      draft.string(text)
    }
    return true
  }
}
