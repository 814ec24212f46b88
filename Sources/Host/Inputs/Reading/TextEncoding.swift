/// How an input writes its text down.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8; bytes that are not UTF-8 are rejected where this is stated, and read as Windows-1252 where it is guessed.
  case utf8 = "utf-8"
  /// UTF-16, low byte first.
  case utf16LittleEndian = "utf-16le"
  /// UTF-16, high byte first.
  case utf16BigEndian = "utf-16be"
  /// Windows-1252, which holds all of Latin-1's letters.
  case windows1252 = "windows-1252"

  /// The encoding that the first bytes of a file show, and how many of them are a byte order mark.
  ///
  /// Without a mark, UTF-16 shows by its zero bytes, and bytes that are not UTF-8 are taken for Windows-1252.
  static func guess(from head: UnsafeBufferPointer<UInt8>) -> (encoding: TextEncoding, markLength: Int) {
    if head.count >= 3, head[0] == 0xEF, head[1] == 0xBB, head[2] == 0xBF { return (.utf8, 3) }
    if head.count >= 2 {
      if head[0] == 0xFF, head[1] == 0xFE { return (.utf16LittleEndian, 2) }
      if head[0] == 0xFE, head[1] == 0xFF { return (.utf16BigEndian, 2) }
    }
    var zeros = (even: 0, odd: 0)
    let pairs = min(head.count, 4096) / 2
    for pair in 0..<pairs {
      if head[pair * 2] == 0 { zeros.even += 1 }
      if head[pair * 2 + 1] == 0 { zeros.odd += 1 }
    }
    if pairs >= 2 {
      if zeros.odd * 10 >= pairs * 4, zeros.even * 10 <= pairs { return (.utf16LittleEndian, 0) }
      if zeros.even * 10 >= pairs * 4, zeros.odd * 10 <= pairs { return (.utf16BigEndian, 0) }
    }
    return (strayBytesPrevail(in: head) ? .windows1252 : .utf8, 0)
  }

  /// Whether more bytes are no UTF-8 than there are characters of several bytes.
  private static func strayBytesPrevail(in head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = head.baseAddress else { return false }
    var balance = 0
    var index = 0
    // The last three bytes may be the beginning of a character that the head cuts.
    while index + 3 < head.count {
      let length = head[index] < 0x80 ? 1 : UTF8Check.characterLength(start + index, remaining: head.count - index)
      if head[index] >= 0x80 { balance += length == 0 ? 1 : -1 }
      index += max(length, 1)
    }
    return balance > 0
  }
}

/// Turns UTF-16 into UTF-8, block by block; lone surrogates become U+FFFD.
struct UTF16Decoder {
  let bigEndian: Bool
  private var oddByte: UInt8?
  private var high: UInt16?

  init(bigEndian: Bool) { self.bigEndian = bigEndian }

  mutating func decode(_ input: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
    var index = 0
    if let first = oddByte, let second = input.first {
      oddByte = nil
      index = 1
      add(unit(first, second), to: &output)
    }
    while index + 1 < input.count {
      add(unit(input[index], input[index + 1]), to: &output)
      index += 2
    }
    if index < input.count { oddByte = input[index] }
  }

  /// Writes out what waits for a second half that will not come.
  mutating func finish(into output: inout ByteBuffer) {
    if high != nil || oddByte != nil { output.append(scalar: "\u{FFFD}") }
    high = nil
    oddByte = nil
  }

  private func unit(_ first: UInt8, _ second: UInt8) -> UInt16 {
    bigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
  }

  private mutating func add(_ unit: UInt16, to output: inout ByteBuffer) {
    if let lead = high {
      high = nil
      if 0xDC00..<0xE000 ~= unit {
        let value = 0x10000 + (UInt32(lead) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
        return output.append(scalar: Unicode.Scalar(value) ?? "\u{FFFD}")
      }
      output.append(scalar: "\u{FFFD}")
    }
    if unit < 0x80 {
      output.append(UInt8(unit))
    } else if 0xD800..<0xDC00 ~= unit {
      high = unit
    } else {
      output.append(scalar: Unicode.Scalar(unit) ?? "\u{FFFD}")
    }
  }
}
