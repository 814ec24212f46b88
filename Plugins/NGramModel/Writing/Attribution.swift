/// Finds the lines of a training text that a sentence is nearest to: those that share most of its runs of three words.
public final class Attribution: @unchecked Sendable {
  // Sendable because everything is written once, in `init`.
  /// A line that shares runs with a sentence.
  public struct Source: Sendable, Hashable {
    /// The line's number in the training text, from 1 on.
    public var line: Int
    /// The share of the sentence's runs that the line has too.
    public var share: Double
  }

  private static let runLength = 3
  /// A run's hash above its line, sorted.
  private let entries: Buffer<UInt64>

  /// Indexes a model's training text.
  public init(_ model: Model) {
    let lines = model.lines
    let unsorted = Buffer<UInt64>(uninitialized: lines.count)
    var line: UInt32 = 1
    var words: [UInt32] = []
    for index in 0..<lines.count {
      words.append(lines[index])
      unsorted.base[index] = Self.key(words, line)
      if lines[index] == Vocabulary.end {
        line += 1
        words.removeAll(keepingCapacity: true)
      }
    }
    entries = radixSort(unsorted, scratch: Buffer(uninitialized: unsorted.count), bits: 64)
  }

  /// The key of the run that ends a list of words; the first ones of a line are shorter.
  private static func key(_ words: [UInt32], _ line: UInt32) -> UInt64 {
    var hash: UInt64 = 0
    for word in words.suffix(runLength) { hash = (hash ^ UInt64(word) &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
    return hash & 0xFFFF_FFFF_0000_0000 | UInt64(line)
  }

  /// The nearest lines, from the nearest on; none shares less than a fifth.
  public func sources(of words: [UInt32], atMost limit: Int = 3) -> [Source] {
    var shared: [UInt32: Int] = [:]
    let words = words + [Vocabulary.end]
    for end in 1...words.count {
      let key = Self.key(Array(words[..<end]), 0)
      var place = firstPlace(key)
      var last: UInt32 = 0
      while place < entries.count, entries.base[place] >> 32 == key >> 32 {
        let line = UInt32(truncatingIfNeeded: entries.base[place])
        if line != last { shared[line, default: 0] += 1 }
        last = line
        place += 1
      }
    }
    let sources = shared.map { Source(line: Int($0.key), share: Double($0.value) / Double(words.count)) }
    return Array(sources.filter { $0.share >= 0.2 }.sorted { ($1.share, $0.line) < ($0.share, $1.line) }.prefix(limit))
  }

  private func firstPlace(_ key: UInt64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries.base[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
