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

/// Words that tell how alike products are, and vectors that tell it where words do not.
public struct ContentBlend: ContentSimilarity {
  /// On events of two shops and with models of two sizes words alone foresaw better than vectors alone.
  private static let vectorWeight: Float = 0.25

  private let words: ContentIndex
  private let vectors: VectorIndex

  /// Both, words weighing more.
  public init(_ words: ContentIndex, _ vectors: VectorIndex) {
    self.words = words
    self.vectors = vectors
  }

  /// How alike each candidate is to a weighed set of products, together.
  public func scores(of candidates: [Int], to set: [(product: Int, weight: Float)]) -> [Float] {
    zip(words.scores(of: candidates, to: set), vectors.scores(of: candidates, to: set))
      .map { $0 + $1 * Self.vectorWeight }
  }

  /// The cosine between two products.
  public func similarity(_ one: Int, _ other: Int) -> Float {
    (words.similarity(one, other) + vectors.similarity(one, other) * Self.vectorWeight) / (1 + Self.vectorWeight)
  }
}

extension HistoryItem {
  /// How much a product counts for what is like it: older baskets less.
  public var contentWeight: Float { 1 / Float(age + 1) }
  /// Of one user so many products count for that, the latest.
  public static let contentLimit = 20
}
