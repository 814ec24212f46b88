/// Puts a model together from n-grams in any order, shorter ones first.
struct NGramsBuilder {
  enum Failure: Error {
    case isRepeated
    case lacksContext
  }

  private struct Level {
    var first: [UInt32] = []
    var last: [UInt32] = []
    var suffix: [UInt32] = []
    var context: [UInt32] = []
    var logProbability: [Float] = []
    var logBackoff: [Float] = []
    /// From context and last word to index.
    var index: [UInt64: UInt32] = [:]
  }

  /// The logarithm of the unknown word's probability where nothing says it; KenLM takes the same.
  private static let missingUnknown: Float = -100

  let vocabulary = Vocabulary()
  let order: Int
  /// How many n-grams were added because others need them.
  private(set) var blanks = 0
  private var levels: [Level]
  private var isPresent: [Bool] = []

  init(order: Int) {
    self.order = order
    levels = Array(repeating: Level(), count: order)
    for word in 0..<UInt32(Vocabulary.specials.count) { appendUnigram(word) }
    levels[0].logProbability[Int(Vocabulary.unknown)] = Self.missingUnknown
    levels[0].logProbability[Int(Vocabulary.begin)] = 0
  }

  /// The number of a word of the file; nil where it was there before.
  mutating func add(word: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard let start = word.baseAddress else { return nil }
    let id = vocabulary.insert(start, word.count, hash: Vocabulary.hash(start, word.count))
    if Int(id) == levels[0].first.count { appendUnigram(id) }
    guard !isPresent[Int(id)] else { return nil }
    isPresent[Int(id)] = true
    return id
  }

  /// Whether one of the special words was added.
  func isPresent(_ special: String) -> Bool { vocabulary.id(of: special).map { isPresent[Int($0)] } ?? false }

  private mutating func appendUnigram(_ word: UInt32) {
    append(word, word, suffix: 0, context: 0, NGrams.logZero, 0, at: 0)
    isPresent.append(false)
  }

  mutating func add(_ words: [UInt32], logProbability: Float, logBackoff: Float) throws(Failure) {
    let length = words.count
    guard length > 1 else {
      levels[0].logProbability[Int(words[0])] = logProbability
      levels[0].logBackoff[Int(words[0])] = logBackoff
      return
    }
    guard let context = index(of: words[..<(length - 1)]) else { throw .lacksContext }
    let key = UInt64(context) << 32 | UInt64(words[length - 1])
    if levels[length - 1].index[key] != nil { throw .isRepeated }
    let suffix = indexOrBlank(words[1...])
    levels[length - 1].index[key] = UInt32(levels[length - 1].first.count)
    append(words[0], words[length - 1], suffix: suffix, context: context, logProbability, logBackoff, at: length - 1)
  }

  private mutating func append(
    _ first: UInt32, _ last: UInt32, suffix: UInt32, context: UInt32, _ logProbability: Float, _ logBackoff: Float,
    at index: Int
  ) {
    levels[index].first.append(first)
    levels[index].last.append(last)
    levels[index].suffix.append(suffix)
    levels[index].context.append(context)
    levels[index].logProbability.append(logProbability)
    levels[index].logBackoff.append(logBackoff)
  }

  private func index(of words: ArraySlice<UInt32>) -> UInt32? {
    var words = words
    guard var index = words.popFirst() else { return nil }
    var level = 1
    while let word = words.popFirst() {
      guard let next = levels[level].index[UInt64(index) << 32 | UInt64(word)] else { return nil }
      index = next
      level += 1
    }
    return index
  }

  /// The index of an n-gram, which is added with what backing off gives if it is missing.
  private mutating func indexOrBlank(_ words: ArraySlice<UInt32>) -> UInt32 {
    if let index = index(of: words) { return index }
    blanks += 1
    let level = words.count - 1
    let suffix = indexOrBlank(words.dropFirst())
    let context = indexOrBlank(words.dropLast())
    let probability = levels[level - 1].logBackoff[Int(context)] + levels[level - 1].logProbability[Int(suffix)]
    let index = UInt32(levels[level].first.count)
    levels[level].index[UInt64(context) << 32 | UInt64(words[words.endIndex - 1])] = index
    append(
      words[words.startIndex], words[words.endIndex - 1], suffix: suffix, context: context, probability, 0, at: level)
    return index
  }

  func model() -> NGrams {
    NGrams(
      vocabulary: vocabulary,
      levels: levels.enumerated().map { index, level in
        NGrams.Level(
          first: Buffer(level.first), last: Buffer(level.last), suffix: Buffer(level.suffix),
          context: Buffer(level.context), logProbability: Buffer(level.logProbability),
          logBackoff: Buffer(index + 1 < order ? level.logBackoff : []))
      })
  }
}
