/// Something that orders items for users, to be compared with others.
protocol Ranker: ~Copyable {
  var name: String { get }
  /// The best items for a user at a moment, the best first.
  mutating func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32]
}

/// What most users took.
struct PopularityRanker: Ranker {
  let name = "popularity"
  private let order: [Int32]
  private let training: Interactions

  init(_ training: Interactions, userCounts: [Int32]) {
    self.training = training
    order = userCounts.indices.map { Int32($0) }.sorted {
      (userCounts[Int($1)], $0) < (userCounts[Int($0)], $1)
    }
  }

  func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32] {
    let known = repeats == .exclude ? knownItems(training, question.user) : []
    return Array(order.lazy.filter { !known.contains($0) }.prefix(count))
  }
}

/// What was taken most lately, at the moment of the question.
struct RecentPopularityRanker: Ranker {
  let name = "popularity with decay"
  private var sweep: PopularitySweep
  private let training: Interactions

  init(_ training: Interactions, halfLifeDays: Double) {
    self.training = training
    sweep = PopularitySweep(training, halfLifeDays: halfLifeDays)
  }

  mutating func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32] {
    sweep.advance(to: question.time)
    let known = repeats == .exclude ? knownItems(training, question.user) : []
    var entries = (0..<training.itemCount).map { (score: sweep.popularity[$0], item: Int32($0)) }
    entries.removeAll { known.contains($0.item) }
    return strongest(&entries, count)
  }
}

/// What the user took most often, the more popular of equals first.
struct OwnHistoryRanker: Ranker {
  let name = "own history"
  private let training: Interactions
  private let popularity: [Float]

  init(_ training: Interactions, userCounts: [Int32]) {
    self.training = training
    let most = Float(max(userCounts.max() ?? 1, 1))
    popularity = userCounts.map { Float($0) / most * 0.5 }
  }

  func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32] {
    // Nothing of one's own past is new.
    guard repeats == .include else { return [] }
    var counts = popularity
    for index in training.starts[Int(question.user)]..<training.starts[Int(question.user) + 1] {
      counts[Int(training.items[index])] += 1
    }
    var entries = counts.indices.map { (score: counts[$0], item: Int32($0)) }
    return strongest(&entries, count)
  }
}

/// The items nearest to the user's by the cosine of their users, each item keeping its nearest 100.
struct ItemCosineRanker: Ranker {
  let name = "item cosine"
  private let training: Interactions
  private let targets: SparseRows

  init(_ training: Interactions) {
    var settings = RecommendationSettings()
    settings.historyLimit = .max
    let nearest = NeighbourTraining(training, settings).cosine()
    self.training = training
    targets = nearest.transposed(columnCount: training.itemCount)
  }

  func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32] {
    let known = knownItems(training, question.user)
    var scores = [Float](repeating: 0, count: training.itemCount)
    for item in known.sorted() {
      for index in targets.range(of: Int(item)) {
        scores[Int(targets.columns[index])] += targets.weights[index]
      }
    }
    var entries = scores.indices.map { (score: scores[$0], item: Int32($0)) }
    if repeats == .exclude { entries.removeAll { known.contains($0.item) } }
    return strongest(&entries, count)
  }
}

/// Ours: own history, neighbours and lately popular items blended.
struct BlendRanker: Ranker, ~Copyable {
  let name: String
  private let training: Interactions
  private var recommender: Recommender
  private var sweep: PopularitySweep

  init(_ name: String, _ training: Interactions, _ model: RecommendationModel) {
    self.name = name
    self.training = training
    recommender = Recommender(model)
    sweep = PopularitySweep(training, halfLifeDays: model.settings.halfLifeDays)
  }

  mutating func rank(_ question: Split.Question, repeats: Repeats, count: Int) -> [Int32] {
    sweep.advance(to: question.time)
    return recommender.recommend(
      training.history(of: Int(question.user)), count: count, repeats: repeats,
      popularity: sweep.popularity
    ).map(\.item)
  }
}

/// Popularity as it was known at one moment after another.
struct PopularitySweep {
  private(set) var popularity: DecayedPopularity
  private let events: [(time: Int64, item: Int32)]
  private var next = 0

  init(_ training: Interactions, halfLifeDays: Double) {
    popularity = DecayedPopularity(
      itemCount: training.itemCount, halfLifeSeconds: halfLifeDays * 86_400)
    events = training.items.indices.map { (training.times[$0], training.items[$0]) }.sorted {
      $0 < $1
    }
  }

  /// Adds everything before a moment, which is not before the last one.
  mutating func advance(to time: Int64) {
    while next < events.count, events[next].time < time {
      popularity.add(events[next].item, at: events[next].time)
      next += 1
    }
  }
}

private func knownItems(_ training: Interactions, _ user: Int32) -> Set<Int32> {
  Set(training.items[training.starts[Int(user)]..<training.starts[Int(user) + 1]])
}

private func strongest(_ entries: inout [(score: Float, item: Int32)], _ count: Int) -> [Int32] {
  sortStrongest(&entries, count)
  return entries.map(\.item)
}
