/// How alike products are by what they are, for those that nobody took yet.
public protocol ContentSimilarity: Sendable {
  /// How alike each candidate is to a weighed set of products, together.
  func scores(of candidates: [Int], to set: [(product: Int, weight: Float)]) -> [Float]
  /// The cosine between two products.
  func similarity(_ first: Int, _ second: Int) -> Float
}

extension ContentSimilarity {
  /// The candidates nearest to a weighed set, the nearest first, with the one of the set that each is nearest to.
  ///
  /// Those that have nothing in common with the set are left out.
  public func nearest(
    to set: [(product: Int, weight: Float)], among candidates: [Int], count: Int
  ) -> [(product: Int, score: Float, nearest: Int)] {
    var entries = zip(scores(of: candidates, to: set), candidates).filter { $0.0 > 0 }
      .map { (score: $0.0, item: Int32($0.1)) }
    sortStrongest(&entries, count)
    return entries.map { entry in
      let nearest = set.max { similarity(Int(entry.item), $0.product) < similarity(Int(entry.item), $1.product) }
      return (Int(entry.item), entry.score, nearest?.product ?? Int(entry.item))
    }
  }
}

/// Two opinions of how alike products are, added.
public struct ContentBlend: ContentSimilarity {
  private let first: any ContentSimilarity
  private let second: any ContentSimilarity

  /// The sum of two.
  public init(_ first: any ContentSimilarity, _ second: any ContentSimilarity) {
    self.first = first
    self.second = second
  }

  /// How alike each candidate is to a weighed set of products, together.
  public func scores(of candidates: [Int], to set: [(product: Int, weight: Float)]) -> [Float] {
    zip(first.scores(of: candidates, to: set), second.scores(of: candidates, to: set)).map { $0 + $1 }
  }

  /// The cosine between two products.
  public func similarity(_ one: Int, _ other: Int) -> Float {
    (first.similarity(one, other) + second.similarity(one, other)) / 2
  }
}

extension HistoryItem {
  /// How much a product counts for what is like it: older baskets less.
  public var contentWeight: Float { 1 / Float(age + 1) }
  /// Of one user so many products count for that, the latest.
  public static let contentLimit = 20
}
