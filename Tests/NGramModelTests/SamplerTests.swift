import Core
import Foundation
import NGramModel
import Testing

struct SamplerTests {
  private static func model(order: Int) throws -> Model {
    let model = try Trainer(TrainingOptions(order: order)).train(Corpus(shopCopy)).model
    return try Model(ModelWriter().bytes(of: model))
  }

  /// The whole distribution after some words, without `<unk>`, by asking for each word.
  private static func distribution(_ model: Model, after context: [String]) -> [Double] {
    var state = model.beginState
    for word in context { _ = model.score(model.id(of: word), after: &state) }
    let weights = (0..<UInt32(model.wordCount)).map { word -> Double in
      var next = state
      return word < 2 ? 0 : pow(10, Double(model.score(word, after: &next).logProbability))
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Pearson's statistic of draws against a distribution, over words that are expected at least five times, and its
  /// bound: the 99.99 % quantile by Wilson and Hilferty's approximation.
  private static func chiSquare(_ counts: [Int], _ expected: [Double]) -> (statistic: Double, bound: Double) {
    let total = Double(counts.reduce(0, +))
    var (statistic, cells) = (0.0, 0)
    var rest = (seen: 0.0, expected: 0.0)
    for (count, share) in zip(counts, expected) {
      if share * total >= 5 {
        statistic += (Double(count) - share * total) * (Double(count) - share * total) / (share * total)
        cells += 1
      } else {
        rest.seen += Double(count)
        rest.expected += share * total
      }
    }
    if rest.expected >= 5 {
      statistic += (rest.seen - rest.expected) * (rest.seen - rest.expected) / rest.expected
      cells += 1
    }
    let freedom = Double(max(1, cells - 1))
    let term = 1 - 2 / (9 * freedom) + 3.719 * (2 / (9 * freedom)).squareRoot()
    return (statistic, freedom * term * term * term)
  }

  @Test(arguments: [1, 2, 3, 5], [[], ["the"], ["on", "all"], ["zebra"], ["shop", "the", "new", "summer"]])
  func drawsTheDistribution(order: Int, context: [String]) throws {
    let model = try Self.model(order: order)
    let sampler = Sampler(model)
    var random = SeededRandom(seed: UInt64(order * 10 + context.count))
    var state = model.beginState
    for word in context { _ = model.score(model.id(of: word), after: &state) }
    var counts = [Int](repeating: 0, count: model.wordCount)
    for _ in 0..<50_000 {
      var next = state
      counts[Int(sampler.next(after: &next, &random))] += 1
    }
    // A redrawn `<unk>` goes to the unigrams, where its share is small; the bound leaves room for that.
    let result = Self.chiSquare(counts, Self.distribution(model, after: context))
    #expect(result.statistic < result.bound)
  }

  @Test func aWrongDistributionIsNoticed() throws {
    let model = try Self.model(order: 3)
    let sampler = Sampler(model)
    var random = SeededRandom(seed: 1)
    var counts = [Int](repeating: 0, count: model.wordCount)
    for _ in 0..<50_000 {
      var state = model.beginState
      counts[Int(sampler.next(after: &state, &random))] += 1
    }
    let result = Self.chiSquare(counts, Self.distribution(model, after: ["the"]))
    #expect(result.statistic > result.bound)
  }

  @Test(arguments: [
    Truncation(temperature: 0.5), Truncation(temperature: 2), Truncation(topK: 5), Truncation(topP: 0.6),
    Truncation(temperature: 0.7, topK: 8, topP: 0.9),
  ])
  func drawsTheTruncatedDistribution(truncation: Truncation) throws {
    let model = try Self.model(order: 3)
    for context in [[], ["on"], ["the", "new"]] {
      var expected = Self.distribution(model, after: context).map { pow($0, 1 / truncation.temperature) }
      let sum = expected.reduce(0, +)
      var kept = expected.indices.sorted {
        abs(expected[$0] - expected[$1]) > 1e-6 ? expected[$0] > expected[$1] : $0 < $1
      }
      if truncation.topK > 0 { kept = Array(kept.prefix(truncation.topK)) }
      var reached = 0.0
      var cut: [Int] = []
      for index in kept where cut.isEmpty || reached < truncation.topP * sum {
        cut.append(index)
        reached += expected[index]
      }
      // Words as likely as the last one kept may stand in for it, so the cut is moved to the next step down.
      while cut.count < kept.count, truncation.topP < 1,
        expected[kept[cut.count]] > expected[kept[cut.count - 1]] - 1e-6
      {
        reached += expected[kept[cut.count]]
        cut.append(kept[cut.count])
      }
      var truncation = truncation
      if truncation.topP < 1, let last = cut.last { truncation.topP = (reached - expected[last] / 2) / sum }
      expected = expected.indices.map { cut.contains($0) ? expected[$0] / reached : 0 }
      let sampler = TruncatedSampler(model, truncation)
      var random = SeededRandom(seed: 5)
      var state = model.beginState
      for word in context { _ = model.score(model.id(of: word), after: &state) }
      var counts = [Int](repeating: 0, count: model.wordCount)
      for _ in 0..<20_000 { counts[Int(sampler.draw(after: state, &random))] += 1 }
      let result = Self.chiSquare(counts, expected)
      #expect(result.statistic < result.bound)
    }
  }
}
