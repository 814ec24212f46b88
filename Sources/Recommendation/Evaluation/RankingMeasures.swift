import Glibc

/// A mean over users with the half-width of its 95 % interval (normal approximation).
public struct MeanWithInterval: Sendable {
  /// The mean; nil of nobody.
  public let mean: Double?
  /// Half the width of the interval; nil of fewer than two users, of whom none can be said.
  public let halfWidth: Double?

  init(_ values: [Double]) {
    guard !values.isEmpty else {
      (mean, halfWidth) = (nil, nil)
      return
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    guard count > 1 else {
      halfWidth = nil
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    halfWidth = 1.959963984540054 * sqrt(variance / count)
  }
}

/// How well rankings foresaw what users took.
public struct RankingMeasures: Sendable {
  /// The part of users for whom at least one item was foreseen.
  public let hitRate: MeanWithInterval
  /// The part of a user's items that was foreseen.
  public let recall: MeanWithInterval
  /// Discounted gain against the best possible order.
  ///
  /// Source: Jarvelin and Kekalainen, 2002.
  public let ndcg: MeanWithInterval
  /// The part of all items that was recommended to anybody.
  public let coverage: Double
  /// Mean information of the recommended items: minus the logarithm (base 2) of the part of users who took each; nil
  /// where none was.
  public let novelty: Double?
  /// How many users were asked about.
  public let users: Int

  /// For one ranking, cut at `k`: hit, recall and gain.
  static func measure(_ ranking: some Sequence<Int32>, answer: Set<Int32>, k: Int) -> (
    Double, Double, Double
  ) {
    var hits = 0.0
    var gain = 0.0
    for (place, item) in ranking.prefix(k).enumerated() where answer.contains(item) {
      hits += 1
      gain += 1 / log2(Double(place) + 2)
    }
    let ideal = (0..<min(k, answer.count)).reduce(0.0) { $0 + 1 / log2(Double($1) + 2) }
    return (hits > 0 ? 1 : 0, hits / Double(answer.count), ideal > 0 ? gain / ideal : 0)
  }
}
