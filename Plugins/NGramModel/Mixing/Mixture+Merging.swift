import Glibc

extension Mixture {
  /// One model with every n-gram of the models, each as likely as in the mixture.
  ///
  /// A model gives no probability to words that it does not know. What a context's n-grams leave is for the words that the
  /// shorter context likes: the back-off of c is what they leave of 1 over what they leave of the shorter context's 1. So the
  /// result is normalised; where a model alone has a context, words behind it that no model has come out slightly different
  /// from the mixture.
  ///
  /// Source: Stolcke, "SRILM - an extensible language modeling toolkit", 2002, static interpolation.
  ///
  /// - Complexity: O(n-grams * models * order).
  public func merged() -> NGrams {
    var union = NGramUnion(models)
    var probabilities: [[UInt32]: Double] = [:]
    var backoffs: [ArraySlice<UInt32>: Float] = [:]
    for length in 0..<union.known.count {
      // N-grams of one context lie together, so its states are made once.
      var context: ArraySlice<UInt32>?
      var states: [Model.State] = []
      var left: [ArraySlice<UInt32>: (own: Double, lower: Double)] = [:]
      for words in union.known[length] {
        if context != words[..<length] {
          context = words[..<length]
          states = models.indices.map { union.state($0, after: words[..<length]) }
        }
        let probability = mixed(words[length], after: states, union)
        probabilities[words] = probability
        guard length > 0 else { continue }
        let lower = probabilities[Array(words[1...])] ?? 0
        let before = left[words[..<length]] ?? (1, 1)
        left[words[..<length]] = (before.own - probability, before.lower - lower)
      }
      for (context, rest) in left {
        let share = rest.lower > 1e-9 ? max(0, rest.own) / rest.lower : 1
        backoffs[context] = max(NGrams.logZero, Float(log10(share)))
      }
    }
    for words in union.known.joined() {
      let probability = words == [Vocabulary.begin] ? 0 : Float(log10(probabilities[words] ?? 0))
      // The union has each n-gram once, and with it its context.
      try? union.builder.add(
        words, logProbability: min(0, max(NGrams.logZero, probability)), logBackoff: backoffs[words[...]] ?? 0)
    }
    return union.builder.model()
  }

  private func mixed(_ word: UInt32, after states: [Model.State], _ union: NGramUnion) -> Double {
    var sum = 0.0
    for (index, model) in models.enumerated() {
      let own = union.translation[index][Int(word)]
      guard own != Vocabulary.unknown || word == Vocabulary.unknown else { continue }
      var state = states[index]
      sum += weights[index] * pow(10, Double(model.score(own, after: &state).logProbability))
    }
    return sum
  }
}
