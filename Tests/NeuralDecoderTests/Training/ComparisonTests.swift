import Foundation
import FoundationXML
import Testing

@testable import NeuralDecoder

struct ComparisonTests {
  private static func corpus(_ texts: [String]) throws -> TrainingCorpus {
    var options = TrainingOptions()
    (options.vocabulary, options.validation) = (300, 0.3)
    return try TrainingCorpus(files: [texts.joined(separator: "\n")], options: options, seed: 3)
  }

  @Test func whatRepeatsItselfIsExpectedMoreThanWhatDoesNot() throws {
    let words = ["tea", "boots", "maps", "tents", "lamps", "stoves", "ropes", "packs"]
    let pairs = words.flatMap { first in words.map { "\(first) and \($0)" } }
    var random = NormalGenerator(seed: 1)
    let letters = (0..<64).map { _ in
      String((0..<12).map { _ in "abcdefghijklmnop".randomElement(using: &random) ?? "a" })
    }
    let regular = try #require(try NGramComparison(Self.corpus(pairs)))
    let noise = try #require(try NGramComparison(Self.corpus(letters)))
    #expect(regular.loss < 0.6 * noise.loss && regular.loss > 0)
    // Noise of 16 letters cannot be known better than to log(16) nats, less what an end is worth.
    #expect(noise.loss > 0.8 * log(16))
    #expect((2...5).contains(regular.order))
  }

  @Test func withoutHeldBackTextsThereIsNothingToCompare() throws {
    var options = TrainingOptions()
    (options.vocabulary, options.validation) = (300, 0)
    let corpus = try TrainingCorpus(
      files: [(0..<20).map { "text \($0)" }.joined(separator: "\n")], options: options, seed: 3)
    #expect(try NGramComparison(corpus) == nil)
  }

  @Test func theCurveHasAPointForEachEpoch() throws {
    let epochs = [5.5, 4.25, 3.5].map { Trainer.Epoch(training: $0, validation: $0 + 0.25) }
    let svg = LossCurve(epochs: epochs, best: 2, other: nil).svg
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse())
    // Losses of 3.5 to 5.75 lie between the grid's 3 and 6; the drawing is 264 high from 48 on.
    #expect(svg.contains(#"<polyline class="training" points="48,92 320,202 592,268"/>"#), "\(svg)")
    #expect(svg.components(separatedBy: "<polyline").count == 3)
  }

  @Test func aRunThatDivergedIsDrawnAllTheSame() {
    let epochs = [4, .nan, .infinity].map { Trainer.Epoch(training: $0, validation: $0) }
    #expect(XMLParser(data: Data(LossCurve(epochs: epochs, best: 0, other: nil).svg.utf8)).parse())
  }
}
