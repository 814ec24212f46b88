/// Base64 (RFC 4648, section 4).
public enum Base64Text {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Appends content, encoded.
  ///
  /// - Parameter lineLength: a multiple of four after which a line ends with CR LF; 0 for one line without an end.
  public static func append(_ content: [UInt8], to output: inout [UInt8], lineLength: Int = 0) {
    var column = 0
    var index = 0
    while index < content.count {
      let left = content.count - index
      let first = content[index]
      let second = left > 1 ? content[index + 1] : 0
      let third = left > 2 ? content[index + 2] : 0
      output.append(alphabet[Int(first >> 2)])
      output.append(alphabet[Int((first & 3) << 4 | second >> 4)])
      output.append(left > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
      output.append(left > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
      index += 3
      column += 4
      if lineLength > 0, column == lineLength || index >= content.count {
        output.append(raw: "\r\n" as StaticString)
        column = 0
      }
    }
  }
}
