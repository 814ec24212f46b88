/// Makes the bytes of a fragment fit for libxml2's HTML parser.
enum FragmentText {
  /// A tag with more separators than this, blanks, slashes and quotes, is no tag: the parser compares each attribute of
  /// a tag with all others.
  private static let mostSeparators = 4096

  /// An element of this name is put around a fragment: libxml2 would put a paragraph around text that stands in nothing.
  static let root = "x-fragment"

  /// Valid UTF-8 without control characters, in which every tag has a bounded number of attributes.
  static func readable(_ bytes: Bytes) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + 16)
    result.append(raw: "<\(root)>")
    var tag = TagScanner()
    for byte in text.utf8 {
      // A byte that the parser may not see; blanks of HTML stay.
      if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0C, byte != 0x0D { continue }
      if let start = tag.feed(byte, at: result.count, limit: mostSeparators) {
        result.replaceSubrange(start...start, with: "&lt;".utf8)
        tag = TagScanner()
      }
      result.append(byte)
    }
    return result
  }
}

/// Follows where tags begin and end, as a browser would.
private struct TagScanner {
  private var start: Int?
  private var separators = 0
  private var followsEquals = false
  private var quote: UInt8?

  /// Takes a byte; answers the place of a tag's `<` once it has more separators than allowed.
  mutating func feed(_ byte: UInt8, at place: Int, limit: Int) -> Int? {
    guard let start else {
      if byte == UInt8(ascii: "<") { (start, separators, followsEquals, quote) = (place, 0, false, nil) }
      return nil
    }
    let isBlank = byte <= 0x20
    let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    if isBlank || isQuote || byte == UInt8(ascii: "/") { separators += 1 }
    if separators > limit { return start }
    if let open = quote {
      if byte == open { quote = nil }
    } else if byte == UInt8(ascii: ">") {
      self.start = nil
    } else if isQuote, followsEquals {
      quote = byte
    }
    if !isBlank { followsEquals = quote == nil && byte == UInt8(ascii: "=") }
    return nil
  }
}
