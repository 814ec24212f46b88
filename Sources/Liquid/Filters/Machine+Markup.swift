extension Machine {
  mutating func escape(_ input: Datum) -> Datum {
    guard input.kind != .null else { return .null }
    let text = text(of: input)
    let mark = out.count
    escape(text)
    return take(from: mark, isSafe: kind == .html || kind == .xml)
  }

  /// Keeps the harmless markup of a text; where nobody says what that is, the text stays text.
  mutating func sanitise(_ input: Datum) -> Datum {
    guard let sanitiser = options.sanitiser else { return Datum(text(of: input)) }
    let mark = out.count
    sanitiser(text(of: input)).withUnsafeBufferPointer { out.append($0) }
    return take(from: mark, isSafe: kind == .html || kind == .xml)
  }

  /// Leaves `&name;` and `&#number;` as they are.
  mutating func escapeOnce(_ input: Datum) -> Datum {
    let text = kind == .html || kind == .xml ? allowed(text(of: input)) : text(of: input)
    let mark = out.count
    var index = 0
    while index < text.count {
      let end = text[index] == UInt8(ascii: "&") ? referenceEnd(text, index) : nil
      if let end {
        out.append(text.part(index..<end))
        index = end
      } else {
        Escaping.html(text.part(index..<index + 1), into: &out)
        index += 1
      }
    }
    return take(from: mark, isSafe: kind == .html || kind == .xml)
  }

  private func referenceEnd(_ text: Bytes, _ start: Int) -> Int? {
    var at = start + 1
    let isNumber = at < text.count && text[at] == UInt8(ascii: "#")
    if isNumber { at += 1 }
    let first = at
    while at < text.count, isNumber ? isDigit(text[at]) : isLetter(text[at]) { at += 1 }
    return at > first && at < text.count && text[at] == UInt8(ascii: ";") ? at + 1 : nil
  }

  /// Drops scripts, comments and styles with what they hold, then every tag.
  mutating func stripHTML(_ input: Datum) -> Datum {
    let text = text(of: input)
    guard text.contains(UInt8(ascii: "<")) else { return Datum(text, isSafe: input.isSafe) }
    let mark = out.count
    var blocks = Self.htmlBlocks
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "<"), let end = blockEnd(text, at, &blocks) {
        at = end
      } else {
        out.append(text[at])
        at += 1
      }
    }
    let rest = take(from: mark).text
    at = 0
    var isClosed = true
    while at < rest.count {
      if isClosed, rest[at] == UInt8(ascii: "<") {
        if let end = rest.firstIndex(of: Datum(">").text, from: at) {
          at = end + 1
          continue
        }
        // No tag after this one is closed either.
        isClosed = false
      }
      out.append(rest[at])
      at += 1
    }
    return take(from: mark)
  }

  /// What goes with all that it holds: how it opens and closes.
  private static let htmlBlocks: [(opening: StaticString, closing: StaticString)] = [
    ("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>"),
  ]

  private func blockEnd(
    _ text: Bytes, _ start: Int, _ blocks: inout [(opening: StaticString, closing: StaticString)]
  ) -> Int? {
    let rest = text.part(start..<text.count)
    for (index, block) in blocks.enumerated() where rest.starts(with: block.opening) {
      let closing = Datum(block.closing).text
      if let end = text.firstIndex(of: closing, from: start + block.opening.utf8CodeUnitCount) {
        return end + closing.count
      }
      // None that opens later is closed either.
      blocks.remove(at: index)
      return nil
    }
    return nil
  }

  // MARK: URLs

  mutating func urlEncode(_ input: Datum) -> Datum {
    guard input.kind != .null else { return .null }
    let text = text(of: input)
    let mark = out.count
    Escaping.url(text, space: "+", into: &out)
    return take(from: mark, isSafe: true)
  }

  mutating func urlDecode(_ input: Datum) throws(Stop) -> Datum {
    guard input.kind != .null else { return .null }
    let text = text(of: input)
    let mark = out.count
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "%"), at + 2 < text.count, let high = hexValue(text[at + 1]),
        let low = hexValue(text[at + 2])
      {
        out.append(high << 4 | low)
        at += 3
      } else {
        out.append(text[at] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[at])
        at += 1
      }
    }
    let result = take(from: mark)
    guard String(validating: result.text, as: UTF8.self) != nil else { throw fail(.invalidEncoding) }
    return result
  }

  private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }

  // MARK: Base64 (RFC 4648)

  enum Base64Alphabet {
    case standard, urlSafe

    var digits: StaticString {
      switch self {
      case .standard: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      case .urlSafe: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      }
    }
  }

  mutating func base64Encode(_ input: Datum, alphabet: Base64Alphabet) -> Datum {
    let text = text(of: input)
    let digits = alphabet.digits.utf8Start
    let mark = out.count
    var at = 0
    while at < text.count {
      let left = min(3, text.count - at)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | UInt32(offset < left ? text[at + offset] : 0) }
      for position in 0..<4 {
        out.append(position <= left ? digits[Int(group >> (18 - 6 * UInt32(position)) & 63)] : UInt8(ascii: "="))
      }
      at += 3
    }
    return take(from: mark)
  }

  mutating func base64Decode(_ input: Datum, alphabet: Base64Alphabet) throws(Stop) -> Datum {
    let text = text(of: input)
    let fault = RenderFault.invalidBase64(
      alphabet == .standard ? "base64_decode" : "base64_url_safe_decode")
    var count = text.count
    if alphabet == .standard, count % 4 != 0 { throw fail(fault) }
    var padding = 0
    while count > 0, padding < 2, text[count - 1] == UInt8(ascii: "=") {
      count -= 1
      padding += 1
    }
    // Without its padding the URL-safe form is read too, but not with a wrong one.
    if padding > 0, text.count % 4 != 0 { throw fail(fault) }
    if count % 4 == 1 { throw fail(fault) }
    let mark = out.count
    var group: UInt32 = 0
    var bits = 0
    for index in 0..<count {
      guard let digit = sextet(text[index], alphabet) else {
        out.truncate(to: mark)
        throw fail(fault)
      }
      group = group << 6 | UInt32(digit)
      bits += 6
      if bits >= 8 {
        bits -= 8
        out.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    // The bits that are left over must be zero.
    if group & ((1 << UInt32(bits)) - 1) != 0 {
      out.truncate(to: mark)
      throw fail(fault)
    }
    return take(from: mark)
  }

  private func sextet(_ byte: UInt8, _ alphabet: Base64Alphabet) -> UInt8? {
    switch byte {
    case 65...90: return byte - 65
    case 97...122: return byte - 71
    case 48...57: return byte + 4
    case UInt8(ascii: "+"): return 62
    case UInt8(ascii: "/"): return 63
    case UInt8(ascii: "-"): return alphabet == .urlSafe ? 62 : nil
    case UInt8(ascii: "_"): return alphabet == .urlSafe ? 63 : nil
    default: return nil
    }
  }

  // MARK: JSON

  /// The value as JSON; `<`, `>`, `&` and `'` are written as escapes.
  ///
  /// In HTML it is printed as it stands inside a script; elsewhere its quotes become references like any other text's.
  mutating func json(_ input: Datum) -> Datum {
    let mark = out.count
    writeJSON(input, depth: 0)
    return take(from: mark, isSafe: kind == .json)
  }

  private mutating func writeJSON(_ value: Datum, depth: Int) {
    guard depth < 100 else { return out.append("null") }
    switch value.kind {
    case .boolean, .integer, .bigInteger: write(value)
    case .double: if value.double.isFinite { write(value) } else { out.append("null") }
    case .string, .range:
      let text = text(of: value)
      out.append(UInt8(ascii: "\""))
      Escaping.json(text, into: &out)
      out.append(UInt8(ascii: "\""))
    case .array, .hostArray:
      out.append(UInt8(ascii: "["))
      for index in 0..<count(of: value) {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        writeJSON(item(value, index), depth: depth + 1)
      }
      out.append(UInt8(ascii: "]"))
    case .object, .hostObject:
      out.append(UInt8(ascii: "{"))
      for index in 0..<count(of: value) {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        let (key, member) = entry(value, index)
        writeJSON(key, depth: depth + 1)
        out.append(UInt8(ascii: ":"))
        writeJSON(member, depth: depth + 1)
      }
      out.append(UInt8(ascii: "}"))
    default: out.append("null")
    }
  }
}
