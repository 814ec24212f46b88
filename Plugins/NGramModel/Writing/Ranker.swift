import Glibc

/// Scores copy for fluency and finds the word that fits worst.
public struct Ranker: Sendable {
  /// What was found.
  public struct Verdict: Sendable, Hashable {
    /// The mean natural logarithm a word, less the penalty for unknown words.
    public var score: Double
    /// How many words the model does not know.
    public var unknown: Int
    /// The place of the word that surprises most, from 0 on; the number of words where it is the end that does.
    public var worst: Int
    /// Its natural logarithm, negative: the surprisal in nats.
    public var worstSurprisal: Double
  }

  private let model: Model
  /// What each unknown word costs, in nats, beside its probability.
  public var unknownPenalty = 2.0

  /// A ranker.
  public init(_ model: Model) { self.model = model }

  /// Judges a sentence's words.
  public func verdict(_ words: some Sequence<UInt32>) -> Verdict {
    var state = model.beginState
    var verdict = Verdict(score: 0, unknown: 0, worst: 0, worstSurprisal: -1)
    var count = 0
    func add(_ word: UInt32) {
      let surprisal = -Double(model.score(word, after: &state).logProbability) * log(10)
      if word == Vocabulary.unknown { verdict.unknown += 1 }
      if surprisal > verdict.worstSurprisal {
        verdict.worst = count
        verdict.worstSurprisal = surprisal
      }
      verdict.score -= surprisal + (word == Vocabulary.unknown ? unknownPenalty : 0)
      count += 1
    }
    for word in words { add(word) }
    add(Vocabulary.end)
    verdict.score /= Double(count)
    return verdict
  }
}
