import Glibc
import NGramModel

/// What an n-gram model makes of the same texts, cut into the same tokens: what a trained model must be better than.
struct NGramComparison {
  /// The order that expects the held-back texts best.
  let order: Int
  /// Nats a token, the end of each text included, as the decoder's loss is.
  let loss: Double

  /// Trains models of orders 2 to 5 and keeps the best; nil where nothing is held back.
  ///
  /// - Throws: what training an n-gram model throws.
  init?(_ corpus: TrainingCorpus) throws {
    guard !corpus.validation.isEmpty else { return nil }
    // The token that begins a text is the n-gram model's own.
    func text(_ texts: [[Int32]]) -> String {
      texts.map { $0.dropFirst().map { "t\($0)" }.joined(separator: " ") + "\n" }.joined()
    }
    let training = Corpus(text(corpus.training))
    var held = text(corpus.validation)
    let found = try (2...5).map { order in
      let trained = try NGramModel.Trainer(NGramModel.TrainingOptions(order: order)).train(training)
      let model = try NGramModel.Model(ModelWriter().bytes(of: trained.model))
      let summary = held.withUTF8 { Scorer(model).summary($0) }
      return (order: order, loss: -summary.logProbability * log(10) / Double(max(1, summary.tokens)))
    }
    guard let best = found.min(by: { $0.loss < $1.loss }) else { return nil }
    (order, loss) = best
  }
}
