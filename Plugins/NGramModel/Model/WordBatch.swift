import Glibc

/// Looks many words of a text up at once: step by step for all of them, so that their waits for memory overlap.
final class WordBatch {
  private let table: WordTable
  private let text: UnsafeBufferPointer<UInt8>
  private let starts: Buffer<Int>
  private let lengths: Buffer<Int>
  private let slots: Buffer<Int>
  private let targets: Buffer<Int>
  private let found: Buffer<UInt32>
  private let places: Buffer<UInt64>
  private var count = 0

  /// A batch of at most `capacity` words of a text, which outlives it.
  init(_ table: WordTable, _ text: UnsafeBufferPointer<UInt8>, capacity: Int) {
    self.table = table
    self.text = text
    starts = Buffer(uninitialized: capacity)
    lengths = Buffer(uninitialized: capacity)
    slots = Buffer(uninitialized: capacity)
    targets = Buffer(uninitialized: capacity)
    found = Buffer(uninitialized: capacity)
    places = Buffer(uninitialized: capacity)
  }

  /// Adds a word; its number is wanted at an index.
  @inline(__always)
  func add(_ start: Int, _ length: Int, hash: UInt64, target: Int) {
    starts.base[count] = start
    lengths.base[count] = length
    slots.base[count] = table.slot(hash)
    targets.base[count] = target
    count &+= 1
  }

  /// Writes the numbers of the words that were added; those of `<s>` and `</s>` too are the unknown word's.
  func finish(into numbers: UnsafeMutablePointer<UInt32>) {
    let (found, places, lengths, starts) = (found.base, places.base, lengths.base, starts.base)
    for index in 0..<count { found[index] = table.entry(slots.base[index]) }
    for index in 0..<count { places[index] = table.place(ofEntry: found[index]) }
    for index in 0..<count {
      let isFound = table.isWord(atPlace: places[index], text, starts[index], lengths[index])
      var id = found[index] &- 1
      if !isFound { id = table.id(text, starts[index], lengths[index], from: slots.base[index]) }
      numbers[targets.base[index]] = id <= Vocabulary.end ? Vocabulary.unknown : id
    }
    count = 0
  }
}
