/// Lines of a text, one after the other, without their ends: a line feed, or a carriage return and a line feed; and
/// without the byte order mark that the text may begin with.
struct LineReader {
  private let text: UnsafeBufferPointer<UInt8>
  private var place = 0
  /// The number of the line read last, from 1 on.
  private(set) var number = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  mutating func next() -> UnsafeBufferPointer<UInt8>? {
    guard place < text.count else { return nil }
    let start = place
    while place < text.count, text[place] != UInt8(ascii: "\n") { place &+= 1 }
    var end = place
    if place < text.count { place += 1 }
    while end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    number += 1
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  /// The next line that is not empty.
  mutating func nextFilled() -> UnsafeBufferPointer<UInt8>? {
    while let line = next() {
      if line.contains(where: { !Corpus.isBlank($0) }) { return line }
    }
    return nil
  }
}

/// The fields of a line, which blanks separate.
struct FieldReader {
  private let line: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(_ line: UnsafeBufferPointer<UInt8>) { self.line = line }

  @inline(__always)
  mutating func next() -> UnsafeBufferPointer<UInt8>? {
    while place < line.count, Corpus.isBlank(line[place]) { place &+= 1 }
    guard place < line.count else { return nil }
    let start = place
    while place < line.count, !Corpus.isBlank(line[place]) { place &+= 1 }
    return UnsafeBufferPointer(rebasing: line[start..<place])
  }
}
