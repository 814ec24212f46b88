import Markup

/// A property of CSS with its value.
struct Declaration: Equatable {
  /// In lower case.
  var name: [UInt8]
  /// As it was written, blanks at the ends and `!important` taken off.
  var value: [UInt8]
  var isImportant: Bool

  /// The declarations of a block or a `style` attribute, in their order.
  static func list(_ css: Bytes) -> [Declaration] {
    var result: [Declaration] = []
    var start = 0
    var quote: UInt8?
    var depth = 0
    for index in 0...css.count {
      let byte = index < css.count ? css[index] : UInt8(ascii: ";")
      if index < css.count {
        if let open = quote {
          if byte == open { quote = nil }
          continue
        }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        if byte != UInt8(ascii: ";") || depth > 0 { continue }
      }
      if let declaration = Declaration(Bytes(rebasing: css[start..<index]).trimmed) { result.append(declaration) }
      start = index + 1
    }
    return result
  }

  private init?(_ css: Bytes) {
    guard let colon = css.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = Bytes(rebasing: css[..<colon]).trimmed
    var value = Bytes(rebasing: css[(colon + 1)...]).trimmed
    isImportant = false
    if let mark = value.lastIndex(of: UInt8(ascii: "!")) {
      let word = Bytes(rebasing: value[(mark + 1)...]).trimmed
      if word.equalsIgnoringCase(0..<word.count, "important") {
        isImportant = true
        value = Bytes(rebasing: value[..<mark]).trimmed
      }
    }
    if name.isEmpty || value.isEmpty { return nil }
    self.name = name.map(\.lowered)
    self.value = Array(value)
  }

  /// What is left of declarations when the later ones of a name win, and important ones over all others.
  static func cascade(_ groups: [[Declaration]]) -> [Declaration] {
    var result: [Declaration] = []
    for important in [false, true] {
      for declaration in groups.joined() where declaration.isImportant == important {
        result.removeAll { $0.name == declaration.name }
        result.append(declaration)
      }
    }
    return result
  }

  /// Writes declarations as the value of a double-quoted attribute.
  static func append(_ list: [Declaration], to output: inout [UInt8]) {
    for (index, declaration) in list.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ";")) }
      output.append(contentsOf: declaration.name)
      output.append(UInt8(ascii: ":"))
      let canQuote = !declaration.value.contains(UInt8(ascii: "'"))
      for byte in declaration.value {
        switch byte {
        // Either quote means the same in CSS; this one needs no escape here.
        case UInt8(ascii: "\""): output.append(raw: canQuote ? "'" : "&quot;" as StaticString)
        case UInt8(ascii: "&"): output.append(raw: "&amp;" as StaticString)
        case UInt8(ascii: "<"): output.append(raw: "&lt;" as StaticString)
        case 0x0A, 0x0D, 0x09: output.append(0x20)
        default: output.append(byte)
        }
      }
    }
  }
}
