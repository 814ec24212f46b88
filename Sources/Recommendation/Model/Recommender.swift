/// Ranks items for users by one model.
///
/// The score of an item is (what the user's own past says) x (how popular it was lately)^a + w x (what other users who
/// took the same items took) x popularity^b: known and new items each have their strength of popularity. Not
/// thread-safe: one for each thread.
public struct Recommender: ~Copyable {
  private let model: RecommendationModel
  private let settings: RecommendationSettings
  // Invariant: both are 0 for every item outside `touched`.
  private var own: [Float]
  private var related: [Float]
  private var touched: [Int32] = []
  private var ranked: [(score: Float, item: Int32)] = []
  private var weights: [(item: Int32, weight: Float)] = []
  // For each item of the past: the age of its latest basket.
  private var latest: [Int32]
  private let popularFirst: [Int32]
  // Popularity to its powers, for the popularity that the model holds.
  private let knownLift: [Float]
  private let newLift: [Float]

  /// Popularity is lifted by these, so that what nobody took lately keeps a little.
  private static let leastKnown: Float = 0.02
  private static let leastNew: Float = 0.01

  /// A recommender for a model.
  public init(_ model: RecommendationModel) {
    self.model = model
    settings = model.settings
    own = [Float](repeating: 0, count: model.itemIDs.count)
    related = [Float](repeating: 0, count: model.itemIDs.count)
    latest = [Int32](repeating: .max, count: model.itemIDs.count)
    let popularity = model.popularity
    let settings = settings
    knownLift = popularity.map { power($0 + Self.leastKnown, settings.popularityOfKnown) }
    newLift = popularity.map { power($0 + Self.leastNew, settings.popularityOfNew) }
    popularFirst = model.itemIDs.indices.map { Int32($0) }.sorted { left, right in
      (popularity[Int(right)], left) < (popularity[Int(left)], right)
    }
  }

  /// The best items for a user, the best first.
  ///
  /// - Parameters:
  ///   - history: what the user took, in any order; may be empty.
  ///   - count: how many to answer; fewer where the rules leave fewer.
  ///   - repeats: whether what the user took before may come again.
  ///   - popularity: the popularity at another moment than the end of training.
  ///   - isAllowed: whether an item may be recommended at all.
  public mutating func recommend(
    _ history: [HistoryItem], count: Int, repeats: Repeats = .include,
    popularity: DecayedPopularity? = nil,
    isAllowed: (Int32) -> Bool = { _ in true }
  ) -> [Recommendation] {
    weigh(history)
    spread()
    rank(repeats: repeats, popularity: popularity, isAllowed: isAllowed)
    sortStrongest(&ranked, count)
    var result = ranked.map {
      Recommendation(item: $0.item, score: $0.score, reason: reason($0.item, history))
    }
    clear()
    if result.count < count { fill(&result, history, count, repeats, popularity, isAllowed) }
    return result
  }

  /// The best items of all, and the best new ones, by what the past leads to alone.
  mutating func foresee(_ history: [HistoryItem], count: Int, popularity: DecayedPopularity) -> (
    all: [Int32], new: [Int32]
  ) {
    weigh(history)
    spread()
    rank(repeats: .include, popularity: popularity) { _ in true }
    var new = ranked.filter { own[Int($0.item)] == 0 }
    clear()
    sortStrongest(&ranked, count)
    sortStrongest(&new, count)
    return (ranked.map(\.item), new.map(\.item))
  }

  /// The weight of each item of the past: its baskets, newer ones counting more.
  private mutating func weigh(_ history: [HistoryItem]) {
    weights.removeAll(keepingCapacity: true)
    for entry in history {
      let item = Int(entry.item)
      if own[item] == 0 { touched.append(entry.item) }
      own[item] += power(settings.basketDecay, Float(entry.age)) + settings.basketFloor
      latest[item] = min(latest[item], entry.age)
    }
    let first = max(0, touched.count - settings.historyLimit)
    for item in touched[first...] {
      let decay = settings.recency > 0 ? power(settings.basketDecay, Float(latest[Int(item)])) : 1
      weights.append((item, 1 - settings.recency + settings.recency * decay))
    }
  }

