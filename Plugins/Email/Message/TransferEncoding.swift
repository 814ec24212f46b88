import Markup

/// How the bytes of a part travel (RFC 2045, section 6).
enum TransferEncoding: String {
  case quotedPrintable = "quoted-printable"
  case base64 = "base64"

  /// The shorter of the two; a mostly Latin text stays readable.
  init(for content: [UInt8]) {
    let encoded = content.count { $0 >= 0x80 || $0 == UInt8(ascii: "=") }
    self = encoded * 6 > content.count ? .base64 : .quotedPrintable
  }

  /// Appends content with its line breaks as CR LF.
  func append(_ content: [UInt8], to output: inout [UInt8]) {
    switch self {
    case .quotedPrintable: QuotedPrintable.append(content, to: &output)
    case .base64:
      var withBreaks: [UInt8] = []
      withBreaks.reserveCapacity(content.count + content.count / 32)
      for byte in content {
        if byte == 0x0D { continue }
        if byte == 0x0A { withBreaks.append(0x0D) }
        withBreaks.append(byte)
      }
      Base64Text.append(withBreaks, to: &output, lineLength: 76)
    }
  }
}

/// Quoted-printable (RFC 2045, section 6.7).
enum QuotedPrintable {
  private static let digits = Array("0123456789ABCDEF".utf8)

  static func append(_ content: [UInt8], to output: inout [UInt8]) {
    var column = 0
    for (index, byte) in content.enumerated() {
      if byte == 0x0D { continue }
      if byte == 0x0A {
        output.append(raw: "\r\n" as StaticString)
        column = 0
        continue
      }
      let next = index + 1 < content.count ? content[index + 1] : 0x0A
      let endsLine = next == 0x0A || next == 0x0D
      // A blank at the end of a line would be lost; a dot or "From" at its start upsets some servers.
      let isOdd = (byte == 0x20 || byte == 0x09) && endsLine || column == 0 && (byte == 0x2E || byte == 0x46)
      let isPlain = (0x21...0x7E ~= byte || byte == 0x20 || byte == 0x09) && byte != UInt8(ascii: "=") && !isOdd
      let width = isPlain ? 1 : 3
      if column + width > (endsLine ? 76 : 75) {
        output.append(raw: "=\r\n" as StaticString)
        column = 0
      }
      column += width
      if isPlain {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "="))
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      }
    }
  }
}
