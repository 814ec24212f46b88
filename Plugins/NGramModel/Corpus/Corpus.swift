/// A training text as word numbers, one sentence a line, between `<s>` and `</s>`.
///
/// Lines end with a line feed; blanks, tabs, carriage returns and NULs separate words, and an empty line is an empty
/// sentence. Bytes pass through as they are, so a text that is not UTF-8 trains like any other. The words `<s>`,
/// `</s>` and `<unk>` in the text are read as blanks, and counted.
public struct Corpus {
  /// The words.
  public let vocabulary: Vocabulary
  /// How many sentences.
  public private(set) var sentenceCount = 0
  /// How many words, `</s>` included and `<s>` not.
  public private(set) var tokenCount = 0
  /// How many words of the text were `<s>`, `</s>` or `<unk>`.
  public private(set) var reservedCount = 0
  let ids: Buffer<UInt32>
  private(set) var length: Int

  /// Reads a text.
  public init(_ text: UnsafeBufferPointer<UInt8>) {
    vocabulary = Vocabulary()
    var lines = 1
    for byte in text where byte == UInt8(ascii: "\n") { lines += 1 }
    // A word and what separates it take two bytes at least; each line adds two marks.
    ids = Buffer(uninitialized: text.count / 2 + 1 + 2 * lines)
    length = 0
    if let base = text.baseAddress { read(base, text.count) }
  }

  /// Reads a file.
  public init(_ file: MappedFile) { self = withExtendedLifetime(file) { Corpus(file.bytes) } }

  /// Reads a text.
  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { Corpus($0) }
  }

  private mutating func read(_ text: UnsafePointer<UInt8>, _ count: Int) {
    let out = ids.base
    var written = 0
    var place = 0
    while place < count {
      out[written] = Vocabulary.begin
      written += 1
      while true {
        while place < count, Self.isBlank(text[place]) { place &+= 1 }
        if place == count || text[place] == UInt8(ascii: "\n") { break }
        let start = place
        var hash = Vocabulary.hashSeed
        repeat {
          hash = Vocabulary.extend(hash, text[place])
          place &+= 1
        } while place < count && !Self.isBlank(text[place]) && text[place] != UInt8(ascii: "\n")
        let id = vocabulary.insert(text + start, place &- start, hash: hash)
        if id > Vocabulary.end {
          out[written] = id
          written &+= 1
        } else {
          reservedCount += 1
        }
      }
      place += 1
      out[written] = Vocabulary.end
      written += 1
      sentenceCount += 1
    }
    length = written
    tokenCount = written - sentenceCount
  }

  /// Whether a byte separates words within a line.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0 }
}

extension Corpus {
  /// Calls with the words of each sentence, the last one `</s>`.
  public func forEachSentence(_ body: (UnsafeBufferPointer<UInt32>) throws -> Void) rethrows {
    var start = 1
    for place in 0..<length where ids.base[place] == Vocabulary.end {
      try body(UnsafeBufferPointer(start: ids.base + start, count: place + 1 - start))
      start = place + 2
    }
  }
}
