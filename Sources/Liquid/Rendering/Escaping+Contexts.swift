/// Escaping for the places in HTML where references are not enough.
extension Escaping {
  /// Writes a text for its place; one that is escaped for HTML already keeps its references.
  static func write(_ text: Bytes, isEscaped: Bool, in context: HTMLContext, into out: inout ByteBuffer) {
    switch context {
    case .text: if isEscaped { out.append(text) } else { html(text, into: &out) }
    case .bare, .unquoted: bare(text, kept: isEscaped ? "&#;" : "", into: &out)
    case .script: script(text, into: &out)
    case .style: style(text, into: &out)
    case .handler:
      var program = ByteBuffer()
      script(text, into: &program)
      // Spaces too, as there may be no quotes around it.
      bare(program.bytes, kept: "", into: &out)
    case .url, .unquotedURL:
      let start = schemeStart(in: out.bytes, isQuoted: context == .url)
      if hasSafeScheme(text, isEscaped: isEscaped, after: start) {
        address(text, isEscaped: isEscaped, in: context == .url ? .text : .unquoted, into: &out)
      } else {
        out.append(UInt8(ascii: "#"))
      }
    }
  }

  /// Writes a URL with `%20` for the blanks inside it, which no URL may hold; all else is left to who made it.
  private static func address(_ text: Bytes, isEscaped: Bool, in context: HTMLContext, into out: inout ByteBuffer) {
    var from = 0
    let last = text.lastIndex { $0 != 0x20 } ?? -1
    var at = text.firstIndex { $0 != 0x20 } ?? text.count
    while at < last {
      if text[at] == 0x20 {
        write(text.part(from..<at), isEscaped: isEscaped, in: context, into: &out)
        out.append("%20")
        from = at + 1
      }
      at += 1
    }
    write(text.part(from..<text.count), isEscaped: isEscaped, in: context, into: &out)
  }

  /// What has been written of the value of an attribute; at most as much as a scheme may reasonably be long.
  private static func schemeStart(in written: Bytes, isQuoted: Bool) -> Bytes {
    var start = written.count
    while start > 0, written.count - start < 256 {
      let byte = written[start - 1]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { break }
      if !isQuoted, byte == UInt8(ascii: "=") || isSpace(byte) { break }
      start -= 1
    }
    return written.part(start..<written.count)
  }

  /// As JSON; a template literal is not left either.
  private static func script(_ text: Bytes, into out: inout ByteBuffer) {
    var from = 0
    for (index, byte) in text.enumerated() where byte == UInt8(ascii: "`") || byte == UInt8(ascii: "$") {
      json(text.part(from..<index), into: &out)
      out.append(byte == UInt8(ascii: "`") ? "\\u0060" : "\\u0024")
      from = index + 1
    }
    json(text.part(from..<text.count), into: &out)
  }

  /// Everything that could end a value without quotes becomes a reference.
  private static func bare(_ text: Bytes, kept: StaticString, into out: inout ByteBuffer) {
    let kept = Datum(kept).text
    for byte in text {
      if byte >= 0x80 || isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") || kept.contains(byte)
      {
        out.append(byte)
      } else {
        out.append("&#")
        out.append(digits: UInt64(byte))
        out.append(UInt8(ascii: ";"))
      }
    }
  }

  /// Letters, digits and what colours and sizes are made of stay; all else becomes an escape of CSS.
  private static func style(_ text: Bytes, into out: inout ByteBuffer) {
    for byte in text {
      if byte >= 0x80 || isWord(byte) || " #.,%-".utf8.contains(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "\\"))
        out.append(String(byte, radix: 16))
        out.append(UInt8(ascii: " "))
      }
    }
  }

  private static let safeSchemes: Set<String> = ["http", "https", "mailto", "tel", "sms", "ftp", "cid"]

  /// Whether a URL has no scheme, or one that runs nothing; `start` is what has been written of it before.
  private static func hasSafeScheme(_ text: Bytes, isEscaped: Bool, after start: Bytes) -> Bool {
    var scheme = ""
    for (part, isEscaped) in [(start, true), (text, isEscaped)] {
      for (index, byte) in part.enumerated() {
        // Browsers pass over white space and control characters.
        if byte <= 0x20 { continue }
        // Any other reference than the five of `escape` may stand for a letter, for a colon, for nothing.
        if isEscaped, byte == UInt8(ascii: "&"), !isPlainReference(part.part(index..<part.count)) { return false }
        if byte == UInt8(ascii: ":") { return safeSchemes.contains(scheme.lowercased()) }
        if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return true }
        if scheme.utf8.count <= 64 { scheme.unicodeScalars.append(Unicode.Scalar(byte)) }
      }
    }
    return true
  }

  private static func isPlainReference(_ text: Bytes) -> Bool {
    let references: [StaticString] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
    return references.contains { text.starts(with: $0) }
  }
}
