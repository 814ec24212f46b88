import Core
import Foundation
import NeuralDecoder
import PluginAPI
import PluginTesting
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

  private static func vector(_ result: TestResult) throws -> [Double] {
    let text = try #require(try PluginTests.candidates(result).first).text
    return try JSONDecoder().decode([Double].self, from: Data(text.utf8))
  }

  private static func shop() throws -> TestInstance {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../manifests/models/shop.gguf")
    return try TestHost(resources: [
      TestResource(kind: "model", name: "shop.gguf", bytes: Array(try Data(contentsOf: path)))
    ]).instance(of: NeuralDecoder.self, config: #"{"model":"shop.gguf","prompt":"x","role":"vector"}"#)
  }

  @Test func aStageWritesTheVectorOfItsPrompt() throws {
    let found = try Self.shop().process(
      ["a warm woollen hat", "a woollen cap", "six steel tent pegs", ""].map { PluginTests.brief($0) })
    let vectors = try found.prefix(3).map(Self.vector)
    func cosine(_ a: Int, _ b: Int) -> Double { zip(vectors[a], vectors[b]).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(vectors.allSatisfy { $0.count == 128 })
    #expect(abs(cosine(0, 0) - 1) < 1e-4)
    #expect(cosine(0, 1) > cosine(0, 2))
    #expect(found[3].failure?.field == "params.prompt")
  }

  /// The model was made for 64 tokens.
  @Test func aLongPromptIsReadInParts() throws {
    let half = String(repeating: "a warm woollen hat for the winter ", count: 40)
    let other = String(repeating: "six steel tent pegs ", count: 80)
    let found = try Self.shop().process([half, half + other, other].map { PluginTests.brief($0) }).map(Self.vector)
    func cosine(_ a: Int, _ b: Int) -> Double { zip(found[a], found[b]).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(cosine(0, 1) > cosine(0, 2) && cosine(1, 2) > cosine(0, 2))
  }
}
