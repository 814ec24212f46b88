/// Puts a model together from the n-grams that are kept.
///
/// With an n-gram its suffix and its context are kept too, since neither is rarer.
struct Pruner {
  let trie: CountTrie
  let statistics: [OrderStatistics]

  func model(
    _ vocabulary: Vocabulary, _ contexts: [Buffer<UInt32>], _ probabilities: [Buffer<Float>],
    _ backoffs: [Buffer<Float>]
  ) -> NGrams {
    var levels: [NGrams.Level] = []
    // Where each n-gram of the order below went; nil where all are kept.
    var moved: Buffer<UInt32>?
    for (index, level) in trie.levels.enumerated() {
      var suffix = level.suffix
      var context = contexts[index]
      if let moved {
        suffix = Self.renumber(suffix, moved)
        context = Self.renumber(context, moved)
      }
      var result = NGrams.Level(
        first: level.first, last: level.first, suffix: suffix, context: context, logProbability: probabilities[index],
        logBackoff: backoffs[index])
      if statistics[index].kept < level.size {
        let keep = Self.kept(level, count: statistics[index].kept)
        moved = Buffer(count: level.size, repeating: 0)
        for (new, old) in keep.all.enumerated() { moved?.base[Int(old)] = UInt32(new) }
        result.first = Self.pick(result.first, keep)
        if index == 0 { result.last = result.first }
        result.suffix = Self.pick(result.suffix, keep)
        result.context = Self.pick(result.context, keep)
        result.logProbability = Self.pick(result.logProbability, keep)
        if result.logBackoff.count > 0 { result.logBackoff = Self.pick(result.logBackoff, keep) }
      } else {
        moved = nil
      }
      if let below = levels.last {
        result.last = Buffer(uninitialized: result.size)
        for item in 0..<result.size { result.last.base[item] = below.last.base[Int(result.suffix.base[item])] }
      }
      levels.append(result)
    }
    guard statistics[0].kept < trie.levels[0].size else { return NGrams(vocabulary: vocabulary, levels: levels) }
    return Self.withoutPrunedWords(vocabulary, levels)
  }

  /// Numbers the words anew, so that a unigram's index is its word again.
  private static func withoutPrunedWords(_ vocabulary: Vocabulary, _ levels: [NGrams.Level]) -> NGrams {
    let smaller = Vocabulary()
    let numbers = Buffer<UInt32>(count: vocabulary.count, repeating: 0)
    for old in levels[0].first.all {
      let word = vocabulary.word(old)
      guard let start = word.baseAddress else { continue }
      numbers.base[Int(old)] = smaller.insert(start, word.count, hash: Vocabulary.hash(start, word.count))
    }
    var result = levels
    for index in levels.indices {
      result[index].first = renumber(levels[index].first, numbers)
      result[index].last = renumber(levels[index].last, numbers)
    }
    return NGrams(vocabulary: smaller, levels: result)
  }

  private static func kept(_ level: CountTrie.Level, count: Int) -> Buffer<UInt32> {
    let keep = Buffer<UInt32>(uninitialized: count)
    var next = 0
    for item in 0..<level.size where level.count.base[item] & CountTrie.prunedMark == 0 {
      keep.base[next] = UInt32(item)
      next += 1
    }
    return keep
  }

  private static func renumber(_ values: Buffer<UInt32>, _ numbers: Buffer<UInt32>) -> Buffer<UInt32> {
    let result = Buffer<UInt32>(uninitialized: values.count)
    for index in 0..<values.count { result.base[index] = numbers.base[Int(values.base[index])] }
    return result
  }

  private static func pick<T: BitwiseCopyable>(_ values: Buffer<T>, _ keep: Buffer<UInt32>) -> Buffer<T> {
    let result = Buffer<T>(uninitialized: keep.count)
    for index in 0..<keep.count { result.base[index] = values.base[Int(keep.base[index])] }
    return result
  }
}
