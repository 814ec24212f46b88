/// Names for files and addresses: lower-case ASCII letters and digits in words parted by single hyphens.
enum Slug {
  /// The most bytes a slug has.
  static let maxBytes = 80

  /// Whether a text is a slug already.
  static func isSlug(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !text.isEmpty, text.count <= maxBytes else { return false }
    var wasHyphen = true
    for byte in text {
      let hyphen = byte == UInt8(ascii: "-")
      if hyphen ? wasHyphen : !(97...122 ~= byte || 48...57 ~= byte) { return false }
      wasHyphen = hyphen
    }
    return !wasHyphen
  }

  /// Writes the words of a text, folded to ASCII and cut between words to so many bytes.
  ///
  /// Returns whether a letter or digit had no ASCII form and was lost.
  static func append(_ text: UnsafeBufferPointer<UInt8>, atMost limit: Int, to output: inout ByteBuffer) -> Bool {
    let start = output.count
    var lost = false
    var wordEnd = start
    func add(_ byte: UInt8) {
      if 97...122 ~= byte | 0x20 || 48...57 ~= byte {
        output.append(byte < 0x40 ? byte : byte | 0x20)
      } else if output.count > start, output.view[output.count - 1] != UInt8(ascii: "-") {
        if output.count - start <= limit { wordEnd = output.count }
        output.append("-")
      }
    }
    var index = 0
    while index < text.count, output.count - start <= limit {
      let byte = text[index]
      if byte < 0x80 {
        // An apostrophe parts no word: "women's" is "womens".
        if byte != UInt8(ascii: "'") { add(byte) }
        index += 1
        continue
      }
      let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let end = min(index + length, text.count)
      let scalars = String(decoding: text[index..<end], as: UTF8.self).unicodeScalars
      index = end
      guard let scalar = scalars.first else { continue }
      if let folded = fold(scalar) {
        for byte in folded.utf8 { add(byte) }
      } else if scalar != "’", scalar.properties.generalCategory != .nonspacingMark {
        lost = lost || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        add(UInt8(ascii: "-"))
      }
    }
    if output.count - start > limit { output.truncate(to: wordEnd > start ? wordEnd : start + limit) }
    while output.count > start, output.view[output.count - 1] == UInt8(ascii: "-") {
      output.truncate(to: output.count - 1)
    }
    return lost
  }

  /// Writes the slug of a product: its name, a hyphen and its id; an id that has no ASCII form as eight hex digits.
  static func append(
    name: UnsafeBufferPointer<UInt8>, id: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer
  ) {
    var tail = ByteBuffer(capacity: 96)
    let lost = append(id, atMost: 40, to: &tail)
    if lost || tail.count == 0 || id.count > 40 {
      if tail.count > 0 { tail.append("-") }
      tail.append(hex(UInt32(truncatingIfNeeded: hash64(id))))
    }
    let start = output.count
    _ = append(name, atMost: maxBytes - tail.count - 1, to: &output)
    if output.count > start { output.append("-") }
    output.append(tail.view)
  }

  private static func hex(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The ASCII letters for a Latin letter, German umlauts as two; nil for others.
  private static func fold(_ scalar: Unicode.Scalar) -> Substring? {
    guard 0xC0...0x17F ~= scalar.value else { return nil }
    let folded = table[Int(scalar.value) - 0xC0]
    return folded == "-" ? nil : folded
  }

  /// For the code points U+00C0...U+017F; "-" where there is no letter.
  private static let table =
    """
    A A A A Ae A Ae C E E E E I I I I D N O O O O Oe - O U U U Ue Y Th ss \
    a a a a ae a ae c e e e e i i i i d n o o o o oe - o u u u ue y th y \
    A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g G g G g H h H h I i I i I i I i I i IJ ij J j K k k \
    L l L l L l L l L l N n N n N n n N n O o O o O o OE oe R r R r R r S s S s S s S s T t T t T t \
    U u U u U u U u U u U u W w Y y Y Z z Z z Z z s
    """.split(separator: " ")
}
