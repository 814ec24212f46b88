/// Knows which runs of words a training text has, so that what is written copies none that is too long.
///
/// A table holds 32 bits of the hash of every run of `longestRun` + 1 words, and of every whole sentence. A run that
/// is there is always found; one that is not is taken for one that is about once in two thousand million times, and
/// is then refused for nothing.
public final class NoveltyGuard: @unchecked Sendable {
  // Sendable because everything is written once, in `init`.
  /// The longest run of words that may be copied.
  public let longestRun: Int
  private let slots: Buffer<UInt32>
  private let mask: Int

  /// Learns the runs of a model's training text.
  public init(_ model: Model, longestRun: Int) {
    self.longestRun = longestRun
    let lines = model.lines
    var size = 1 << 10
    while size < lines.count * 2 { size *= 2 }
    slots = Buffer(count: size, repeating: 0)
    mask = size - 1
    var words: [UInt32] = []
    for index in 0..<lines.count {
      let word = lines[index]
      guard word == Vocabulary.end else {
        words.append(word)
        continue
      }
      words.withUnsafeBufferPointer { words in
        insert(Self.hash(words) ^ Self.sentenceMark)
        guard words.count > longestRun else { return }
        for start in 0...(words.count - longestRun - 1) {
          insert(Self.hash(UnsafeBufferPointer(rebasing: words[start...(start + longestRun)])))
        }
      }
      words.removeAll(keepingCapacity: true)
    }
  }

  private static let sentenceMark: UInt64 = 0x5EA7_E2CE_0000_0001

  @inline(__always)
  private static func hash(_ words: UnsafeBufferPointer<UInt32>) -> UInt64 {
    var hash = UInt64(words.count)
    for word in words {
      hash = (hash ^ UInt64(word)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash &>> 32
    }
    return hash &* 0xBF58_476D_1CE4_E5B9
  }

  private func insert(_ hash: UInt64) {
    let slot = place(hash)
    slots.base[slot] = Self.tag(hash)
  }

  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash &>> 32) | 1 }

  @inline(__always)
  private func place(_ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    let tag = Self.tag(hash)
    while slots.base[slot] != 0, slots.base[slot] != tag { slot = (slot &+ 1) & mask }
    return slot
  }

  @inline(__always)
  private func contains(_ hash: UInt64) -> Bool { slots.base[place(hash)] != 0 }

  /// Whether the run of words that ends, or starts, at the edge of a list is copied and too long.
  @inline(__always)
  func isCopied(_ words: UnsafeBufferPointer<UInt32>, fromEnd: Bool) -> Bool {
    let length = longestRun &+ 1
    guard words.count >= length else { return false }
    let start = fromEnd ? words.count &- length : 0
    return contains(Self.hash(UnsafeBufferPointer(rebasing: words[start..<(start &+ length)])))
  }

  /// Whether words are a whole sentence of the text.
  func isSentence(_ words: UnsafeBufferPointer<UInt32>) -> Bool { contains(Self.hash(words) ^ Self.sentenceMark) }

  /// Whether words copy no sentence and no run that is too long.
  public func isNovel(_ words: [UInt32]) -> Bool {
    words.withUnsafeBufferPointer { words in
      if isSentence(words) { return false }
      guard words.count > longestRun else { return true }
      for end in (longestRun + 1)...words.count
      where isCopied(UnsafeBufferPointer(rebasing: words[..<end]), fromEnd: true) {
        return false
      }
      return true
    }
  }
}
