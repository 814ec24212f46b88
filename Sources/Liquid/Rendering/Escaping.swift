/// Writing text so that it means itself where it lands.
enum Escaping {
  /// For each byte 1 where HTML and XML have a reference for it, 2 where a character begins with it that they may forbid;
  /// lives as long as the process, never written again.
  nonisolated(unsafe) private static let table: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for byte in "&<>\"'".utf8 { table[Int(byte)] = 1 }
    for byte in 0..<0x20 where byte != 9 && byte != 10 && byte != 13 { table[byte] = 2 }
    for byte in [0x7F, 0xC2, 0xEF, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4] { table[byte] = 2 }
    return UnsafePointer(table)
  }()

  /// `& < > " '` as references; runs without them are copied whole.
  static func html(_ text: Bytes, into out: inout ByteBuffer) { references(text, dropsForbidden: false, into: &out) }

  /// As `html`, without the characters that pages and XML may not hold.
  static func markup(_ text: Bytes, into out: inout ByteBuffer) { references(text, dropsForbidden: true, into: &out) }

  @inline(__always)
  private static func references(_ text: Bytes, dropsForbidden: Bool, into out: inout ByteBuffer) {
    guard let start = text.baseAddress else { return }
    let table = table
    var from = 0
    var at = 0
    while at < text.count {
      let sort = table[Int(start[at])]
      if sort == 0 || (sort == 2 && !dropsForbidden) {
        at &+= 1
        continue
      }
      var length = 1
      if sort == 2 {
        length = forbiddenLength(text, at)
        if length == 0 {
          at &+= 1
          continue
        }
      }
      out.append(start + from, at - from)
      switch start[at] {
      case UInt8(ascii: "&"): out.append("&amp;")
      case UInt8(ascii: "<"): out.append("&lt;")
      case UInt8(ascii: ">"): out.append("&gt;")
      case UInt8(ascii: "\""): out.append("&quot;")
      case UInt8(ascii: "'"): out.append("&#39;")
      default: break
      }
      at &+= length
      from = at
    }
    out.append(start + from, at - from)
  }

  static func write(_ text: Bytes, for kind: OutputKind, into out: inout ByteBuffer) {
    switch kind {
    case .text: out.append(text)
    case .html, .xml: markup(text, into: &out)
    case .json: json(text, into: &out)
    case .url: url(text, space: "%20", into: &out)
    case .subject: oneLine(text, into: &out)
    }
  }

  /// A text without control characters and noncharacters, which HTML forbids and XML in part; nil where it has none.
  ///
  /// White space stays, but for the form feed, which is none in XML.
  static func allowed(_ text: Bytes) -> [UInt8]? {
    let table = table
    guard text.contains(where: { table[Int($0)] & 2 != 0 }),
      text.indices.contains(where: { forbiddenLength(text, $0) > 0 })
    else { return nil }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      let length = forbiddenLength(text, index)
      if length == 0 { result.append(text[index]) }
      index += max(length, 1)
    }
    return result
  }

  /// How many bytes the forbidden character has that begins here; 0 where none does.
  private static func forbiddenLength(_ text: Bytes, _ index: Int) -> Int {
    let byte = text[index]
    guard table[Int(byte)] & 2 != 0 else { return 0 }
    func next(_ distance: Int) -> UInt8 { index + distance < text.count ? text[index + distance] : 0 }
    switch byte {
    case 0xC2: return 0x80...0x9F ~= next(1) ? 2 : 0
    case 0xEF:
      let isLast = next(1) == 0xBF && next(2) >= 0xBE
      return isLast || (next(1) == 0xB7 && 0x90...0xAF ~= next(2)) ? 3 : 0
    case 0xF0...0xF4: return next(1) & 0x0F == 0x0F && next(2) == 0xBF && next(3) >= 0xBE ? 4 : 0
    default: return 1
    }
  }

  /// The inside of a JSON string; `<`, `>`, `&`, `'` and what no page may hold are escaped too, so that it may stand in a
  /// script or an attribute.
  static func json(_ text: Bytes, into out: inout ByteBuffer) {
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""): out.append("\\\"")
      case UInt8(ascii: "\\"): out.append("\\\\")
      case 10: out.append("\\n")
      case 13: out.append("\\r")
      case 9: out.append("\\t")
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "'"):
        unicodeEscape(UInt16(byte), into: &out)
      case 0x20...0x7E: out.append(byte)
      default:
        let length = forbiddenLength(text, index)
        if length > 0 {
          for unit in text.part(index..<index + length).string.utf16 { unicodeEscape(unit, into: &out) }
          index += length
          continue
        }
        out.append(byte)
      }
      index += 1
    }
  }

  private static func unicodeEscape(_ unit: UInt16, into out: inout ByteBuffer) {
    out.append("\\u")
    hex(UInt8(unit >> 8), into: &out, digits: lowerDigits)
    hex(UInt8(unit & 0xFF), into: &out, digits: lowerDigits)
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
    case .control: character == "\u{85}"
    case .lineSeparator, .paragraphSeparator, .unassigned, .surrogate: false
    default: true
    }
  }

  private static func rubyCode(_ character: Unicode.Scalar, into out: inout ByteBuffer) {
    let code = String(character.value, radix: 16, uppercase: true)
    if character.value > 0xFFFF { return out.append("\\u{\(code)}") }
    out.append("\\u" + String(repeating: "0", count: 4 - code.count) + code)
  }
}
