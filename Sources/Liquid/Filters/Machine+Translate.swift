extension Machine {
  /// `{{ 'cart.items' | t: count: 3 }}`: the text of a key in the reader's language, with its `{{ name }}` filled in.
  mutating func translate(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let key = text(of: input)
    guard let chain = translations() else {
      throw fail(.missingTranslation(key: key.string, locale: scope.locale))
    }
    var count: PluralOperands?
    if let wanted = value(of: Datum("count"), in: arguments.named), wanted.isNumber || wanted.kind == .string {
      count = PluralOperands(ExactNumber(wanted))
    }
    guard let found = chain.text(key, count: count) else {
      throw fail(.missingTranslation(key: key.string, locale: scope.locale))
    }
    // A text whose key ends in `_html` is markup; what is filled into it is escaped.
    let isMarkup = (kind == .html || kind == .xml) && isMarkupKey(key)
    let mark = out.count
    found.withUnsafeBufferPointer { fill($0, arguments.named, escapes: isMarkup) }
    return take(from: mark, isSafe: isMarkup)
  }

  /// The texts of the reader's locale, found once a render.
  private mutating func translations() -> TranslationChain? {
    if let texts, texts.locale == scope.locale { return texts }
    texts = main?.pointee.template?.takeUnretainedValue().set?.translations
      .chain(scope.locale, fallback: scope.fallbackLocale)
    return texts
  }

  private func isMarkupKey(_ key: Bytes) -> Bool {
    let mark = Datum("_html").text
    guard let found = key.lastIndex(of: mark) else { return false }
    return found + mark.count == key.count || key[found + mark.count] == UInt8(ascii: ".")
  }

  private mutating func fill(_ text: Bytes, _ named: Datum, escapes: Bool) {
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "{"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "{"),
        let end = text.firstIndex(of: Datum("}}").text, from: at + 2)
      {
        let value = value(of: Datum(text.part(at + 2..<end).trimmed), in: named) ?? .null
        let filling = self.text(of: value)
        if filling.isEmpty, options.recordsGaps { emptyFillings.append(arena.copy(text.part(at + 2..<end).trimmed)) }
        if escapes, !value.isSafe { escape(filling) } else { out.append(filling) }
        at = end + 2
      } else {
        out.append(text[at])
        at += 1
      }
    }
  }
}
