import Core
import Foundation
import NGramModel
import Testing

struct ModelTests {
  private func trained(order: Int, _ text: String = shopCopy) throws -> NGrams {
    try Trainer(TrainingOptions(order: order)).train(Corpus(text)).model
  }

  @Test(arguments: 1...6)
  func probabilitiesSumToOne(order: Int) throws {
    let model = try Model(ModelWriter().bytes(of: trained(order: order)))
    for context in ["", "new", "for the", "zebra", "shop the new summer", "running shoes for every day"] {
      var state = model.beginState
      for word in context.split(separator: " ") { _ = model.score(model.id(of: String(word)), after: &state) }
      var sum = 0.0
      for word in 0..<UInt32(model.wordCount) where word != Vocabulary.begin {
        var next = state
        sum += pow(10, Double(model.score(word, after: &next).logProbability))
      }
      #expect(abs(sum - 1) < 1e-5, "after '\(context)'")
    }
  }

  @Test func quantisedScoresAreNear() throws {
    var writer = ModelWriter()
    let exact = try Model(writer.bytes(of: trained(order: 3)))
    writer.isQuantised = true
    let quantised = try Model(writer.bytes(of: trained(order: 3)))
    var text = shopCopy
    let (first, second) = text.withUTF8 { (Scorer(exact).summary($0), Scorer(quantised).summary($0)) }
    #expect(first.tokens == second.tokens)
    #expect(abs(first.perplexity - second.perplexity) < 0.01 * first.perplexity)
  }

  @Test func refusesEveryCutAndFlippedBit() throws {
    let bytes = try ModelWriter().bytes(of: trained(order: 2, "shop now\nshop here\n"))
    for length in 0..<bytes.count {
      #expect(throws: Diagnostic.self) { try Model(Array(bytes[..<length])) }
    }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(throws: Diagnostic.self) { try Model(damaged) }
    }
  }

  @Test func namesTheVersionThatItCannotRead() throws {
    var bytes = try ModelWriter().bytes(of: trained(order: 2))
    bytes[8] = 9
    #expect {
      try Model(bytes, name: "shop.ngram")
    } throws: {
      "\($0)".hasPrefix("invalid model: 'shop.ngram': format version 9, this program reads version 1")
    }
  }

  @Test func trainingIsThePerplexityOfItsText() throws {
    let model = try Model(ModelWriter().bytes(of: trained(order: 3)))
    var text = shopCopy
    let summary = text.withUTF8 { Scorer(model).summary($0) }
    #expect(summary.sentences == 15)
    #expect(summary.unknown == 0)
    #expect(summary.perplexity > 1 && summary.perplexity < 10)
  }
}
