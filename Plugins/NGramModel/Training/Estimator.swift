import Glibc

/// Interpolated modified Kneser-Ney: from adjusted counts to probabilities and back-offs.
///
/// p(w|c) = (a(cw) - D(a)) / A(c) + gamma(c) p(w|c'), where c' is c without its first word, A(c) sums the adjusted counts
/// of all extensions of c, and gamma(c) is the share that the discounts, and pruning, release.
///
/// Source: Chen and Goodman 1999; Heafield et al., "Scalable modified Kneser-Ney language model estimation", 2013.
struct Estimator {
  private let trie: CountTrie
  private let options: TrainingOptions
  private(set) var statistics: [OrderStatistics] = []

  init(_ trie: CountTrie, options: TrainingOptions) {
    self.trie = trie
    self.options = options
    statistics = trie.levels.indices.map(statistics(at:))
  }

  private func statistics(at index: Int) -> OrderStatistics {
    let level = trie.levels[index]
    var result = OrderStatistics()
    var countsOfCounts = [0, 0, 0, 0]
    result.types = level.size
    for item in 0..<level.size {
      let entry = level.count.base[item]
      if entry & CountTrie.prunedMark == 0 { result.kept += 1 }
      let count = Int(entry & CountTrie.countMask)
      if count >= 1, count <= 4 { countsOfCounts[count - 1] += 1 }
    }
    // lmplz takes the last n-gram of each order by how often it stands in the text. Among few n-grams that shows.
    if index < trie.countsAtEnd.count {
      let adjusted = UInt64(level.count.base[level.size - 1] & CountTrie.countMask)
      if (1...4).contains(adjusted) { countsOfCounts[Int(adjusted) - 1] -= 1 }
      if (1...4).contains(trie.countsAtEnd[index]) { countsOfCounts[Int(trie.countsAtEnd[index]) - 1] += 1 }
    }
    if let discounts = Discounts(countsOfCounts: countsOfCounts) {
      result.discounts = discounts
    } else {
      result.discounts = options.fallbackDiscounts
      result.usesFallback = true
    }
    return result
  }

  /// The model; n-grams that are pruned are left out of it.
  func estimate(_ vocabulary: Vocabulary) -> NGrams {
    var contexts: [Buffer<UInt32>] = []
    var probabilities: [Buffer<Float>] = []
    var backoffs: [Buffer<Float>] = []
    for (index, level) in trie.levels.enumerated() {
      let contextCount = index == 0 ? 1 : trie.levels[index - 1].size
      let context = context(at: index, contexts)
      let shares = shares(of: level, context, contextCount, statistics[index].discounts)
      let probability =
        index == 0
        ? unigrams(total: shares.totals.base[0], gamma: Double(shares.gammas.base[0]))
        : extend(level, context, shares, below: probabilities[index - 1], statistics[index].discounts)
      contexts.append(context)
      probabilities.append(probability)
      if index > 0 { backoffs.append(shares.gammas) }
    }
    for values in probabilities + backoffs {
      inParallel(options.threads, values.count) { range in
        for index in range { values.base[index] = max(log10f(values.base[index]), NGrams.logZero) }
      }
    }
    // ARPA's `<s>` has the logarithm 0.
    probabilities[0].base[Int(Vocabulary.begin)] = 0
    backoffs.append(Buffer(uninitialized: 0))
    return Pruner(trie: trie, statistics: statistics).model(vocabulary, contexts, probabilities, backoffs)
  }

