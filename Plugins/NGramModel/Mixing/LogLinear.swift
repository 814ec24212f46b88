import Core
import Glibc

/// Combines models by multiplying their probabilities, each raised to a weight, and normalising for every context.
///
/// With q(w|c) the product of p_i(w|c)^w_i and Z(c) its sum over all words but `<s>`, the result has
/// p(w|c) = q(w|c) / Z(c). Where no model knows cw, q(w|c) is q(w|c') times the product of their back-offs, so the
/// back-off of c is that product times Z(c') / Z(c), and Z(c) follows from Z(c') by the known extensions of c alone.
///
/// Source: Klakow, "Log-linear interpolation of language models", 1998.
public enum LogLinear {
  /// The n-grams of all models, combined.
  ///
  /// - Throws: `Diagnostic` where there are not as many weights as models.
  public static func merge(_ models: [Model], weights: [Double]) throws -> NGrams {
    guard models.count == weights.count, !models.isEmpty else {
      throw Diagnostic("invalid weights", "expected \(models.count) weights, one a model, got \(weights.count)")
    }
    var builder = NGramsBuilder(order: models.map(\.order).max() ?? 1)
    var known: [[[UInt32]]] = Array(repeating: [], count: builder.order)
    for model in models {
      for id in 0..<UInt32(model.wordCount) { _ = builder.add(word: model.words.word(id)) }
    }
    let translation = models.map { model in
      (0..<UInt32(builder.vocabulary.count)).map { model.id(of: builder.vocabulary.word($0)) }
    }
    known[0] = (0..<UInt32(builder.vocabulary.count)).map { [$0] }
    for length in 1..<max(1, builder.order) {
      var seen = Set<[UInt32]>()
      for model in models where model.order > length {
        let back = (0..<UInt32(model.wordCount)).map { builder.vocabulary.id(of: model.words.word($0)) ?? 0 }
        model.forEachNGram(order: length + 1) { words in
          let words = words.map { back[Int($0)] }
          if seen.insert(words).inserted { known[length].append(words) }
        }
      }
    }

    /// The logarithm of q(w|c), base 10, and where `word` is nil, of the product of the back-offs of c.
    func product(_ context: ArraySlice<UInt32>, _ word: UInt32?) -> Double {
      var sum = 0.0
      for (index, model) in models.enumerated() {
        var state = model.emptyState
        for word in context { _ = model.score(translation[index][Int(word)], after: &state) }
        if let word {
          sum += weights[index] * Double(model.score(translation[index][Int(word)], after: &state).logProbability)
        } else if state.length == context.count {
          sum += weights[index] * Double(model.levels[state.length - 1].logBackoff(state.index))
        }
      }
      return sum
    }

    var sums: [ArraySlice<UInt32>: Double] = [:]
    sums[[]] = known[0].reduce(0) { $1[0] == Vocabulary.begin ? $0 : $0 + pow(10, product([], $1[0])) }
    var backoffs: [ArraySlice<UInt32>: Float] = [:]
    for length in 1..<max(1, builder.order) {
      var extensions: [ArraySlice<UInt32>: (own: Double, lower: Double)] = [:]
      for words in known[length] {
        let context = words[..<length]
        extensions[context, default: (0, 0)].own += pow(10, product(context, words[length]))
        extensions[context, default: (0, 0)].lower += pow(10, product(context.dropFirst(), words[length]))
      }
      for (context, sum) in extensions {
        let released = pow(10, product(context, nil))
        let lower = sums[context.dropFirst()] ?? 1
        let total = sum.own + released * max(0, lower - sum.lower)
        sums[context] = total
        backoffs[context] = Float(log10(released * lower / total))
      }
    }
    for grams in known {
      for words in grams {
        let context = words.dropLast()
        let isBegin = words == [Vocabulary.begin]
        let probability = isBegin ? 0 : product(context, words.last) - log10(sums[context] ?? 1)
        try? builder.add(
          words, logProbability: min(0, Float(probability)), logBackoff: backoffs[words[...]] ?? 0)
      }
    }
    return builder.model()
  }
}

extension Model {
  /// Calls with the words of each n-gram of an order.
  func forEachNGram(order: Int, _ body: ([UInt32]) -> Void) {
    func visit(_ words: [UInt32], _ index: Int) {
      guard words.count < order else { return body(words) }
      let level = levels[words.count - 1]
      for item in level.extensions(index)..<level.extensions(index + 1) {
        visit(words + [levels[words.count].word(item)], item)
      }
    }
    for word in 0..<UInt32(wordCount) { visit([word], Int(word)) }
  }
}
