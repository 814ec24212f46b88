/// What was wrong with the blanks and control characters of a text.
struct BlankFlaws: OptionSet {
  let rawValue: UInt8
  static let outer = BlankFlaws(rawValue: 1)
  static let inner = BlankFlaws(rawValue: 2)
  static let control = BlankFlaws(rawValue: 4)
  static let nul = BlankFlaws(rawValue: 8)
}

/// Blanks and control characters in text.
///
/// A blank is any of space, tab, line break, no-break space, narrow no-break space, ideographic space, next line, line
/// and paragraph separator, and a byte order mark.
enum Blanks {
  /// Bytes of the blank that begins at an index; 0 where there is none.
  @inline(__always)
  static func length(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x80 { return byte == 0x20 || 9...13 ~= byte ? 1 : 0 }
    if byte == 0xC2 { return index + 1 < text.count && (text[index + 1] == 0xA0 || text[index + 1] == 0x85) ? 2 : 0 }
    guard byte == 0xE2 || byte == 0xE3 || byte == 0xEF, index + 2 < text.count else { return 0 }
    switch (byte, text[index + 1], text[index + 2]) {
    case (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): return 3
    default: return 0
    }
  }

  /// The text without blanks at its ends.
  static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    while start < text.count {
      let blank = length(in: text, at: start)
      if blank == 0 { break }
      start += blank
    }
    var end = text.count
    while end > start {
      // A blank is at most three bytes long, and its last byte tells how many to look at.
      let size = text[end - 1] < 0x80 ? 1 : text[end - 1] == 0xA0 || text[end - 1] == 0x85 ? 2 : 3
      guard end - size >= start, length(in: text, at: end - size) == size else { break }
      end -= size
    }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  /// Whether a name needs no cleaning.
  static func isCleanLabel(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var wasBlank = true
    for index in 0..<text.count {
      let byte = text[index]
      if byte > 0x20, byte < 0x7F {
        wasBlank = false
      } else if byte == 0x20 {
        if wasBlank { return false }
        wasBlank = true
      } else {
        if byte <= 0x7F || byte == 0xC2 || byte >= 0xE2, byte <= 0x7F || length(in: text, at: index) > 0 {
          return false
        }
        wasBlank = false
      }
    }
    return !wasBlank || text.isEmpty
  }

  /// Copies a name: no blanks at the ends, one space for each run of them, no control characters.
  static func cleanLabel(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> BlankFlaws {
    let inner = trimmed(text)
    var flaws: BlankFlaws = inner.count < text.count ? .outer : []
    var index = 0
    var pending = false
    while index < inner.count {
      let blank = length(in: inner, at: index)
      if blank > 0 {
        if pending || inner[index] != 0x20 { flaws.insert(.inner) }
        pending = true
        index += blank
        continue
      }
      let byte = inner[index]
      index += 1
      if byte < 0x20 || byte == 0x7F {
        flaws.insert(byte == 0 ? .nul : .control)
        continue
      }
      if pending, output.count > 0 { output.append(0x20) }
      pending = false
      output.append(byte)
    }
    return flaws
  }

  /// Whether a longer text needs no cleaning.
  static func isCleanProse(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let last = text.last else { return true }
    if length(in: text, at: 0) > 0 || last <= 0x20 || trimmed(text).count < text.count { return false }
    let raw = UnsafeRawBufferPointer(text)
    var index = 0
    while index < text.count {
      while index + 8 <= text.count, !hasControl(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
        index += 8
      }
      let end = min(index + 8, text.count)
      while index < end {
        if isForbidden(text[index]) { return false }
        index += 1
      }
    }
    return true
  }

  /// Copies a longer text: no blanks at the ends, LF for every line break, no control characters but it and tab.
  static func cleanProse(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> BlankFlaws {
    let inner = trimmed(text)
    var flaws: BlankFlaws = inner.count < text.count ? .outer : []
    for (index, byte) in inner.enumerated() {
      if byte == 13 {
        if index + 1 == inner.count || inner[index + 1] != 10 { output.append(10) }
        flaws.insert(.control)
      } else if isForbidden(byte) {
        flaws.insert(byte == 0 ? .nul : .control)
      } else {
        output.append(byte)
      }
    }
    return flaws
  }

  @inline(__always)
  private static func isForbidden(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 9 && byte != 10 || byte == 0x7F }

  /// Whether any of eight bytes is below 0x20 or is 0x7F; may be wrong only by saying yes.
  @inline(__always)
  private static func hasControl(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let delete = word ^ (ones &* 0x7F)
    return ((word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete) & (ones &* 0x80) != 0
  }
}

/// The text without blanks at its ends.
package func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> { Blanks.trimmed(text) }