  /// Follows the items of the past to what they lead to.
  private mutating func spread() {
    let targets = model.targets
    related.withUnsafeMutableBufferPointer { related in
      targets.columns.withUnsafeBufferPointer { columns in
        targets.weights.withUnsafeBufferPointer { values in
          for (item, weight) in weights {
            for index in targets.range(of: Int(item)) {
              let column = Int(columns[index])
              if related[column] == 0, own[column] == 0 { touched.append(Int32(column)) }
              related[column] += values[index] * weight
            }
          }
        }
      }
    }
  }

  private mutating func rank(
    repeats: Repeats, popularity: DecayedPopularity?, isAllowed: (Int32) -> Bool
  ) {
    var mostOwn: Float = 1e-12
    var mostRelated: Float = 1e-12
    for item in touched {
      mostOwn = max(mostOwn, own[Int(item)])
      mostRelated = max(mostRelated, related[Int(item)])
    }
    let newWeight = settings.newItems / mostRelated
    ranked.removeAll(keepingCapacity: true)
    for item in touched {
      let index = Int(item)
      if repeats == .exclude, own[index] > 0 { continue }
      guard isAllowed(item) else { continue }
      var score: Float = 0
      if let popularity {
        let now = popularity[index]
        if own[index] > 0 {
          score += own[index] / mostOwn * power(now + Self.leastKnown, settings.popularityOfKnown)
        }
        score += related[index] * newWeight * power(now + Self.leastNew, settings.popularityOfNew)
      } else {
        score =
          own[index] / mostOwn * knownLift[index] + related[index] * newWeight * newLift[index]
      }
      ranked.append((score, item))
    }
  }

  private mutating func clear() {
    for item in touched {
      own[Int(item)] = 0
      related[Int(item)] = 0
      latest[Int(item)] = .max
    }
    touched.removeAll(keepingCapacity: true)
  }

  /// The strongest reason for an item, of those that hold.
  private func reason(_ item: Int32, _ history: [HistoryItem]) -> Recommendation.Reason {
    if own[Int(item)] > 0 {
      return .again(times: history.reduce(0) { $0 + ($1.item == item ? 1 : 0) })
    }
    var best: (item: Int32, weight: Float)?
    for index in model.sources.range(of: Int(item)) {
      let source = model.sources.columns[index]
      // A source that was taken lately is what the user remembers.
      let weight = model.sources.weights[index] * own[Int(source)]
      if weight > best?.weight ?? 0 { best = (source, weight) }
    }
    return best.map { .because(item: $0.item) } ?? .popular
  }

  /// Adds what is popular where the past leads to too little.
  private func fill(
    _ result: inout [Recommendation], _ history: [HistoryItem], _ count: Int, _ repeats: Repeats,
    _ popularity: DecayedPopularity?, _ isAllowed: (Int32) -> Bool
  ) {
    var taken = Set(result.map(\.item))
    if repeats == .exclude { taken.formUnion(history.map(\.item)) }
    // Below everything that the past speaks for.
    let ceiling = result.last?.score ?? 1
    func add(_ item: Int32, _ popularity: Float) {
      guard !taken.contains(item), isAllowed(item) else { return }
      result.append(Recommendation(item: item, score: ceiling * popularity * 0.5, reason: .popular))
    }
    if let popularity {
      let values = popularity.values
      for item in values.indices.sorted(by: { values[$0] > values[$1] }) where result.count < count {
        add(Int32(item), values[item])
      }
    } else {
      for item in popularFirst {
        if result.count == count { break }
        add(item, model.popularity[Int(item)])
      }
    }
  }
}
