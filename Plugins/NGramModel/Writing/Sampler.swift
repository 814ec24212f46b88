public import Core
import Glibc

/// Draws words from exactly a model's distribution.
///
/// An interpolated model is a mixture: p(w|c) = u(w|c) + gamma(c) p(w|c'). So a word is drawn from u with the share that u
/// holds, and else from the shorter context: at most as many steps as the model has orders. A model that only backs off
/// (its u would be negative) is drawn from by p instead, and a word that the longer context knows is drawn anew.
///
/// `<unk>` is drawn anew, so what comes out is the distribution over all other words.
public final class Sampler: @unchecked Sendable {
  // Sendable because everything is written once, in `init`.
  let model: Model
  /// For each n-gram, the sum of the shares up to it within its context, from order 2 on.
  private let sums: [Buffer<Float>]
  /// The same for words.
  private let wordSums: Buffer<Double>
  private let isInterpolated: Bool

  /// Prepares a model.
  ///
  /// - Complexity: O(n-grams).
  public init(_ model: Model) {
    self.model = model
    wordSums = Buffer(uninitialized: model.wordCount)
    var sum = 0.0
    for word in 0..<model.wordCount {
      if word > 1 { sum += pow(10, Double(model.levels[0].logProbability(word))) }
      wordSums.base[word] = sum
    }
    var isInterpolated = true
    var sums: [Buffer<Float>] = []
    for order in stride(from: 2, through: model.order, by: 1) {
      let (shares, isNegative) = Self.sums(model, order: order, isInterpolated: true)
      sums.append(shares)
      if isNegative { isInterpolated = false }
    }
    if !isInterpolated {
      sums = stride(from: 2, through: model.order, by: 1).map { Self.sums(model, order: $0, isInterpolated: false).0 }
    }
    self.isInterpolated = isInterpolated
    self.sums = sums
  }

  private static func sums(_ model: Model, order: Int, isInterpolated: Bool) -> (Buffer<Float>, isNegative: Bool) {
    let contexts = model.levels[order - 2]
    let level = model.levels[order - 1]
    let sums = Buffer<Float>(uninitialized: level.count)
    var isNegative = false
    for context in 0..<contexts.count {
      let (start, end) = (contexts.extensions(context), contexts.extensions(context + 1))
      guard start < end else { continue }
      let gamma = pow(10, contexts.logBackoff(context))
      let suffix = model.suffix(of: Model.State(length: order - 1, index: context))
      var sum: Float = 0
      for item in start..<end {
        var share = pow(10, level.logProbability(item))
        if isInterpolated {
          var state = suffix
          share -= gamma * pow(10, model.score(level.word(item), after: &state).logProbability)
          if share < -1e-4 { isNegative = true }
        }
        sum += max(0, share)
        sums.base[item] = sum
      }
    }
    return (sums, isNegative)
  }

  /// Draws a word, `</s>` among them, and moves on to the state behind it.
  public func next(after state: inout Model.State, _ random: inout SeededRandom) -> UInt32 {
    let word = draw(after: state, &random)
    _ = model.score(word, after: &state)
    return word
  }

  /// Draws a word.
  @inline(__always)
  func draw(after state: Model.State, _ random: inout SeededRandom) -> UInt32 {
    isInterpolated ? drawInterpolated(after: state, &random) : drawBackedOff(after: state, &random)
  }

  /// Draws a word among those that the text has after the last `known` words, or after fewer where it has none.
  func draw(after state: Model.State, known: Int, _ random: inout SeededRandom) -> UInt32 {
    let floor = max(1, min(known, state.length))
    var total: Float = 0
    var rest: Float = 1
    var place = state
    while place.length >= floor {
      let share = share(place)
      total += rest * share
      rest *= max(0, 1 - share)
      place = model.suffix(of: place)
    }
    guard total > 0 else { return draw(after: state, &random) }
    var target = Float(random.unit()) * total
    rest = 1
    place = state
    while place.length >= floor, rest > 0 {
      let word = explicit(place, Double(target / rest))
      if word != Vocabulary.unknown { return word }
      let share = share(place)
      target -= rest * share
      rest *= max(0, 1 - share)
      place = model.suffix(of: place)
    }
    return draw(after: state, &random)
  }

  /// The share of the words that a context knows itself.
  private func share(_ state: Model.State) -> Float {
    let level = model.levels[state.length - 1]
    let end = level.extensions(state.index + 1)
    return level.extensions(state.index) < end ? sums[state.length - 1][end - 1] : 0
  }

  @inline(__always)
  private func drawInterpolated(after state: Model.State, _ random: inout SeededRandom) -> UInt32 {
    var place = state
    while place.length > 0 {
      let word = explicit(place, random.unit())
      if word != Vocabulary.unknown { return word }
      place = model.suffix(of: place)
    }
    return unigram(&random)
  }

  private func drawBackedOff(after state: Model.State, _ random: inout SeededRandom) -> UInt32 {
    if state.length == 0 { return unigram(&random) }
    let word = explicit(state, random.unit())
    if word != Vocabulary.unknown { return word }
    let suffix = model.suffix(of: state)
    for _ in 0..<100_000 {
      let word = drawBackedOff(after: suffix, &random)
      if model.extend(state, by: word) < 0 { return word }
    }
    return Vocabulary.end
  }

  /// The word whose share a number in 0..<1 falls into, or `<unk>` where it falls behind the shares of this context.
  @inline(__always)
  private func explicit(_ state: Model.State, _ number: Double) -> UInt32 {
    let level = model.levels[state.length &- 1]
    let start = level.extensions(state.index)
    let end = level.extensions(state.index &+ 1)
    guard start < end else { return Vocabulary.unknown }
    let sums = sums[state.length &- 1].base
    let target = Float(number)
    guard target < sums[end &- 1] else { return Vocabulary.unknown }
    var (low, high) = (start, end &- 1)
    while low < high {
      let middle = (low &+ high) / 2
      if sums[middle] > target { high = middle } else { low = middle &+ 1 }
    }
    return model.levels[state.length].word(low)
  }

  private func unigram(_ random: inout SeededRandom) -> UInt32 {
    let target = random.unit() * wordSums.base[wordSums.count - 1]
    var (low, high) = (2, wordSums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if wordSums.base[middle] > target { high = middle } else { low = middle + 1 }
    }
    return UInt32(low)
  }
}
