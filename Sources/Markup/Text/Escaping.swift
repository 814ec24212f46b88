/// How text is written so that it stays inert text in the place where it lands.
///
/// Text is bytes that should be UTF-8. Runs that need no care are copied in bulk. Except in URLs, where bytes are
/// percent-encoded as they are, each ill-formed sequence becomes U+FFFD.
public enum Escaping: Int, Sendable, CaseIterable {
  /// Content of an HTML element: `&`, `<`, `>`. Control characters that HTML forbids are dropped, noncharacters
  /// become U+FFFD.
  case htmlText
  /// A quoted HTML attribute: also both quotes.
  case htmlAttribute
  /// Content of an XML 1.0 element. Control characters that XML 1.0 forbids are dropped, U+FFFE and U+FFFF become
  /// U+FFFD; CR is written as a reference, so that a parser gives it back.
  case xmlText
  /// A quoted XML 1.0 attribute: also quotes, tab and LF, which a parser would turn into blanks.
  case xmlAttribute
  /// A whole CDATA section, brackets included; `]]>` is split over two. Characters as in `xmlText`, except that a
  /// parser reads CR as LF.
  case cdata
  /// The inside of a JSON string.
  case jsonString
  /// The inside of a JSON string within `<script>`: `<`, `>`, `&`, U+2028, U+2029 and whatever HTML forbids are escaped
  /// too, so that neither HTML nor XML nor old JavaScript reads anything in it.
  case scriptJSON
  /// A path of a URL: all but letters, digits, `-._~` and `/` is percent-encoded, `%` too.
  case urlPath
  /// A whole URL: only what no URL may hold is percent-encoded; sequences like `%20` stay.
  case url

  /// Appends text, escaped.
  ///
  /// - Returns: how many characters or ill-formed sequences could not be kept.
  @inlinable @discardableResult
  public func append(_ text: some UTF8Text, to output: inout [UInt8]) -> Int {
    text.withBytes { append(bytes: $0, to: &output) }
  }

  /// The text, escaped.
  @inlinable
  public func escaped(_ text: some UTF8Text) -> [UInt8] {
    var output: [UInt8] = []
    append(text, to: &output)
    return output
  }

  @usableFromInline
  func append(bytes: Bytes, to output: inout [UInt8]) -> Int {
    if self == .cdata { output.append(raw: "<![CDATA[" as StaticString) }
    let actions = EscapingTable.actions(of: self)
    var lost = 0
    var start = 0
    var index = 0
    while index < bytes.count {
      index = EscapingTable.endOfRun(in: bytes, from: index, actions: actions)
      if index == bytes.count { break }
      let byte = bytes[index]
      let action = actions[Int(byte)]
      var length = 1
      if action == EscapingTable.multibyte {
        let end = bytes.endOfCommonTriples(from: index)
        if end > index {
          index = end
          continue
        }
        let (value, width) = bytes.codePoint(at: index)
        length = width
        if let value, isPlain(value) {
          index += length
          continue
        }
        output.append(contentsOf: bytes[start..<index])
        if !appendSpecial(value, to: &output) { lost += 1 }
      } else {
        output.append(contentsOf: bytes[start..<index])
        switch action {
        case EscapingTable.drop: lost += 1
        case EscapingTable.percent: Self.appendPercent(byte, to: &output)
        case EscapingTable.percentSign:
          let isSequence = index + 2 < bytes.count && bytes[index + 1].isHexDigit && bytes[index + 2].isHexDigit
          if isSequence { output.append(byte) } else { Self.appendPercent(byte, to: &output) }
        case EscapingTable.unicode: Self.appendUnicodeEscape(UInt32(byte), to: &output)
        case EscapingTable.sectionEnd:
          // What was written counts, not what was read: a dropped character may bring brackets together.
          if output.suffix(2).elementsEqual("]]".utf8) {
            output.append(raw: "]]><![CDATA[" as StaticString)
          }
          output.append(byte)
        default: output.append(raw: EscapingTable.replacements[Int(action - EscapingTable.firstReplacement)])
        }
      }
      index += length
      start = index
    }
    output.append(contentsOf: bytes[start..<index])
    if self == .cdata { output.append(raw: "]]>" as StaticString) }
    return lost
  }

  /// Whether a code point above U+007F is copied as it is.
  @inline(__always)
  private func isPlain(_ value: UInt32) -> Bool {
    switch self {
    case .htmlText, .htmlAttribute: value >= 0xA0 && !isNoncharacter(value)
    case .xmlText, .xmlAttribute, .cdata: value != 0xFFFE && value != 0xFFFF
    case .scriptJSON: value >= 0xA0 && !isNoncharacter(value) && value != 0x2028 && value != 0x2029
    case .jsonString, .urlPath, .url: true
    }
  }

  /// Writes a code point that is not plain, or an ill-formed sequence; tells whether a reader gets it back.
  private func appendSpecial(_ value: UInt32?, to output: inout [UInt8]) -> Bool {
    if let value, self == .scriptJSON {
      for unit in String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf16 {
        Self.appendUnicodeEscape(UInt32(unit), to: &output)
      }
      return true
    }
    // A C1 control character in HTML is dropped; everything else that comes here is replaced.
    if let value, value < 0xA0 { return false }
    output.append(raw: "\u{FFFD}" as StaticString)
    return false
  }

  private func isNoncharacter(_ value: UInt32) -> Bool {
    value & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= value
  }

  private static func appendPercent(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "%"))
    output.append(hexDigit(UInt32(byte) >> 4, letters: UInt8(ascii: "A")))
    output.append(hexDigit(UInt32(byte), letters: UInt8(ascii: "A")))
  }

  private static func appendUnicodeEscape(_ value: UInt32, to output: inout [UInt8]) {
    output.append(raw: "\\u" as StaticString)
    for shift: UInt32 in [12, 8, 4, 0] { output.append(hexDigit(value >> shift, letters: UInt8(ascii: "a"))) }
  }

  private static func hexDigit(_ value: UInt32, letters: UInt8) -> UInt8 {
    let digit = UInt8(value & 15)
    return digit < 10 ? 48 + digit : letters + digit - 10
  }
}

extension UInt8 {
  /// Whether the byte is a hexadecimal digit of ASCII.
  var isHexDigit: Bool { self &- 48 < 10 || (self | 0x20) &- 97 < 6 }
}
