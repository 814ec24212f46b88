/// Writing text so that it means itself where it lands.
enum Escaping {
  /// For each byte whether HTML and XML have a reference for it; lives as long as the process, never written again.
  nonisolated(unsafe) private static let markup: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for byte in "&<>\"'".utf8 { table[Int(byte)] = 1 }
    return UnsafePointer(table)
  }()

  /// `& < > " '` as references; runs without them are copied whole.
  static func html(_ text: Bytes, into out: inout ByteBuffer) {
    guard let start = text.baseAddress else { return }
    let table = markup
    var from = 0
    var at = 0
    while at < text.count {
      if table[Int(start[at])] == 0 {
        at &+= 1
        continue
      }
      out.append(start + from, at - from)
      switch start[at] {
      case UInt8(ascii: "&"): out.append("&amp;")
      case UInt8(ascii: "<"): out.append("&lt;")
      case UInt8(ascii: ">"): out.append("&gt;")
      case UInt8(ascii: "\""): out.append("&quot;")
      default: out.append("&#39;")
      }
      at &+= 1
      from = at
    }
    out.append(start + from, at - from)
  }

  static func write(_ text: Bytes, for kind: OutputKind, into out: inout ByteBuffer) {
    switch kind {
    case .text: out.append(text)
    case .html: html(text, into: &out)
    case .xml: xml(text, into: &out)
    case .json: json(text, into: &out)
    case .url: url(text, space: "%20", into: &out)
    case .subject: oneLine(text, into: &out)
    }
  }

  /// As HTML, without the control characters that XML 1.0 cannot hold.
  private static func xml(_ text: Bytes, into out: inout ByteBuffer) {
    let isAllowed = { (byte: UInt8) in byte >= 0x20 || byte == 9 || byte == 10 || byte == 13 }
    if text.allSatisfy(isAllowed) { return html(text, into: &out) }
    text.filter(isAllowed).withUnsafeBufferPointer { html($0, into: &out) }
  }

  /// The inside of a JSON string; `<`, `>`, `&` and `'` too, so that it may stand in a script or an attribute.
  static func json(_ text: Bytes, into out: inout ByteBuffer) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""): out.append("\\\"")
      case UInt8(ascii: "\\"): out.append("\\\\")
      case 10: out.append("\\n")
      case 13: out.append("\\r")
      case 9: out.append("\\t")
      case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "'"), 0x7F:
        out.append("\\u00")
        hex(byte, into: &out, digits: lowerDigits)
      default: out.append(byte)
      }
    }
  }

  /// Percent-encoding; letters, digits and `-_.` stay, and `~` as in Ruby's `CGI.escape`.
  static func url(_ text: Bytes, space: StaticString, into out: inout ByteBuffer) {
    for byte in text {
      if isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~") {
        out.append(byte)
      } else if byte == 0x20 {
        out.append(space)
      } else {
        out.append(UInt8(ascii: "%"))
        hex(byte, into: &out, digits: upperDigits)
      }
    }
  }

  /// Runs of white space and control characters as one space.
  private static func oneLine(_ text: Bytes, into out: inout ByteBuffer) {
    var isPending = false
    for byte in text {
      if byte <= 0x20 || byte == 0x7F {
        isPending = true
        continue
      }
      if isPending { out.append(UInt8(ascii: " ")) }
      isPending = false
      out.append(byte)
    }
    if isPending { out.append(UInt8(ascii: " ")) }
  }

  private static let upperDigits: StaticString = "0123456789ABCDEF"
  private static let lowerDigits: StaticString = "0123456789abcdef"

  private static func hex(_ byte: UInt8, into out: inout ByteBuffer, digits: StaticString) {
    out.append(digits.utf8Start[Int(byte >> 4)])
    out.append(digits.utf8Start[Int(byte & 15)])
  }

  /// A text as Ruby's `inspect` shows it.
  static func ruby(_ text: Bytes, into out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    var characters = text.string.unicodeScalars.makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      switch character {
      case "\"": out.append("\\\"")
      case "\\": out.append("\\\\")
      case "\n": out.append("\\n")
      case "\r": out.append("\\r")
      case "\t": out.append("\\t")
      case "\u{0B}": out.append("\\v")
      case "\u{0C}": out.append("\\f")
      case "\u{08}": out.append("\\b")
      case "\u{07}": out.append("\\a")
      case "\u{1B}": out.append("\\e")
      case "#" where next == "{" || next == "$" || next == "@": out.append("\\#")
      default:
        if isPrintable(character) { out.append(character) } else { rubyCode(character, into: &out) }
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func isPrintable(_ character: Unicode.Scalar) -> Bool {
    switch character.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate: false
    default: true
    }
  }

  private static func rubyCode(_ character: Unicode.Scalar, into out: inout ByteBuffer) {
    let code = String(character.value, radix: 16, uppercase: true)
    if character.value > 0xFFFF { return out.append("\\u{\(code)}") }
    out.append("\\u" + String(repeating: "0", count: 4 - code.count) + code)
  }
}
