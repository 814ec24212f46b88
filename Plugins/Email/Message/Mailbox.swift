import Markup

/// An address that a message comes from or goes to, with the name that people read (RFC 5322, section 3.4).
struct Mailbox {
  let name: String
  let address: String

  /// Reads `anna@shop.example` or `Anna <anna@shop.example>`; nil where there is no address that any server would take.
  ///
  /// Addresses are ASCII: a part behind the `@` that is not has to be given in its encoded form (RFC 5891).
  init?(_ text: String) {
    let text = text.onOneLine
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      var name = text[..<open].onOneLine
      if name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
      self.name = name.replacing("\\\"", with: "\"").replacing("\"", with: "'")
      address = String(text[text.index(after: open)...].dropLast())
    } else {
      name = ""
      address = text
    }
    let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, address.utf8.count <= 254, 1...64 ~= parts[0].count else { return nil }
    let isLocal = parts[0].allSatisfy { $0.isLetter || $0 &- 48 < 10 || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isDomain = labels.allSatisfy { label in
      1...63 ~= label.count && label.allSatisfy { $0.isLetter || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") }
    }
    let isDotted = parts[0].first == UInt8(ascii: ".") || parts[0].last == UInt8(ascii: ".")
    // What looks like an encoded word is read as one.
    guard isLocal, isDomain, !isDotted, !address.contains(".."), !address.contains("=?") else { return nil }
  }

  /// The part behind the `@`.
  var domain: Substring { address[address.index(after: address.firstIndex(of: "@") ?? address.startIndex)...] }

  /// How a header writes it, at a place of its line.
  func appendHeader(to output: inout [UInt8], column: Int) {
    if name.isEmpty {
      output.append(raw: address)
      return
    }
    let isPlain = name.utf8.allSatisfy { $0.isLetter || $0 &- 48 < 10 || " -_".utf8.contains($0) }
    let isQuotable = name.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\\") } && !name.contains("=?")
    if isQuotable, name.utf8.count < 60 {
      output.append(raw: isPlain ? name : "\"\(name)\"")
    } else {
      // Bare, its commas and brackets would be read as further addresses.
      EncodedWord.appendWords(name, to: &output, column: column)
    }
    output.append(raw: name.utf8.count + address.utf8.count > 50 ? "\r\n <" : " <" as StaticString)
    output.append(raw: address)
    output.append(UInt8(ascii: ">"))
  }
}

extension StringProtocol {
  /// The text on one line: runs of blanks, line breaks and control characters are one blank, none at the ends.
  var onOneLine: String {
    let isBlank: (Unicode.Scalar) -> Bool = {
      $0.value <= 0x20 || 0x7F...0xA0 ~= $0.value || 0x2028...0x2029 ~= $0.value
    }
    var line = String.UnicodeScalarView()
    for word in unicodeScalars.split(whereSeparator: isBlank) {
      if !line.isEmpty { line.append(" ") }
      line.append(contentsOf: word)
    }
    return String(line)
  }
}
