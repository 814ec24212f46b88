import Glibc

/// Makes the bytes of a fragment fit for libxml2's HTML parser.
enum FragmentText {
  /// A tag with more separators than this, blanks, slashes and quotes, is no tag: the parser compares each attribute of
  /// a tag with all others.
  private static let mostSeparators = 4096

  /// An element of this name is put around a fragment: libxml2 would put a paragraph around text that stands in nothing.
  static let root = "x-fragment"

  private static let rootTag = Array("<\(root)>".utf8)

  /// Valid UTF-8 without control characters, in which every tag has a bounded number of attributes.
  static func readable(_ bytes: Bytes) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    result += rootTag
    appendValid(bytes, to: &result)
    let tooLong = result.withUnsafeBufferPointer { overlongTags(in: $0, from: rootTag.count) }
    for start in tooLong.reversed() { result.replaceSubrange(start...start, with: "&lt;".utf8) }
    return result
  }

  /// Appends text without what the parser may not see; blanks of HTML stay.
  private static func appendValid(_ bytes: Bytes, to result: inout [UInt8]) {
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte &- 0x20 < 0x60 || byte == 0x0A || byte == 0x09 || byte == 0x0C || byte == 0x0D {
        index += 1
        continue
      }
      let (value, length) = byte < 0x20 ? (nil, 1) : bytes.codePoint(at: index)
      if value == nil {
        result.append(contentsOf: bytes[start..<index])
        if byte >= 0x20 { result.append(raw: "\u{FFFD}" as StaticString) }
        start = index + length
      }
      index += length
    }
    result.append(contentsOf: bytes[start...])
  }

  /// Where tags begin, as a browser would find them, that have too many separators.
  private static func overlongTags(in bytes: Bytes, from start: Int) -> [Int] {
    var found: [Int] = []
    guard let base = bytes.baseAddress else { return found }
    var index = start
    while index < bytes.count, let next = memchr(base + index, 0x3C, bytes.count - index) {
      let tag = UnsafeRawPointer(next) - UnsafeRawPointer(base)
      var separators = 0
      var followsEquals = false
      var quote: UInt8?
      index = tag + 1
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        let isBlank = byte <= 0x20
        let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        if isBlank || isQuote || byte == UInt8(ascii: "/") { separators += 1 }
        if separators > mostSeparators {
          found.append(tag)
          break
        }
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: ">") {
          break
        } else if isQuote, followsEquals {
          quote = byte
        }
        if !isBlank { followsEquals = quote == nil && byte == UInt8(ascii: "=") }
      }
    }
    return found
  }
}
