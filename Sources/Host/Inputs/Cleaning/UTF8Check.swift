/// Questions about text as bytes.
package enum UTF8Check {
  /// How many of the first bytes are whole UTF-8 characters (RFC 3629).
  static func validPrefix(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard let start = bytes.baseAddress else { return 0 }
    let count = bytes.count
    var index = 0
    while index < count {
      // ASCII, which most text is, 32 and 8 bytes at a time.
      let raw = UnsafeRawPointer(start)
      while index + 32 <= count {
        let words = raw.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
        if (words[0] | words[1] | words[2] | words[3]) & 0x8080_8080_8080_8080 != 0 { break }
        index += 32
      }
      while index + 8 <= count,
        raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      { index += 8 }
      // The characters up to the next run of ASCII.
      while index < count {
        let lead = start[index]
        if lead < 0x80 {
          index += 1
          if index & 7 == 0 { break }
          continue
        }
        let length = characterLength(start + index, remaining: count - index)
        if length == 0 { return index }
        index += length
      }
    }
    return index
  }

  /// Whether all of it is UTF-8.
  package static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { validPrefix(of: bytes) == bytes.count }

  /// Bytes of the well-formed character that begins with a byte above 0x7F; 0 where there is none.
  ///
  /// Source: Unicode 15, table 3-7.
  @inline(__always)
  static func characterLength(_ at: UnsafePointer<UInt8>, remaining: Int) -> Int {
    let lead = at[0]
    if lead < 0xC2 { return 0 }
    if lead < 0xE0 { return remaining >= 2 && at[1] & 0xC0 == 0x80 ? 2 : 0 }
    if lead < 0xF0 {
      guard remaining >= 3, at[1] & 0xC0 == 0x80, at[2] & 0xC0 == 0x80 else { return 0 }
      if lead == 0xE0 && at[1] < 0xA0 || lead == 0xED && at[1] > 0x9F { return 0 }
      return 3
    }
    guard lead < 0xF5, remaining >= 4, at[1] & 0xC0 == 0x80, at[2] & 0xC0 == 0x80, at[3] & 0xC0 == 0x80
    else { return 0 }
    if lead == 0xF0 && at[1] < 0x90 || lead == 0xF4 && at[1] > 0x8F { return 0 }
    return 4
  }
}

/// The code page of Western Windows, whose upper half holds Latin-1's letters.
package enum Windows1252 {
  /// What the bytes 0x80...0x9F stand for; the five without a meaning become U+FFFD.
  private static let specials: [Unicode.Scalar] = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)

  static func scalar(_ byte: UInt8) -> Unicode.Scalar {
    0x80...0x9F ~= byte ? specials[Int(byte) - 0x80] : Unicode.Scalar(byte)
  }

  /// The byte that stands for a code point, or nil.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x100 { return UInt8(scalar.value) }
    guard scalar != "\u{FFFD}", let index = specials.firstIndex(of: scalar) else { return nil }
    return UInt8(0x80 + index)
  }

  /// Copies text, reading what is not UTF-8 as Windows-1252; all bytes above 0x7F where `whole` is true.
  package static func decode(_ input: UnsafeBufferPointer<UInt8>, whole: Bool, into output: inout ByteBuffer) {
    var rest = input
    while !rest.isEmpty {
      var valid = UTF8Check.validPrefix(of: rest)
      if whole { valid = rest.firstIndex { $0 > 0x7F } ?? rest.count }
      output.append(UnsafeBufferPointer(rebasing: rest[..<valid]))
      guard valid < rest.count else { return }
      output.append(scalar: scalar(rest[valid]))
      rest = UnsafeBufferPointer(rebasing: rest[(valid + 1)...])
    }
  }
}
