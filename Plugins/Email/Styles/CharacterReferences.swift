import Markup

/// The character references that a `style` attribute may need.
enum CharacterReferences {
  private static let known: [(reference: StaticString, byte: UInt8)] = [
    ("&quot;", 0x22), ("&#34;", 0x22), ("&#39;", 0x27), ("&apos;", 0x27), ("&amp;", 0x26), ("&lt;", 0x3C),
    ("&gt;", 0x3E),
  ]

  /// The text with these references read.
  static func decoded(_ text: Slice<Bytes>) -> [UInt8] {
    let text = Bytes(rebasing: text)
    guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "&"), let found = known.first(where: { text.starts($0.reference, at: index) }) {
        result.append(found.byte)
        index += found.reference.utf8CodeUnitCount
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
