import Core
import Foundation
import Testing

@testable import NeuralDecoder

/// What is left to be drawn from, against the plain way to find it, for vocabularies of a real model's size.
struct SamplerTests {
  /// Logits of a vocabulary, flat or steep, some of them equal.
  static func logits(_ count: Int, scale: Float) -> [Float] {
    KernelTests.numbers(count, seed: UInt64(count)).map { ($0 * $0 * $0 * scale * 64).rounded() / 64 }
  }

  static let cases: [(topK: Int, topP: Double, minP: Double)] = [
    (0, 0.95, 0), (0, 0.5, 0), (0, 1, 0.05), (0, 1, 1e-6), (0, 0.95, 0.05), (40, 1, 0), (5000, 0.9, 0),
    (30_000, 1, 0.2),
  ]

  @Test(arguments: cases.indices, [Float(2), 12, 60])
  func whatIsLeftIsTheMostProbableInOrder(_ index: Int, scale: Float) throws {
    let (topK, topP, minP) = Self.cases[index]
    var options = SamplingOptions()
    (options.topK, options.topP, options.minP) = (topK, topP, minP)
    var values = Self.logits(20_000, scale: scale)
    let most = try #require(values.max())
    let sampler = Sampler(try #require(Kernels.levels.last))
    values.withUnsafeMutableBufferPointer { sampler.truncate($0, most, options) }
    let found = sampler.kept

    var order = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    if topK > 0 { order = Array(order.prefix(topK)) }
    func weight(_ place: Int) -> Double { exp(Double(values[place] - most)) }
    // Top-p looks at what top-k left, and min-p takes off the rest.
    let wanted = topP * order.reduce(0) { $0 + weight($1) }
    var sum = 0.0
    let expected = order.prefix { place in
      defer { sum += weight(place) }
      return (topP == 1 || sum < wanted) && (minP == 0 || values[place] >= most + Float(log(minP)))
    }
    // A sum in another order may decide otherwise about the last one.
    let length = min(found.count, expected.count)
    #expect(abs(found.count - expected.count) <= 1)
    let isSame = found.prefix(length) == expected.prefix(length)
    #expect(isSame, "\(found.count) and \(expected.count)")
  }
}
