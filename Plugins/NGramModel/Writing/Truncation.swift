public import Core
import Glibc

/// How a distribution is changed before a word is drawn: sharpened or flattened, then cut off.
public struct Truncation: Sendable, Hashable {
  /// Probabilities are raised to 1 / temperature; 1 leaves them.
  public var temperature = 1.0
  /// Only so many of the likeliest words; 0 for all.
  public var topK = 0
  /// Only the likeliest words that together reach this share; 1 for all.
  public var topP = 1.0

  /// No change.
  public init(temperature: Double = 1, topK: Int = 0, topP: Double = 1) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }

  /// Whether the distribution stays as it is.
  public var isNone: Bool { temperature == 1 && topK == 0 && topP >= 1 }
}

/// Draws words from a model's distribution, sharpened or cut off, exactly.
///
/// The words that a context or its suffixes know are listed; all others share one back-off, so their sum follows from a
/// sum over the vocabulary that is made once, and one of them is drawn from the vocabulary and anew if it is listed.
public final class TruncatedSampler {
  private let model: Model
  private let truncation: Truncation
  private let power: Double
  /// Words from the likeliest on, and the sums of their powered probabilities.
  private let words: [UInt32]
  private let sums: [Double]
  private var marks: [UInt32]
  private var turn: UInt32 = 0
  private var listed: [(word: UInt32, weight: Double)] = []
  private var backoff = 0.0

  /// Prepares a model.
  public init(_ model: Model, _ truncation: Truncation) {
    self.model = model
    self.truncation = truncation
    power = 1 / max(truncation.temperature, 1e-3)
    let level = model.levels[0]
    let keyed = (2..<UInt32(model.wordCount)).map { (word: $0, logarithm: level.logProbability(Int($0))) }
    words = keyed.sorted { ($1.logarithm, $0.word) < ($0.logarithm, $1.word) }.map(\.word)
    var sum = 0.0
    sums = words.map { word in
      sum += pow(10, Double(level.logProbability(Int(word))) * (1 / max(truncation.temperature, 1e-3)))
      return sum
    }
    marks = [UInt32](repeating: 0, count: model.wordCount)
  }

  /// Fills `listed` with the words that a state or its suffixes know, and `backoff` with the weight of all others.
  private func list(_ state: Model.State) {
    listed.removeAll(keepingCapacity: true)
    turn += 1
    var logarithm = 0.0
    var place = state
    while place.length > 0 {
      let level = model.levels[place.length - 1]
      let extensions = model.levels[place.length]
      for item in level.extensions(place.index)..<level.extensions(place.index + 1) {
        let word = extensions.word(item)
        guard marks[Int(word)] != turn else { continue }
        marks[Int(word)] = turn
        guard word > Vocabulary.begin else { continue }
        listed.append((word, pow(10, (logarithm + Double(extensions.logProbability(item))) * power)))
      }
      logarithm += Double(level.logBackoff(place.index))
      place = model.suffix(of: place)
    }
    backoff = pow(10, logarithm * power)
  }

  private func weight(_ word: UInt32) -> Double {
    backoff * pow(10, Double(model.levels[0].logProbability(Int(word))) * power)
  }

  /// Draws a word.
  public func draw(after state: Model.State, _ random: inout SeededRandom) -> UInt32 {
    list(state)
    if truncation.topK == 0, truncation.topP >= 1 { return drawUncut(&random) }
    let kept = likeliest(state)
    var target = random.unit() * kept.reduce(0) { $0 + $1.weight }
    for (word, weight) in kept {
      target -= weight
      if target < 0 { return word }
    }
    return kept.last?.word ?? Vocabulary.end
  }

  private func drawUncut(_ random: inout SeededRandom) -> UInt32 {
    var known = 0.0
    var hidden = 0.0
    for (word, weight) in listed {
      known += weight
      hidden += self.weight(word)
    }
    let rest = max(0, backoff * (sums.last ?? 0) - hidden)
    var target = random.unit() * (known + rest)
    for (word, weight) in listed {
      target -= weight
      if target < 0 { return word }
    }
    for _ in 0..<1_000_000 {
      let place = sums.firstPlace(above: random.unit() * (sums.last ?? 0))
      if marks[Int(words[place])] != turn { return words[place] }
    }
    return listed.last?.word ?? Vocabulary.end
  }

  /// The likeliest words that the truncation keeps, from the likeliest on.
  func likeliest(_ state: Model.State, atMost limit: Int? = nil) -> [(word: UInt32, weight: Double)] {
    if limit != nil { list(state) }
    let most = limit ?? (truncation.topK > 0 ? truncation.topK : Int.max)
    listed.sort { ($1.weight, $0.word) < ($0.weight, $1.word) }
    var total = 1.0
    if truncation.topP < 1, limit == nil {
      let hidden = listed.reduce(0) { $0 + weight($1.word) }
      total = listed.reduce(0) { $0 + $1.weight } + max(0, backoff * (sums.last ?? 0) - hidden)
    }
    var kept: [(word: UInt32, weight: Double)] = []
    var reached = 0.0
    var (own, other) = (0, 0)
    while kept.count < most, limit != nil || reached < truncation.topP * total || kept.isEmpty {
      while other < words.count, marks[Int(words[other])] == turn { other += 1 }
      let next: (word: UInt32, weight: Double)
      if own < listed.count, other == words.count || listed[own].weight >= weight(words[other]) {
        next = listed[own]
        own += 1
      } else if other < words.count {
        next = (words[other], weight(words[other]))
        other += 1
      } else {
        break
      }
      kept.append(next)
      reached += next.weight
    }
    return kept
  }
}

extension [Double] {
  /// The first place whose sum is above a number; the last place where none is.
  func firstPlace(above number: Double) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > number { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
