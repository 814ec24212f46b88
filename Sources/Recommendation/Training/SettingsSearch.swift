/// Finds settings that foresee the last baskets of the training data best, one setting after another.
///
/// The data that a model is judged by later are never looked at. Takes a sample of users where there are many, so that
/// its time is bounded.
public struct SettingsSearch {
  /// Events that the search learns from, at most; and users whom it asks about.
  private static let eventLimit = 300_000
  private static let questionLimit = 800
  private static let leastGain = 1.003

  private let split: Split
  private let questions: [Split.Question]
  private let training: NeighbourTraining
  private let walk: SparseRows
  private let directed: SparseRows

  /// A search on interactions, from which whole users are taken.
  public init(_ interactions: Interactions, settings: RecommendationSettings = .init()) {
    let parts = max(1, (interactions.items.count + Self.eventLimit - 1) / Self.eventLimit)
    var events: [Interactions.Event] = []
    for user in stride(from: 0, to: interactions.userCount, by: parts) {
      for index in interactions.starts[user]..<interactions.starts[user + 1] {
        events.append(
          .init(
            user: Int32(user), item: interactions.items[index], time: interactions.times[index],
            basket: -Int64(interactions.age[index])))
      }
    }
    split = .lastBasket(events, userCount: interactions.userCount, itemCount: interactions.itemCount)
    let step = max(1, split.questions.count / Self.questionLimit)
    questions = split.questions.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    training = NeighbourTraining(split.training, settings)
    walk = training.walk()
    directed = training.directed()
  }

  /// The best settings, beginning with some; those themselves where there is too little to learn from.
  public func best(from settings: RecommendationSettings = .init()) -> RecommendationSettings {
    guard questions.count >= 50 else { return settings }
    var best = settings
    var bestGain = gain(best)
    func attempt<Value: Equatable>(
      _ path: WritableKeyPath<RecommendationSettings, Value>, _ values: [Value]
    ) {
      for value in values where value != best[keyPath: path] {
        var candidate = best
        candidate[keyPath: path] = value
        let gain = gain(candidate)
        // Smaller gains are chance: the usual value stays.
        if gain > bestGain * Self.leastGain { (best, bestGain) = (candidate, gain) }
      }
    }
    attempt(\.directed, [0, 0.3, 1])
    attempt(\.beta, [0.4, 0.6, 0.8])
    attempt(\.halfLifeDays, [4, 7, 14, 60])
    attempt(\.popularityOfNew, [0, 0.2, 0.5, 0.8])
    attempt(\.recency, [0, 0.5, 1])
    attempt(\.popularityOfKnown, [0.2, 0.4, 0.6])
    attempt(\.newItems, [0.02, 0.05, 0.1, 0.3, 1, 3])
    return best
  }

  /// The mean discounted gain at 10 over all items and over new ones.
  private func gain(_ settings: RecommendationSettings) -> Double {
    let sources = RecommendationModel.sources(
      walk: walk, directed: directed, training.userCounts, settings)
    let model = RecommendationModel(
      settings: settings, itemIDs: [String](repeating: "", count: split.training.itemCount), sources: sources,
      popularity: [Float](repeating: 0, count: split.training.itemCount), userCounts: training.userCounts, lastEvent: 0)
    var ranker = BlendRanker("", split.training, model)
    var total = 0.0
    for question in questions {
      total +=
        RankingMeasures.measure(
          ranker.rank(question, repeats: .include, count: 10), answer: question.answer, k: 10
        ).2
      let past = split.training.items[
        split.training.starts[Int(question.user)]..<split.training.starts[Int(question.user) + 1]]
      let new = question.answer.subtracting(past)
      if new.isEmpty { continue }
      total += RankingMeasures.measure(ranker.rank(question, repeats: .exclude, count: 10), answer: new, k: 10).2
    }
    return total / Double(questions.count)
  }
}
