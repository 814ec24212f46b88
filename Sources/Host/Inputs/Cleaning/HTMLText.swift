/// HTML as shops put it into fields that should be plain text.
enum HTMLText {
  /// Copies text without its tags and comments; block elements become line breaks, scripts and styles go whole.
  ///
  /// A `<` that begins no tag stays. Returns whether there was a tag.
  static func stripTags(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
    var found = false
    var index = 0
    while let open = indexOf(UInt8(ascii: "<"), in: text, from: index) {
      append(text, index..<open, to: &output)
      guard let tag = Tag(in: text, at: open) else {
        output.append(text[open])
        index = open + 1
        continue
      }
      found = true
      index = tag.end
      if tag.hidesContent, !tag.closes { index = closing(of: tag.name, in: text, from: tag.end) }
      if tag.breaksLine {
        breakLine(&output)
      }
    }
    append(text, index..<text.count, to: &output)
    return found
  }

  /// Copies text with its character references replaced, unknown ones left, and returns whether there was one.
  static func decodeEntities(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
    var found = false
    var index = 0
    while let mark = indexOf(UInt8(ascii: "&"), in: text, from: index) {
      append(text, index..<mark, to: &output)
      // The longest name below has 8 letters; a number at most 7 digits and `#x`.
      let window = text[(mark + 1)..<min(mark + 12, text.count)]
      if let end = window.firstIndex(of: UInt8(ascii: ";")), let scalar = reference(text[(mark + 1)..<end]) {
        output.append(scalar: scalar)
        found = true
        index = end + 1
      } else {
        output.append(text[mark])
        index = mark + 1
      }
    }
    append(text, index..<text.count, to: &output)
    return found
  }

  private static func append(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to output: inout ByteBuffer
  ) { output.append(UnsafeBufferPointer(rebasing: text[range])) }

  /// Ends the line, unless nothing stands on it.
  private static func breakLine(_ output: inout ByteBuffer) {
    while output.count > 0, output.view[output.count - 1] == 0x20 { output.truncate(to: output.count - 1) }
    if output.count > 0, output.view[output.count - 1] != 10 { output.append(10) }
  }

  /// The offset behind the closing tag of an element, or the end of the text.
  private static func closing(of name: String, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while let open = indexOf(UInt8(ascii: "<"), in: text, from: index) {
      if let tag = Tag(in: text, at: open), tag.closes, tag.name == name { return tag.end }
      index = open + 1
    }
    return text.count
  }

  private static func reference(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar? {
    guard name.first == UInt8(ascii: "#") else { return named[String(decoding: name, as: UTF8.self)] }
    let digits = name.dropFirst()
    let isHex = digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X")
    let text = String(decoding: isHex ? digits.dropFirst() : digits, as: UTF8.self)
    guard let value = UInt32(text, radix: isHex ? 16 : 10), value != 0 else { return nil }
    // The code points of C1 stand for Windows-1252 in HTML.
    return 0x80...0x9F ~= value ? Windows1252.scalar(UInt8(value)) : Unicode.Scalar(value)
  }

  /// The references of HTML 4 that catalogues use: Latin-1 in order of its code points, and typography.
  private static let named: [String: Unicode.Scalar] = {
    var names: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "bull": "•", "hellip": "…", "ndash": "–",
      "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "lsaquo": "‹",
      "rsaquo": "›", "euro": "€", "trade": "™", "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ",
      "dagger": "†", "permil": "‰", "prime": "′", "Prime": "″", "minus": "−", "le": "≤", "ge": "≥", "ne": "≠",
      "asymp": "≈", "rarr": "→", "larr": "←", "infin": "∞", "ensp": " ", "emsp": " ", "thinsp": " ",
      "zwj": "\u{200D}", "zwnj": "\u{200C}", "omega": "ω", "Omega": "Ω", "mu": "μ", "alpha": "α", "beta": "β",
    ]
    let latin =
      """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
      para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
      Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
      Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
      igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
      thorn yuml
      """
    for (index, name) in latin.split(separator: " ").enumerated() {
      names[String(name)] = Unicode.Scalar(UInt8(0xA0 + index))
    }
    return names
  }()
}

/// A tag or comment in HTML text.
private struct Tag {
  let name: String
  let closes: Bool
  /// The offset behind its `>`.
  let end: Int

  init?(in text: UnsafeBufferPointer<UInt8>, at open: Int) {
    var index = open + 1
    guard index < text.count else { return nil }
    if text[index...].starts(with: "!--".utf8) {
      var close = index + 3
      while close + 2 < text.count, !text[close...].starts(with: "-->".utf8) { close += 1 }
      guard close + 2 < text.count else { return nil }
      (name, closes, end) = ("!", false, close + 3)
      return
    }
    closes = text[index] == UInt8(ascii: "/")
    if closes || text[index] == UInt8(ascii: "!") { index += 1 }
    let start = index
    while index < text.count, isNameByte(text[index]) { index += 1 }
    guard index > start, text[start] > UInt8(ascii: "9") else { return nil }
    name = String(decoding: text[start..<index], as: UTF8.self).lowercased()
    // Attribute values may hold a `>` between quotes.
    var quote: UInt8?
    while index < text.count {
      let byte = text[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        end = index + 1
        return
      } else if byte == UInt8(ascii: "<") {
        return nil
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), text[index - 1] == UInt8(ascii: "=") {
        quote = byte
      }
      index += 1
    }
    return nil
  }

  var hidesContent: Bool { name == "script" || name == "style" }

  var breaksLine: Bool { Self.blocks.contains(name) }

  private static let blocks: Set<String> = [
    "br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "dt", "dd",
    "section", "article", "blockquote", "pre",
  ]
}

private func isNameByte(_ byte: UInt8) -> Bool {
  97...122 ~= byte | 0x20 || 48...57 ~= byte || byte == UInt8(ascii: "-")
}
