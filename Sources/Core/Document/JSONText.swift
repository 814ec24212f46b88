extension [UInt8] {
  /// Appends a value as compact JSON; missing becomes null.
  ///
  /// Numbers keep their source text.
  public mutating func appendJSON(_ value: Value) {
    switch value.kind {
    case .missing, .null: append(contentsOf: "null".utf8)
    case .boolean: append(contentsOf: (value.bool == true ? "true" : "false").utf8)
    case .integer, .double: append(contentsOf: value.text)
    case .string: appendJSONString(value.text)
    case .array:
      append(UInt8(ascii: "["))
      for index in 0..<value.count {
        if index > 0 { append(UInt8(ascii: ",")) }
        appendJSON(value[index])
      }
      append(UInt8(ascii: "]"))
    case .object:
      append(UInt8(ascii: "{"))
      for index in 0..<value.count {
        if index > 0 { append(UInt8(ascii: ",")) }
        appendJSONString(value.key(at: index))
        append(UInt8(ascii: ":"))
        appendJSON(value[index])
      }
      append(UInt8(ascii: "}"))
    }
  }

  /// Appends text as a JSON string; it must be valid UTF-8.
  public mutating func appendJSONString(_ text: UnsafeBufferPointer<UInt8>) {
    append(UInt8(ascii: "\""))
    var start = 0
    for (at, byte) in text.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<at]))
      start = at + 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
      case UInt8(ascii: "\n"): append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\t"): append(contentsOf: "\\t".utf8)
      default:
        append(contentsOf: "\\u00".utf8)
        append(contentsOf: (byte < 16 ? "0" : "").utf8)
        append(contentsOf: String(byte, radix: 16).utf8)
      }
    }
    append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    append(UInt8(ascii: "\""))
  }
}

extension Value {
  /// The value as compact JSON.
  public var json: String {
    var bytes: [UInt8] = []
    bytes.appendJSON(self)
    return String(decoding: bytes, as: UTF8.self)
  }
}
