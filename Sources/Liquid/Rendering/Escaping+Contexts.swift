/// Escaping for the places in HTML where references are not enough.
extension Escaping {
  static func write(_ text: Bytes, in context: HTMLContext, into out: inout ByteBuffer) {
    switch context {
    case .text: html(text, into: &out)
    case .bare: bare(text, into: &out)
    case .script: json(text, into: &out)
    case .style: style(text, into: &out)
    case .url: if hasSafeScheme(text) { html(text, into: &out) } else { out.append(UInt8(ascii: "#")) }
    }
  }

  /// Everything that could end a value without quotes becomes a reference.
  private static func bare(_ text: Bytes, into out: inout ByteBuffer) {
    for byte in text {
      if byte >= 0x80 || isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",")
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

  /// Whether a URL has no scheme, or one that runs nothing.
  static func hasSafeScheme(_ text: Bytes) -> Bool {
    var scheme = ""
    for byte in text {
      // Browsers pass over white space and control characters.
      if byte <= 0x20 { continue }
      if byte == UInt8(ascii: ":") { return safeSchemes.contains(scheme.lowercased()) }
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { return true }
      scheme.unicodeScalars.append(Unicode.Scalar(byte))
      if scheme.utf8.count > 64 { return true }
    }
    return true
  }
}
