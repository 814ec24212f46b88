import Core
import Glibc

/// A linear mixture of models: p(w|c) is the weighted sum of the models' probabilities.
public struct Mixture: Sendable {
  /// The models.
  public let models: [Model]
  /// Their weights, which sum to 1.
  public private(set) var weights: [Double]

  /// A mixture; weights that are left out are equal.
  ///
  /// - Throws: `Diagnostic` where there are no models, or the weights are not one a model, not negative, with a sum above 0.
  public init(_ models: [Model], weights: [Double]? = nil) throws {
    let weights = weights ?? models.map { _ in 1 }
    let sum = weights.reduce(0, +)
    guard !models.isEmpty, weights.count == models.count, weights.allSatisfy({ $0 >= 0 }), sum > 0, sum.isFinite else {
      throw Diagnostic("invalid weights", "expected \(models.count) weights that are not all 0, got \(weights)")
    }
    self.models = models
    self.weights = weights.map { $0 / sum }
  }

  /// Every word's probability in each model; words that none of them knows are left out.
  private func probabilities(_ sentences: [String]) -> [[Double]] {
    sentences.flatMap { sentence in
      let columns = models.map { Scorer($0).words(sentence) }
      return columns[0].indices.filter { index in columns.contains { $0[index].id != Vocabulary.unknown } }.map {
        index in
        columns.map { pow(10, Double($0[index].score.logProbability)) }
      }
    }
  }

  /// The same for a sentence that each model has numbered for itself, the end among its words.
  func probabilities(numbered sentence: [[UInt32]]) -> [[Double]] {
    let columns = zip(models, sentence).map { model, words in
      var state = model.beginState
      return words.map { pow(10, Double(model.score($0, after: &state).logProbability)) }
    }
    return columns[0].indices.filter { index in sentence.contains { $0[index] != Vocabulary.unknown } }.map { index in
      columns.map { $0[index] }
    }
  }

  /// Fits the weights to sentences by expectation maximisation.
  ///
  /// Source: Dempster, Laird and Rubin 1977; for language models Jelinek and Mercer 1980.
  public mutating func fit(_ sentences: [String], iterations: Int = 20) {
    fit(probabilities(sentences), iterations: iterations)
  }

  /// Fits the weights to words' probabilities in each model.
  mutating func fit(_ rows: [[Double]], iterations: Int = 20) {
    guard !rows.isEmpty else { return }
    for _ in 0..<iterations {
      var shares = weights.map { _ in 0.0 }
      for row in rows {
        let total = mixed(row)
        guard total > 0 else { continue }
        for index in row.indices { shares[index] += weights[index] * row[index] / total }
      }
      weights = shares.map { $0 / Double(rows.count) }
    }
  }

  /// The perplexity of sentences in each model and in the mixture, over the words that a model knows, and their number.
  public func perplexities(_ sentences: [String]) -> (each: [Double], mixed: Double, tokens: Int) {
    perplexities(probabilities(sentences))
  }

  func perplexities(_ rows: [[Double]]) -> (each: [Double], mixed: Double, tokens: Int) {
    func perplexity(_ probability: ([Double]) -> Double) -> Double {
      exp(-rows.reduce(0) { $0 + log(probability($1)) } / Double(max(1, rows.count)))
    }
    return (models.indices.map { index in perplexity { $0[index] } }, perplexity(mixed), rows.count)
  }

  private func mixed(_ row: [Double]) -> Double {
    var sum = 0.0
    for (index, probability) in row.enumerated() { sum += weights[index] * probability }
    return sum
  }
}