  /// For each n-gram of a level, the n-gram without its last word.
  private func context(at index: Int, _ contexts: [Buffer<UInt32>]) -> Buffer<UInt32> {
    let level = trie.levels[index]
    if index == 0 { return Buffer(count: level.size, repeating: 0) }
    if index == 1 { return level.first }
    let result = Buffer<UInt32>(uninitialized: level.size)
    let suffixes = trie.levels[index - 1]
    let extensions = trie.levels[index - 2].extensions.base
    let candidates = suffixes.first.base
    let contextOfSuffix = contexts[index - 1].base
    inParallel(options.threads, suffixes.size) { range in
      for suffix in range {
        let parent = Int(contextOfSuffix[suffix])
        var place = Int(extensions[parent])
        let end = Int(extensions[parent + 1])
        // Both lists are sorted by word, and whatever precedes the suffix precedes its context too.
        for item in Int(suffixes.extensions.base[suffix])..<Int(suffixes.extensions.base[suffix + 1]) {
          place = Self.gallop(candidates, from: place, to: end, word: level.first.base[item])
          result.base[item] = UInt32(place)
        }
      }
    }
    return result
  }

  /// The place of a word that occurs in a sorted range.
  @inline(__always)
  private static func gallop(_ words: UnsafePointer<UInt32>, from start: Int, to end: Int, word: UInt32) -> Int {
    var step = 1
    var low = start
    while low &+ step < end, words[low &+ step] <= word {
      low &+= step
      step &*= 2
    }
    var high = min(low &+ step, end)
    while high &- low > 1 {
      let middle = (low &+ high) / 2
      if words[middle] <= word { low = middle } else { high = middle }
    }
    return low
  }

  /// A(c) and gamma(c) of every context; gamma is 1 where nothing extends a context.
  private struct Shares {
    let totals: Buffer<Double>
    let gammas: Buffer<Float>
  }

  private func shares(
    of level: CountTrie.Level, _ context: Buffer<UInt32>, _ contextCount: Int, _ discounts: Discounts
  ) -> Shares {
    let taken = [0] + discounts.values.map(Double.init)
    let totals = Buffer<Double>(count: contextCount, repeating: 0)
    let released = Buffer<Double>(count: contextCount, repeating: 0)
    taken.withUnsafeBufferPointer { taken in
      for item in 0..<level.size {
        let entry = level.count.base[item]
        let count = Int(entry & CountTrie.countMask)
        let place = Int(context.base[item])
        totals.base[place] += Double(count)
        released.base[place] += entry & CountTrie.prunedMark == 0 ? taken[min(count, 3)] : Double(count)
      }
    }
    let gammas = Buffer<Float>(uninitialized: contextCount)
    for place in 0..<contextCount {
      gammas.base[place] = totals.base[place] > 0 ? Float(released.base[place] / totals.base[place]) : 1
    }
    return Shares(totals: totals, gammas: gammas)
  }

  private func unigrams(total: Double, gamma: Double) -> Buffer<Float> {
    let level = trie.levels[0]
    let taken = [0] + statistics[0].discounts.values.map(Double.init)
    // The uniform distribution is over all words but `<s>`.
    let uniform = options.interpolatesUnigrams ? gamma / Double(statistics[0].kept - 1) : 0
    let result = Buffer<Float>(uninitialized: level.size)
    for word in 0..<level.size {
      let count = Int(level.count.base[word] & CountTrie.countMask)
      result.base[word] = Float((Double(count) - taken[min(count, 3)]) / total + uniform)
    }
    if !options.interpolatesUnigrams { result.base[Int(Vocabulary.unknown)] = Float(gamma) }
    return result
  }

  private func extend(
    _ level: CountTrie.Level, _ context: Buffer<UInt32>, _ shares: Shares, below: Buffer<Float>, _ discounts: Discounts
  ) -> Buffer<Float> {
    let taken = [0] + discounts.values.map(Double.init)
    let result = Buffer<Float>(uninitialized: level.size)
    inParallel(options.threads, level.size) { range in
      taken.withUnsafeBufferPointer { taken in
        for item in range {
          let count = Int(level.count.base[item] & CountTrie.countMask)
          let place = Int(context.base[item])
          let own = (Double(count) - taken[min(count, 3)]) / shares.totals.base[place]
          let lower = Double(shares.gammas.base[place]) * Double(below.base[Int(level.suffix.base[item])])
          result.base[item] = Float(own + lower)
        }
      }
    }
    return result
  }
}
