/// Ruby's way of writing a hash, as exports leave it in cells: `{"key"=>"value", "none"=>nil}`.
enum HashNotation {
  /// Copies text with `=>` as `:` and `nil` as `null` outside strings and returns whether there was an arrow.
  static func rewrite(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
    var found = false
    var inString = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\""), index == 0 || text[index - 1] != UInt8(ascii: "\\") { inString.toggle() }
      if !inString, text[index...].starts(with: "=>".utf8) {
        output.append(":")
        found = true
        index += 2
      } else if !inString, text[index...].starts(with: "nil".utf8) {
        output.append("null")
        index += 3
      } else {
        output.append(byte)
        index += 1
      }
    }
    return found
  }
}
