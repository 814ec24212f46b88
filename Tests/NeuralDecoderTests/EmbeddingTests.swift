import Core
import Foundation
import NeuralDecoder
import Testing

struct EmbeddingTests {
  /// The head of a tiny model is its token matrix, so the sum of a text's logits is that matrix times the mean vector.
  @Test func theVectorIsTheMeanOfTheLastLayer() throws {
    let tiny = try TinyModel(quantised: false)
    let text: [Int32] = [70, 71, 90, 5]
    let vector = tiny.decoder.embed([text])[0]
    #expect(vector.count == 64)
    var sums = [Double](repeating: 0, count: tiny.model.shape.vocabulary)
    Evaluator(tiny.model, pool: tiny.pool).logits(of: text) { _, logits in
      for place in logits.indices { sums[place] += Double(logits[place]) }
    }
    let rows = TinyModel.tokenMatrix
    let products = sums.indices.map { row in
      (0..<64).reduce(0.0) { $0 + Double(rows[row * 64 + $1]) * Double(vector[$1]) }
    }
    let scale = zip(sums, products).reduce(0) { $0 + $1.0 * $1.1 } / products.reduce(0) { $0 + $1 * $1 }
    for (sum, product) in zip(sums, products) { #expect(abs(sum - scale * product) < 1e-3 * scale) }
    withExtendedLifetime(tiny) {}
  }

  @Test func vectorsHaveLengthOneAndDoNotDependOnCompany() throws {
    let texts = (1..<6).map { count in (0..<count * 9).map { Int32($0 * count % 250) } }
    let tiny = try TinyModel(threads: 2)
    let decoder = tiny.decoder
    let together = decoder.embed(texts)
    for (text, expected) in zip(texts, together) {
      let other = try TinyModel()
      let alone = withExtendedLifetime(other) { other.decoder.embed([text])[0] }
      #expect(alone == expected)
      #expect(abs(expected.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }
    #expect(Set(together).count == texts.count)
    withExtendedLifetime(tiny) {}
  }
}
