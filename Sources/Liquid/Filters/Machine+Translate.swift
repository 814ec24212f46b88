extension Machine {
  /// `{{ 'cart.items' | t: count: 3 }}`: the text of a key in the reader's language, with its `{{ name }}` filled in.
  mutating func translate(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    let key = text(of: input).string
    guard let set = main?.pointee.template?.takeUnretainedValue().set else {
      throw fail(.missingTranslation(key: key, locale: scope.locale))
    }
    var count: PluralOperands?
    if let wanted = value(of: Datum("count"), in: arguments.named), wanted.isNumber || wanted.kind == .string {
      count = PluralOperands(ExactNumber(wanted))
    }
    guard let found = set.translations.text(key, locale: scope.locale, count: count) else {
      throw fail(.missingTranslation(key: key, locale: scope.locale))
    }
    // A text whose key ends in `_html` is markup; what is filled into it is escaped.
    let isMarkup = (key.hasSuffix("_html") || key.contains("_html.")) && (kind == .html || kind == .xml)
    let mark = out.count
    var text = found
    text.withUTF8 { fill($0, arguments.named, escapes: isMarkup) }
    return take(from: mark, isSafe: isMarkup)
  }

  private mutating func fill(_ text: Bytes, _ named: Datum, escapes: Bool) {
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "{"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "{"),
        let end = text.firstIndex(of: Datum("}}").text, from: at + 2)
      {
        let value = value(of: Datum(text.part(at + 2..<end).trimmed), in: named) ?? .null
        let filling = self.text(of: value)
        if escapes, !value.isSafe { Escaping.html(filling, into: &out) } else { out.append(filling) }
        at = end + 2
      } else {
        out.append(text[at])
        at += 1
      }
    }
  }
}
