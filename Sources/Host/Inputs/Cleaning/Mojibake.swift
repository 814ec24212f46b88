/// UTF-8 that was once read as Windows-1252 and written down again: "Â£40" for "£40".
enum Mojibake {
  /// Copies text with such sequences undone and returns whether there was one.
  static func repair(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
    var found = false
    var index = 0
    while index < text.count {
      // The first byte of a sequence was a letter from Â (U+00C2) to ô (U+00F4): C3 82 ... C3 B4.
      guard text[index] == 0xC3, let (bytes, length) = original(in: text, at: index) else {
        output.append(text[index])
        index += 1
        continue
      }
      bytes.withUnsafeBufferPointer { output.append($0) }
      found = true
      index += length
    }
    return found
  }

  /// The bytes that the characters at an index once were, where those make one UTF-8 character; and their length now.
  private static func original(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (bytes: [UInt8], length: Int)? {
    var bytes: [UInt8] = []
    var index = start
    while index < text.count, bytes.count < 4 {
      guard let (scalar, length) = scalar(in: text, at: index), let byte = Windows1252.byte(scalar),
        bytes.isEmpty ? 0xC2...0xF4 ~= byte : byte & 0xC0 == 0x80
      else { return nil }
      bytes.append(byte)
      index += length
      if bytes.count > 1, bytes.withUnsafeBufferPointer({ UTF8Check.isValid($0) }) { return (bytes, index - start) }
    }
    return nil
  }

  private static func scalar(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, Int)? {
    guard let start = text.baseAddress, text[index] > 0x7F else { return nil }
    let length = UTF8Check.characterLength(start + index, remaining: text.count - index)
    let bytes = UnsafeBufferPointer(start: start + index, count: length)
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.first.map { ($0, length) }
  }
}
