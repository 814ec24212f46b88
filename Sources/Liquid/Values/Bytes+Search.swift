/// The bytes that Ruby's `\s` matches.
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

/// The bytes that Ruby's `strip` removes: white space and NUL.
@inline(__always)
func isStripped(_ byte: UInt8) -> Bool { isSpace(byte) || byte == 0 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

/// The bytes that Ruby's `\w` matches.
@inline(__always)
func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }

extension UnsafeBufferPointer<UInt8> {
  /// A part of the bytes; the range must lie inside.
  @inline(__always)
  func part(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

  func starts(with text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && part(0..<text.utf8CodeUnitCount) == text
  }

  static func == (left: Bytes, right: StaticString) -> Bool {
    left == Bytes(start: right.utf8Start, count: right.utf8CodeUnitCount)
  }

  @inline(__always)
  static func == (left: Bytes, right: Bytes) -> Bool {
    guard left.count == right.count else { return false }
    guard let a = UnsafeRawPointer(left.baseAddress), let b = UnsafeRawPointer(right.baseAddress) else { return true }
    return Words.areEqual(a, b, left.count)
  }

  static func != (left: Bytes, right: Bytes) -> Bool { !(left == right) }

  /// Negative, zero or positive, by bytes.
  func compare(_ other: Bytes) -> Int {
    var index = 0
    while index < Swift.min(count, other.count) {
      if self[index] != other[index] { return Int(self[index]) - Int(other[index]) }
      index += 1
    }
    return count - other.count
  }

  /// Where a text begins; linear in the length of both, whatever they hold.
  func firstIndex(of pattern: Bytes, from start: Int = 0) -> Int? {
    guard let first = pattern.first else { return start <= count ? start : nil }
    if pattern.count >= 32 { return firstIndex(ofLong: pattern, from: start) }
    var index = start
    while index + pattern.count <= count {
      if self[index] == first, part(index..<index + pattern.count) == pattern { return index }
      index += 1
    }
    return nil
  }

  /// Source: Knuth, Morris and Pratt 1977.
  private func firstIndex(ofLong pattern: Bytes, from start: Int) -> Int? {
    // For each beginning of the pattern: how much of it is matched still when the next byte does not fit.
    var borders = [Int](repeating: 0, count: pattern.count)
    var border = 0
    for index in 1..<pattern.count {
      while border > 0, pattern[index] != pattern[border] { border = borders[border - 1] }
      if pattern[index] == pattern[border] { border += 1 }
      borders[index] = border
    }
    var matched = 0
    var index = start
    while index < count {
      while matched > 0, self[index] != pattern[matched] { matched = borders[matched - 1] }
      if self[index] == pattern[matched] { matched += 1 }
      index += 1
      if matched == pattern.count { return index - matched }
    }
    return nil
  }

  func lastIndex(of pattern: Bytes) -> Int? {
    var index = count - pattern.count
    while index >= 0 {
      if part(index..<index + pattern.count) == pattern { return index }
      index -= 1
    }
    return nil
  }

  var trimmed: Bytes {
    var first = 0
    var last = count
    while first < last, isStripped(self[first]) { first += 1 }
    while last > first, isStripped(self[last - 1]) { last -= 1 }
    return part(first..<last)
  }

  /// Code points of UTF-8 text.
  var characterCount: Int {
    guard let base = UnsafeRawPointer(baseAddress) else { return 0 }
    var result = 0
    var index = 0
    while index &+ 8 <= count {
      result &+= Words.leadingBytes(base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index &+= 8
    }
    while index < count {
      if self[index] & 0xC0 != 0x80 { result &+= 1 }
      index &+= 1
    }
    return result
  }

  /// The byte where the code point with this number begins, or the end.
  func offset(ofCharacter number: Int, from start: Int = 0) -> Int {
    guard let base = UnsafeRawPointer(baseAddress) else { return 0 }
    var index = start
    var left = number
    while left > 8, index &+ 8 <= count {
      left &-= Words.leadingBytes(base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index &+= 8
    }
    while index < count {
      if self[index] & 0xC0 != 0x80 {
        if left <= 0 { break }
        left &-= 1
      }
      index &+= 1
    }
    return index
  }

  var isASCII: Bool {
    for byte in self where byte >= 0x80 { return false }
    return true
  }

  var string: String { String(decoding: self, as: UTF8.self) }
}
