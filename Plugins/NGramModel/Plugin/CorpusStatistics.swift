/// How often words stand in the text that a model holds.
struct CorpusStatistics {
  /// Each word with how often it stands in the text, the most frequent first.
  let frequent: [(word: UInt32, count: Int)]
  /// How many words stand in the text once.
  let seenOnce: Int
  /// How many words the longest line has.
  let longestLine: Int

  init(_ model: Model, atMost limit: Int) {
    var counts = [Int](repeating: 0, count: model.wordCount)
    var (length, longest) = (0, 0)
    for index in 0..<model.lines.count {
      let word = model.lines[index]
      length += 1
      guard word == Vocabulary.end else {
        counts[Int(word)] += 1
        continue
      }
      longest = max(longest, length - 1)
      length = 0
    }
    longestLine = longest
    seenOnce = counts.count { $0 == 1 }
    frequent = Array(
      counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(limit)
        .map { (UInt32($0), counts[$0]) })
  }
}
