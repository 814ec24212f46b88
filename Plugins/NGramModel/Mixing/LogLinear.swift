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
    var union = NGramUnion(models)

    /// The logarithm of q(w|c), base 10, and where `word` is nil, of the product of the back-offs of c.
    func product(_ context: ArraySlice<UInt32>, _ word: UInt32?) -> Double {
      var sum = 0.0
      for (index, model) in models.enumerated() {
        var state = union.state(index, after: context)
        if let word {
          sum += weights[index] * Double(model.score(union.translation[index][Int(word)], after: &state).logProbability)
        } else if state.length == context.count {
          sum += weights[index] * Double(model.levels[state.length - 1].logBackoff(state.index))
        }
      }
      return sum
    }

    var sums: [ArraySlice<UInt32>: Double] = [:]
    sums[[]] = union.known[0].reduce(0) { $1[0] == Vocabulary.begin ? $0 : $0 + pow(10, product([], $1[0])) }
    var backoffs: [ArraySlice<UInt32>: Float] = [:]
    for length in 1..<max(1, union.builder.order) {
      var extensions: [ArraySlice<UInt32>: (own: Double, lower: Double)] = [:]
      for words in union.known[length] {
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
    for grams in union.known {
      for words in grams {
        let context = words.dropLast()
        let isBegin = words == [Vocabulary.begin]
        let probability = isBegin ? 0 : product(context, words.last) - log10(sums[context] ?? 1)
        try? union.builder.add(
          words, logProbability: min(0, Float(probability)), logBackoff: backoffs[words[...]] ?? 0)
      }
    }
    return union.builder.model()
  }
}
