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

  /// The same for many sentences, eight at a time in lock step, so that their waits for memory overlap.
  public func scores(_ sentences: [[UInt32]]) -> [Float] {
    var sums = [Float](repeating: 0, count: sentences.count)
    let width = 8
    var states = [Model.State](repeating: model.beginState, count: width)
    var first = 0
    while first < sentences.count {
      let last = min(first + width, sentences.count)
      let longest = sentences[first..<last].reduce(0) { max($0, $1.count) }
      for index in 0..<width { states[index] = model.beginState }
      for place in 0..<longest {
        for index in first..<last where place < sentences[index].count {
          sums[index] += model.score(sentences[index][place], after: &states[index - first]).logProbability
        }
      }
      first = last
    }
    return sums
  }

  /// Scores each word of a sentence and its end.
  public func words(_ sentence: String) -> [(id: UInt32, score: Model.WordScore)] {
    var sentence = sentence
    var result: [(id: UInt32, score: Model.WordScore)] = []
    sentence.withUTF8 { text in
      _ = score(text, from: 0) { id, score in result.append((id, score)) }
    }
    return result
  }

  /// Scores a text of one sentence a line; `each` is given each sentence's logarithm and its unknown words.
  public func summary(
    _ text: UnsafeBufferPointer<UInt8>, each: ((_ logProbability: Float, _ unknown: Int) -> Void)? = nil
  ) -> Summary {
    var summary = Summary()
    var place = 0
    while place < text.count {
      var total: Float = 0
      var known: Float = 0
      var unknown = 0
      place = score(text, from: place) { id, score in
        total += score.logProbability
        summary.tokens &+= 1
        if id == Vocabulary.unknown { unknown &+= 1 } else { known += score.logProbability }
      }
      summary.sentences += 1
      summary.unknown += unknown
      summary.logProbability += Double(total)
      summary.knownLogProbability += Double(known)
      each?(total, unknown)
    }
    return summary
  }

  /// Scores the line that starts at a place, and returns where the next one starts.
  @inline(__always)
  private func score(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (UInt32, Model.WordScore) -> Void
  ) -> Int {
    var state = model.beginState
    var place = start
    if let base = text.baseAddress {
      while true {
        while place < text.count, Corpus.isBlank(text[place]) { place &+= 1 }
        if place == text.count || text[place] == UInt8(ascii: "\n") { break }
        let first = place
        var hash = Vocabulary.hashSeed
        repeat {
          hash = Vocabulary.extend(hash, text[place])
          place &+= 1
        } while place < text.count && !Corpus.isBlank(text[place]) && text[place] != UInt8(ascii: "\n")
        let id = model.words.id(base + first, place &- first, hash: hash)
        body(id, model.score(id, after: &state))
      }
    }
    body(Vocabulary.end, model.score(Vocabulary.end, after: &state))
    return place + 1
  }
}
