/// All n-grams of a text with their adjusted counts, in suffix order.
///
/// In suffix order an n-gram follows the n-gram without its first word: those of order n that share their last n - 1
/// words lie together, sorted by their first word. One sort of the longest n-grams thus yields every order, and the
/// number of an n-gram's extensions to the left is the adjusted count of Kneser-Ney.
struct CountTrie {
  /// The n-grams of one order.
  struct Level {
    /// The first word of each n-gram.
    let first: Buffer<UInt32>
    /// The n-gram without its first word, at the order below; at order 1 always 0.
    let suffix: Buffer<UInt32>
    /// The adjusted count, and above it whether the n-gram is pruned.
    let count: Buffer<UInt32>
    /// Where the extensions to the left start, at the order above; one more entry than there are n-grams.
    let extensions: Buffer<UInt32>

    var size: Int { first.count }

    init(size: Int, isHighest: Bool) {
      first = Buffer(uninitialized: size)
      suffix = Buffer(uninitialized: size)
      count = Buffer(uninitialized: size)
      extensions = Buffer(uninitialized: isHighest ? 0 : size + 1)
    }
  }

  static let prunedMark: UInt32 = 1 << 31
  static let countMask: UInt32 = prunedMark - 1

  /// The levels, from order 1; at order 1 an n-gram's index is its word.
  private(set) var levels: [Level] = []
  /// For the orders from 1 on but the highest, how often the last n-gram stands in the text, as far as its words go.
  private(set) var countsAtEnd: [UInt64] = []

  /// - Throws: `Diagnostic` where sorting needs a file and cannot write it.
  init(_ corpus: Corpus, options: TrainingOptions, keepsWord: Buffer<Bool>) throws {
    let bits = max(2, Int.bitWidth - (corpus.vocabulary.count - 1).leadingZeroBitCount)
    if bits * options.order <= 64 {
      build(try Keys<UInt64>(corpus, bits: bits, options), corpus.vocabulary.count, options, keepsWord)
    } else {
      build(try Keys<UInt128>(corpus, bits: bits, options), corpus.vocabulary.count, options, keepsWord)
    }
  }

  private mutating func build<Key>(
    _ keys: Keys<Key>, _ words: Int, _ options: TrainingOptions, _ keepsWord: Buffer<Bool>
  ) {
    let order = options.order
    let sizes = keys.sizes()
    for n in 1...order {
      levels.append(Level(size: n == 1 ? words : sizes[n], isHighest: n == order))
    }
    // `<unk>` and `<s>` end no n-gram of the text.
    for word in 0..<2 {
      levels[0].first.base[word] = UInt32(word)
      levels[0].suffix.base[word] = 0
      levels[0].count.base[word] = 0
      if order > 1 { levels[0].extensions.base[word] = 0 }
    }
    var opened = [Int](repeating: 0, count: order + 1)
    opened[1] = 2
    var raw = [UInt64](repeating: 0, count: order + 1)
    let thresholds = [0] + (1...order).map { options.threshold(order: $0) }
    let levels = self.levels

    /// Ends the n-grams under way from order `from` to order `to`.
    func close(from: Int, to: Int) {
      guard from <= to else { return }
      for n in stride(from: to, through: from, by: -1) {
        let level = levels[n - 1]
        let index = opened[n] - 1
        let word = level.first.base[index]
        var count = raw[n]
        if n < order, word != Vocabulary.begin { count = UInt64(opened[n + 1]) - UInt64(level.extensions.base[index]) }
        level.count.base[index] |= UInt32(min(count, UInt64(Self.countMask)))
        if n > 1, raw[n] <= thresholds[n] { level.count.base[index] |= Self.prunedMark }
      }
    }

    var length = 0
    keys.forEachRun { words, changed, newLength, count in
      close(from: changed, to: length)
      for n in changed...newLength {
        let level = levels[n - 1]
        let index = opened[n]
        opened[n] = index + 1
        let word = words[n]
        level.first.base[index] = word
        level.suffix.base[index] = n == 1 ? 0 : UInt32(opened[n - 1] - 1)
        // An n-gram with a word outside the vocabulary stays out, and so do those that end with it.
        let isOut = !keepsWord.base[Int(word)] || n > 1 && isPrunedByWord(levels[n - 2], opened[n - 1] - 1)
        level.count.base[index] = isOut ? Self.prunedMark : 0
        if n < order { level.extensions.base[index] = UInt32(opened[n + 1]) }
        raw[n] = 0
      }
      for n in 1...newLength { raw[n] += count }
      length = newLength
    }
    close(from: 1, to: length)
    countsAtEnd = Array(raw[1..<max(1, min(length + 1, order))])
    for n in 1..<max(1, order) { levels[n - 1].extensions.base[levels[n - 1].size] = UInt32(opened[n + 1]) }
  }

  /// Asked while the n-gram is under way, when only a word can have pruned it.
  private func isPrunedByWord(_ level: Level, _ index: Int) -> Bool { level.count.base[index] & Self.prunedMark != 0 }
}
