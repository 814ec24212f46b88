import Core
import Glibc

/// Draws the words before a word: the model's distribution turned round by Bayes' rule.
///
/// P(v | w) is in proportion to f(v) p(w|v), where f is how frequent v is; a third word weighs a few draws by p(x|v,w).
final class Predecessors: @unchecked Sendable {
  // Sendable because everything is written once, in `init`.
  private let model: Model
  private let starts: Buffer<UInt32>
  private let words: Buffer<UInt32>
  private let sums: Buffer<Float>

  init(_ model: Model) {
    self.model = model
    guard model.order > 1 else {
      starts = Buffer(count: model.wordCount + 1, repeating: 0)
      words = Buffer(uninitialized: 0)
      sums = Buffer(uninitialized: 0)
      return
    }
    let frequencies = Self.frequencies(model)
    let (contexts, level) = (model.levels[0], model.levels[1])
    starts = Buffer(count: model.wordCount + 1, repeating: 0)
    for item in 0..<level.count { starts.base[Int(level.word(item)) + 1] += 1 }
    for word in 0..<model.wordCount { starts.base[word + 1] += starts.base[word] }
    let next = Buffer<UInt32>(uninitialized: model.wordCount)
    next.base.update(from: starts.base, count: model.wordCount)
    words = Buffer(uninitialized: level.count)
    sums = Buffer(uninitialized: level.count)
    for word in 0..<model.wordCount {
      for item in contexts.extensions(word)..<contexts.extensions(word + 1) {
        let follower = Int(level.word(item))
        let place = Int(next.base[follower])
        next.base[follower] += 1
        words.base[place] = UInt32(word)
        sums.base[place] = frequencies.base[word] * pow(10, level.logProbability(item))
      }
    }
    for word in 0..<model.wordCount {
      var sum: Float = 0
      for place in Int(starts.base[word])..<Int(starts.base[word + 1]) {
        sum += sums.base[place]
        sums.base[place] = sum
      }
    }
  }

  /// How often each word stands in the text; without the text, its probability.
  private static func frequencies(_ model: Model) -> Buffer<Float> {
    let frequencies = Buffer<Float>(count: model.wordCount, repeating: 0)
    for index in 0..<model.lines.count { frequencies.base[Int(model.lines[index])] += 1 }
    if model.lines.count == 0 {
      for word in 0..<model.wordCount { frequencies.base[word] = pow(10, model.levels[0].logProbability(word)) }
    }
    // As many sentences begin as end.
    frequencies.base[Int(Vocabulary.begin)] = frequencies.base[Int(Vocabulary.end)]
    return frequencies
  }

  /// Whether some word stands before a word.
  func exist(_ word: UInt32) -> Bool { starts.base[Int(word)] < starts.base[Int(word) + 1] }

  private func one(before word: UInt32, _ random: inout SeededRandom) -> UInt32 {
    let start = Int(starts.base[Int(word)])
    let end = Int(starts.base[Int(word) + 1])
    let target = Float(random.unit()) * sums.base[end - 1]
    var (low, high) = (start, end - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums.base[middle] > target { high = middle } else { low = middle + 1 }
    }
    return words.base[low]
  }

  /// Draws the word before a word that another, if there is one, follows; `<s>` where the sentence begins.
  func draw(before word: UInt32, follower: UInt32?, _ random: inout SeededRandom) -> UInt32 {
    guard exist(word) else { return Vocabulary.begin }
    guard let follower, model.order > 2 else { return one(before: word, &random) }
    // Importance resampling: a few draws, one of them kept in proportion to what the longer context adds.
    var drawn: (word: UInt32, weight: Float) = (Vocabulary.begin, 0)
    var total: Float = 0
    for _ in 0..<6 {
      let candidate = one(before: word, &random)
      var state = model.emptyState
      _ = model.score(candidate, after: &state)
      _ = model.score(word, after: &state)
      let weight = pow(10, model.score(follower, after: &state).logProbability)
      total += weight
      if Float(random.unit()) * total < weight { drawn = (candidate, weight) }
    }
    return drawn.word
  }
}
