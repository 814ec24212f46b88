import Glibc

/// How well a model expects a text with contexts of each length: what the longer n-grams are good for.
struct PerplexityTable {
  struct Row {
    /// The perplexity where a context has at most `order` - 1 words.
    var perplexity = 0.0
    /// The share of the words whose longest n-gram that the model knows has just `order` words.
    var share = 0.0
  }

  private(set) var sentences = 0
  /// How many words, each line's end among them.
  private(set) var tokens = 0
  private(set) var unknown = 0
  private(set) var rows: [Row]
  private let model: Model

  init(_ model: Model) {
    self.model = model
    rows = Array(repeating: Row(), count: model.order)
  }

  /// Adds a sentence, without its end.
  mutating func add(_ words: [UInt32]) {
    sentences += 1
    for order in 1...model.order {
      var state = order > 1 ? model.beginState : model.emptyState
      for word in words + [Vocabulary.end] {
        let score = model.score(word, after: &state)
        while state.length >= order { state = model.suffix(of: state) }
        rows[order - 1].perplexity -= Double(score.logProbability)
        guard order == model.order else { continue }
        tokens += 1
        if word == Vocabulary.unknown { unknown += 1 } else { rows[score.matched - 1].share += 1 }
      }
    }
  }

  /// The table once all sentences are there.
  func finished() -> PerplexityTable {
    var table = self
    for index in rows.indices where tokens > 0 {
      table.rows[index].perplexity = pow(10, rows[index].perplexity / Double(tokens))
      table.rows[index].share /= Double(tokens)
    }
    return table
  }
}
