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

  /// What the options of a case leave of logits, which are there too with the largest.
  static func ranked(_ index: Int, _ scale: Float) throws -> (ranking: Ranking, values: [Float], most: Float) {
    var options = SamplingOptions()
    (options.topK, options.topP, options.minP) = cases[index]
    var values = logits(20_000, scale: scale)
    let most = try #require(values.max())
    let ranking = Ranking(try #require(Kernels.levels.last))
    values.withUnsafeMutableBufferPointer { ranking.keep($0, most: most, options) }
    return (ranking, values, most)
  }

  @Test(arguments: cases.indices, [Float(2), 12, 60])
  func whatIsLeftIsTheMostProbableInOrder(_ index: Int, scale: Float) throws {
    let (topK, topP, minP) = Self.cases[index]
    let (ranking, values, most) = try Self.ranked(index, scale)
    let found = Set(ranking.kept.map(Int.init))

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
    #expect(abs(found.count - expected.count) <= 1)
    let isSame = Set(order.prefix(found.count)) == found
    #expect(isSame, "\(found.count) and \(expected.count)")
  }

  @Test(arguments: cases.indices, [Float(2), 12, 60])
  func whatIsDrawnIsWhatAWalkThroughAllInOrderFinds(_ index: Int, scale: Float) throws {
    let (ranking, values, most) = try Self.ranked(index, scale)
    let order = ranking.kept.map(Int.init).sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    var ends: [Int: (before: Double, after: Double)] = [:]
    var sum = 0.0
    for place in order {
      let weight = exp(Double((values[place] - most) * 1.25))
      ends[place] = (sum, sum + weight)
      sum += weight
    }
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let found = try #require(ends[ranking.draw(1.25, &random)])
      var again = SeededRandom(seed: seed)
      let wanted = again.unit() * sum
      // Whole bins are summed in single precision.
      let near = 1e-5 * sum
      #expect(found.before - near <= wanted && wanted < found.after + near)
    }
  }

  @Test(arguments: [[Float.nan, 1, 2], [.nan, .nan], [-.infinity, 3, -.infinity], [.infinity, 1], [0, -0.0, 0]])
  func numbersThatAreNoneAreNoHarm(_ logits: [Float]) throws {
    var values = logits
    let sampler = Sampler(try #require(Kernels.levels.last))
    var options = SamplingOptions()
    (options.topP, options.minP, options.topK) = (0.9, 0.05, 2)
    var random = SeededRandom(seed: 1)
    for topK in [0, 2] {
      options.topK = topK
      let choice = values.withUnsafeMutableBufferPointer { sampler.choose($0, nil, recent: [], options, &random) }
      #expect(logits.indices.contains(Int(choice.token)))
    }
  }
}
