/// The lines of a training text in a binary model: each a run of word numbers that `</s>` ends, four bytes a word.
struct LineTable {
  let words: UnsafeRawPointer
  /// How many words, the `</s>` among them.
  let count: Int

  /// A block that `block(of:in:)` made, or nil where it is none.
  init?(_ block: UnsafeRawBufferPointer, wordCount: Int) {
    guard block.count % 4 == 0, let base = block.baseAddress else { return nil }
    words = base
    count = block.count / 4
    for index in 0..<count {
      guard Int(self[index]) < wordCount else { return nil }
    }
    guard count == 0 || self[count - 1] == Vocabulary.end else { return nil }
  }

  @inline(__always)
  subscript(index: Int) -> UInt32 { words.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self) }

  static func block(of corpus: Corpus, in vocabulary: Vocabulary) -> [UInt8] {
    var words: [UInt32] = []
    words.reserveCapacity(corpus.tokenCount)
    for index in 0..<corpus.length {
      let id = corpus.ids.base[index]
      guard id != Vocabulary.begin else { continue }
      words.append(
        vocabulary === corpus.vocabulary
          ? id : vocabulary.id(of: corpus.vocabulary.word(id)) ?? Vocabulary.unknown)
    }
    return words.withUnsafeBytes(Array.init)
  }
}
