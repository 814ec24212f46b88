/// What each byte of a text asks for, 256 entries for each way of escaping.
enum EscapingTable {
  static let copy: UInt8 = 0
  static let drop: UInt8 = 1
  static let multibyte: UInt8 = 2
  static let percent: UInt8 = 3
  static let percentSign: UInt8 = 4
  static let unicode: UInt8 = 5
  static let sectionEnd: UInt8 = 6
  /// This and above name one of `replacements`.
  static let firstReplacement: UInt8 = 8

  static let replacements: [StaticString] = [
    "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#9;", "&#10;", "&#13;", "\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r",
    "\\t", "\\u003c", "\\u003e", "\\u0026",
  ]

  static func actions(of escaping: Escaping) -> UnsafePointer<UInt8> { tables + escaping.rawValue * 256 }

  /// The index of the first byte that asks for anything but to be copied, or the end.
  @inline(__always)
  static func endOfRun(in bytes: Bytes, from start: Int, actions: UnsafePointer<UInt8>) -> Int {
    guard let base = bytes.baseAddress else { return start }
    var index = start
    // Eight at a time; every index stays below count.
    while index + 8 <= bytes.count {
      let at = base + index
      let first = actions[Int(at[0])] | actions[Int(at[1])] | actions[Int(at[2])] | actions[Int(at[3])]
      let second = actions[Int(at[4])] | actions[Int(at[5])] | actions[Int(at[6])] | actions[Int(at[7])]
      if first | second != copy { break }
      index += 8
    }
    while index < bytes.count, actions[Int(base[index])] == copy { index += 1 }
    return index
  }

  /// Made once, never freed, never written after.
  nonisolated(unsafe) private static let tables: UnsafePointer<UInt8> = {
    let tables = UnsafeMutablePointer<UInt8>.allocate(capacity: Escaping.allCases.count * 256)
    tables.initialize(repeating: copy, count: Escaping.allCases.count * 256)
    for escaping in Escaping.allCases {
      let table = tables + escaping.rawValue * 256
      for byte in UInt8.min...UInt8.max { table[Int(byte)] = action(for: byte, in: escaping) }
    }
    return UnsafePointer(tables)
  }()

  private static func action(for byte: UInt8, in escaping: Escaping) -> UInt8 {
    let isURL = escaping == .url || escaping == .urlPath
    if byte >= 0x80 { return isURL ? percent : multibyte }
    switch escaping {
    case .htmlText, .htmlAttribute:
      if byte == 0x7F || byte < 0x20 && !"\t\n\u{C}\r".utf8.contains(byte) { return drop }
      let quotes: [UInt8: StaticString] = ["\"": "&quot;", "'": "&#39;"].keyedByByte
      if escaping == .htmlAttribute, let quote = quotes[byte] { return replacement(quote) }
      return markup(byte)
    case .xmlText, .xmlAttribute, .cdata:
      if byte < 0x20, !"\t\n\r".utf8.contains(byte) { return drop }
      if escaping == .cdata { return byte == UInt8(ascii: ">") ? sectionEnd : copy }
      if byte == UInt8(ascii: "\r") { return replacement("&#13;") }
      let quotes: [UInt8: StaticString] = ["\"": "&quot;", "\t": "&#9;", "\n": "&#10;"].keyedByByte
      if escaping == .xmlAttribute, let quote = quotes[byte] { return replacement(quote) }
      return markup(byte)
    case .jsonString, .scriptJSON:
      let short: [UInt8: StaticString] = [
        "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
      ].keyedByByte
      let inScript: [UInt8: StaticString] = ["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"].keyedByByte
      if let escape = short[byte] { return replacement(escape) }
      if escaping == .scriptJSON, let escape = inScript[byte] { return replacement(escape) }
      return byte < 0x20 || byte == 0x7F && escaping == .scriptJSON ? unicode : copy
    case .urlPath:
      let isUnreserved = byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || "-._~/".utf8.contains(byte)
      return isUnreserved ? copy : percent
    case .url:
      if byte == UInt8(ascii: "%") { return percentSign }
      return byte <= 0x20 || byte == 0x7F || "\"<>\\^`{|}".utf8.contains(byte) ? percent : copy
    }
  }

  private static func markup(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "&"): replacement("&amp;")
    case UInt8(ascii: "<"): replacement("&lt;")
    case UInt8(ascii: ">"): replacement("&gt;")
    default: copy
    }
  }

  private static func replacement(_ text: StaticString) -> UInt8 {
    guard let index = replacements.firstIndex(where: { "\($0)" == "\(text)" }) else {
      preconditionFailure("'\(text)' is not among the replacements")
    }
    return firstReplacement + UInt8(index)
  }
}

extension [Unicode.Scalar: StaticString] {
  fileprivate var keyedByByte: [UInt8: StaticString] {
    Dictionary<UInt8, StaticString>(uniqueKeysWithValues: map { (UInt8($0.key.value), $0.value) })
  }
}
