import Glibc

/// Scores sentences of words that blanks separate.
public struct Scorer {
  /// What a text scored.
  public struct Summary: Sendable, Hashable {
    /// How many sentences.
    public var sentences = 0
    /// How many words, `</s>` included.
    public var tokens = 0
    /// How many of them the model does not know.
    public var unknown = 0
    /// The sum of the logarithms of all words, base 10.
    public var logProbability = 0.0
    /// The sum over the words that the model knows, base 10.
    public var knownLogProbability = 0.0

    /// 10 to the mean negative logarithm.
    public var perplexity: Double { tokens == 0 ? 0 : pow(10, -logProbability / Double(tokens)) }
    /// The same over the words that the model knows.
    public var knownPerplexity: Double {
      tokens == unknown ? 0 : pow(10, -knownLogProbability / Double(tokens - unknown))
    }
  }

  private let model: Model

  /// A scorer.
  public init(_ model: Model) { self.model = model }

  /// The logarithm of a sentence's probability, base 10; its last word is `</s>`.
  public func score(_ sentence: [UInt32]) -> Float {
    var state = model.beginState
    var sum: Float = 0
    for word in sentence { sum += model.score(word, after: &state).logProbability }
    return sum
  }

  /// The same for many sentences at once, which is faster.
  public func scores(_ sentences: [[UInt32]]) -> [Float] {
    let stream = StreamScorer(model)
    var sums: [Float] = []
    sums.reserveCapacity(sentences.count)
    var sum: Float = 0
    var filled = 0
    func flush() {
      stream.score(filled)
      for place in 0..<filled {
        let word = stream.words.base[place]
        if word == Vocabulary.begin {
          sum = 0
        } else {
          sum += stream.scores.base[place]
          if word == Vocabulary.end { sums.append(sum) }
        }
      }
      filled = 0
    }
    @inline(__always)
    func add(_ word: UInt32) {
      stream.words.base[filled] = word
      filled &+= 1
      if filled == StreamScorer.chunk { flush() }
    }
    for sentence in sentences {
      add(Vocabulary.begin)
      for word in sentence { add(word) }
    }
    flush()
    return sums
  }

  /// Scores a text of one sentence a line; `each` is given each sentence's logarithm and its unknown words.
  public func summary(
    _ text: UnsafeBufferPointer<UInt8>, each: ((_ logProbability: Float, _ unknown: Int) -> Void)? = nil
  ) -> Summary {
    var summary = Summary()
    guard let base = text.baseAddress else { return summary }
    let stream = StreamScorer(model)
    let words = WordBatch(model.words, text, capacity: StreamScorer.chunk)
    var (total, known, unknown): (Float, Float, Int) = (0, 0, 0)
    var filled = 0
    func flush() {
      words.finish(into: stream.words.base)
      stream.score(filled)
      for index in 0..<filled {
        let word = stream.words.base[index]
        if word == Vocabulary.begin { continue }
        let score = stream.scores.base[index]
        total += score
        summary.tokens &+= 1
        if word == Vocabulary.unknown { unknown &+= 1 } else { known += score }
        guard word == Vocabulary.end else { continue }
        summary.sentences &+= 1
        summary.unknown &+= unknown
        summary.logProbability += Double(total)
        summary.knownLogProbability += Double(known)
        each?(total, unknown)
        (total, known, unknown) = (0, 0, 0)
      }
      filled = 0
    }
    @inline(__always)
    func add(_ word: UInt32) {
      stream.words.base[filled] = word
      filled &+= 1
      if filled == StreamScorer.chunk { flush() }
    }
    var place = 0
    while place < text.count {
      add(Vocabulary.begin)
      while true {
        while place < text.count, Corpus.isBlank(base[place]) { place &+= 1 }
        if place == text.count || base[place] == UInt8(ascii: "\n") { break }
        let first = place
        var hash = Vocabulary.hashSeed
        repeat {
          hash = Vocabulary.extend(hash, base[place])
          place &+= 1
        } while place < text.count && !Corpus.isBlank(base[place]) && base[place] != UInt8(ascii: "\n")
        words.add(first, place &- first, hash: hash, target: filled)
        add(Vocabulary.unknown)
      }
      add(Vocabulary.end)
      place &+= 1
    }
    flush()
    return summary
  }

  /// Scores each word of a sentence and its end.
  public func words(_ sentence: String) -> [(id: UInt32, score: Model.WordScore)] {
    var state = model.beginState
    var result: [(id: UInt32, score: Model.WordScore)] = []
    for word in sentence.utf8.split(whereSeparator: Corpus.isBlank) {
      let known = model.id(of: String(Substring(word)))
      let id = known <= Vocabulary.end ? Vocabulary.unknown : known
      result.append((id, model.score(id, after: &state)))
    }
    result.append((Vocabulary.end, model.score(Vocabulary.end, after: &state)))
    return result
  }
}
