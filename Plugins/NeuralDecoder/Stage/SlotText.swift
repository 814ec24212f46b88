import PluginAPI

/// Texts with `{slots}` and their values.
enum SlotText {
  /// The names whose values are not empty.
  static func names(_ slots: Value) -> [String] {
    (0..<slots.count).filter { !slots[$0].utf8.isEmpty }.map { String(decoding: slots.key(at: $0), as: UTF8.self) }
  }

  /// The text with each `{name}` replaced by its value.
  static func filled(_ text: [UInt8], _ slots: Value) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "{")), let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      result += rest[..<open]
      rest[(open + 1)..<close].withUnsafeBufferPointer { result += slots[$0].utf8 }
      rest = rest[(close + 1)...]
    }
    return result + rest
  }

  /// The text without blanks at its ends.
  static func trimmed(_ text: [UInt8]) -> String {
    guard let first = text.firstIndex(where: { $0 > 0x20 }), let last = text.lastIndex(where: { $0 > 0x20 }) else {
      return ""
    }
    return String(decoding: text[first...last], as: UTF8.self)
  }
}
