extension UnsafeBufferPointer<UInt8> {
  /// The code point that begins at an index of a byte above 0x7F, and how many bytes it takes.
  ///
  /// Where the bytes are not UTF-8, the value is nil and the length that of the maximal subpart (Unicode 3.9,
  /// definition D93b), so that every fault becomes as many U+FFFD as in `String(decoding:as:)`.
  @inline(__always)
  func codePoint(at index: Int) -> (value: UInt32?, length: Int) {
    let lead = self[index]
    let needed: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch lead {
    case 0xC2...0xDF: needed = 1
    case 0xE0: (needed, lowest) = (2, 0xA0)
    case 0xED: (needed, highest) = (2, 0x9F)
    case 0xE1...0xEF: needed = 2
    case 0xF0: (needed, lowest) = (3, 0x90)
    case 0xF1...0xF3: needed = 3
    case 0xF4: (needed, highest) = (3, 0x8F)
    default: return (nil, 1)
    }
    var value = UInt32(lead) & (0x3F >> UInt32(needed))
    var length = 1
    while length <= needed {
      guard index + length < count, lowest...highest ~= self[index + length] else { return (nil, length) }
      value = value << 6 | UInt32(self[index + length] & 0x3F)
      (lowest, highest) = (0x80, 0xBF)
      length += 1
    }
    return (value, length)
  }

  /// The end of a run of three-byte code points that no way of escaping treats specially, such as Chinese.
  ///
  /// Leads 0xE2 and 0xEF are left out for U+2028, U+2029 and noncharacters, 0xE0 and 0xED for their narrower ranges.
  @inline(__always)
  func endOfCommonTriples(from start: Int) -> Int {
    var index = start
    while index + 2 < count {
      let lead = self[index]
      guard 0xE1...0xEC ~= lead, lead != 0xE2, self[index + 1] & 0xC0 == 0x80, self[index + 2] & 0xC0 == 0x80 else {
        break
      }
      index += 3
    }
    return index
  }
}
