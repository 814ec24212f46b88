public import Core

/// Trains models from text.
public struct Trainer {
  /// What training made, and what is to be said of it.
  public struct Result {
    /// The model.
    public let model: NGrams
    /// What was found at each order, from 1 on.
    public let statistics: [OrderStatistics]
    /// How many sentences the text has.
    public let sentenceCount: Int
    /// How many words the text has, `</s>` included.
    public let tokenCount: Int
    /// What the user should know.
    public let warnings: [Diagnostic]
  }

  /// What to train.
  public let options: TrainingOptions

  /// A trainer.
  ///
  /// - Throws: `Diagnostic` where the options make no sense.
  public init(_ options: TrainingOptions) throws {
    try options.validate()
    self.options = options
  }

  /// Estimates a model of a text.
  ///
  /// - Throws: `Diagnostic` where the text has no words, or too many different ones for the order, or where sorting beyond
  ///   memory cannot write its file.
  /// - Complexity: O(words * order) time and memory.
  public func train(_ corpus: Corpus) throws -> Result {
    guard corpus.vocabulary.count > Vocabulary.specials.count else {
      throw Diagnostic("empty corpus", "the text has no words, so there is nothing to learn")
    }
    let bits = Int.bitWidth - (corpus.vocabulary.count - 1).leadingZeroBitCount
    guard bits * options.order <= 128, corpus.tokenCount < Int(CountTrie.countMask) else {
      throw Diagnostic(
        "corpus too large",
        "\(corpus.vocabulary.count) different words in \(corpus.tokenCount) do not fit order \(options.order)",
        help: "lower the order, or train on parts of the text")
    }
    let estimator = Estimator(
      try CountTrie(corpus, options: options, keepsWord: keptWords(corpus.vocabulary)), options: options)
    let model = estimator.estimate(corpus.vocabulary)
    return Result(
      model: model, statistics: estimator.statistics, sentenceCount: corpus.sentenceCount,
      tokenCount: corpus.tokenCount, warnings: warnings(corpus, estimator.statistics))
  }

  private func keptWords(_ vocabulary: Vocabulary) -> Buffer<Bool> {
    let keeps = Buffer<Bool>(count: vocabulary.count, repeating: options.limitedVocabulary == nil)
    for id in 0..<Vocabulary.specials.count { keeps.base[id] = true }
    for word in options.limitedVocabulary ?? [] {
      if let id = vocabulary.id(of: word) { keeps.base[Int(id)] = true }
    }
    return keeps
  }

  private func warnings(_ corpus: Corpus, _ statistics: [OrderStatistics]) -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    for (index, order) in statistics.enumerated() where order.usesFallback {
      let values = order.discounts.values.map { "\($0)" }.joined(separator: " ")
      warnings.append(
        Diagnostic(
          "fallback discounts", "too few repeated n-grams of order \(index + 1); the discounts are \(values)",
          help: "use more text or a lower order", severity: .warning))
    }
    if corpus.reservedCount > 0 {
      warnings.append(
        Diagnostic(
          "reserved words",
          "'<s>', '</s>' or '<unk>' stand \(corpus.reservedCount) times in the text; they were left out",
          severity: .warning))
    }
    return warnings
  }
}
