import Core
import Foundation
import NGramModel
import Testing

struct MixtureTests {
  private static let segment = """
    welcome back to the summer sale
    your early access to all running shoes
    welcome to early access now

    """

  private func model(_ text: String, order: Int = 3) throws -> Model {
    try Model(ModelWriter().bytes(of: Trainer(TrainingOptions(order: order)).train(Corpus(text)).model))
  }

  private func probability(_ model: Model, _ words: [String]) -> Double {
    var state = model.beginState
    var last: Float = 0
    for word in words { last = model.score(model.id(of: word), after: &state).logProbability }
    return pow(10, Double(last))
  }

  @Test func theMergedModelIsNormalised() throws {
    let mixture = try Mixture([model(shopCopy), model(Self.segment, order: 2)], weights: [0.7, 0.3])
    let merged = try Model(ModelWriter().bytes(of: mixture.merged()))
    for context in ["", "welcome", "the summer", "early access", "new shoes welcome", "zebra to all"] {
      var state = merged.beginState
      for word in context.split(separator: " ") { _ = merged.score(merged.id(of: String(word)), after: &state) }
      var sum = 0.0
      for word in 0..<UInt32(merged.wordCount) where word != Vocabulary.begin {
        var next = state
        sum += pow(10, Double(merged.score(word, after: &next).logProbability))
      }
      #expect(abs(sum - 1) < 1e-4, "after '\(context)'")
    }
  }

  @Test(arguments: [
    ["new", "shoes", "for"], ["save", "20", "%"], ["shop", "the", "new"], ["discover", "running", "shoes"],
  ])
  func whatAModelHasIsAsLikelyAsInTheMixture(words: [String]) throws {
    let (base, segment) = try (model(shopCopy), model(shopCopy + Self.segment))
    let merged = try Model(ModelWriter().bytes(of: Mixture([base, segment], weights: [0.25, 0.75]).merged()))
    let expected = 0.25 * probability(base, words) + 0.75 * probability(segment, words)
    #expect(abs(probability(merged, words) - expected) < 1e-5)
  }

  @Test func theWeightsFitWhatIsHeldOut() throws {
    let (base, segment) = try (model(shopCopy), model(Self.segment))
    var mixture = try Mixture([base, segment])
    let held = ["welcome to the sale", "early access to running shoes"]
    let before = mixture.perplexities(held)
    mixture.fit(held)
    #expect(mixture.weights[1] > 0.5)
    let after = mixture.perplexities(held)
    #expect(after.mixed < before.mixed && after.mixed < after.each[0])
    mixture.fit(["save 30 % on all shoes", "free returns on orders today"])
    #expect(mixture.weights[0] > 0.5)
  }
}
