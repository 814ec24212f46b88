/// Finds settings that foresee what is held back of the training data best, one setting after another.
///
/// Two parts are held back in turn: each user's last basket, and everything after a moment. The data that a model is
/// judged by later are never looked at. Takes a sample of users where there are many, so that its time is bounded.
public struct SettingsSearch {
  /// With up to so many products training searches unless told otherwise: above, the search takes longer than training.
  public static let usualItems = 20_000

  /// Events that the search learns from, at most; and users whom it asks about in each part.
  private static let eventLimit = 300_000
  private static let questionLimit = 600
  private static let leastQuestions = 50
  private static let leastGain = 1.003

  private let parts: [Part]

  /// One part held back, and what does not depend on the settings that are tried.
  private struct Part {
    let split: Split
    let questions: [Split.Question]
    let training: NeighbourTraining
    let walk: SparseRows
    let directed: SparseRows

    init(_ split: Split, _ settings: RecommendationSettings) {
      self.split = split
      let step = max(1, split.questions.count / SettingsSearch.questionLimit)
      questions = split.questions.enumerated().filter { $0.offset % step == 0 }.map(\.element)
      training = NeighbourTraining(split.training, settings)
      walk = training.walk()
      directed = training.directed()
    }

    /// The weights that settings make.
    func model(_ settings: RecommendationSettings) -> RecommendationModel {
      let items = split.training.itemCount
      return RecommendationModel(
        settings: settings, itemIDs: [String](repeating: "", count: items),
        sources: RecommendationModel.sources(walk: walk, directed: directed, training.userCounts, settings),
        popularity: [Float](repeating: 0, count: items), userCounts: training.userCounts, lastEvent: 0)
    }
  }

  /// The weights of all parts, and which settings made them.
  private struct Weights {
    let settings: RecommendationSettings
    let models: [RecommendationModel]

    init(_ settings: RecommendationSettings, _ parts: [Part]) {
      self.settings = settings
      models = parts.map { $0.model(settings) }
    }

    func fit(_ other: RecommendationSettings) -> Bool {
      (settings.beta, settings.priorUsers, settings.directed) == (other.beta, other.priorUsers, other.directed)
    }
  }

  /// A search on interactions, from which whole users are taken.
  public init(_ interactions: Interactions, settings: RecommendationSettings = .init()) {
    let step = max(1, (interactions.items.count + Self.eventLimit - 1) / Self.eventLimit)
    var events: [Interactions.Event] = []
    for user in stride(from: 0, to: interactions.userCount, by: step) {
      for index in interactions.starts[user]..<interactions.starts[user + 1] {
        events.append(
          .init(
            user: Int32(user), item: interactions.items[index], time: interactions.times[index],
            basket: -Int64(interactions.age[index])))
      }
    }
    let (users, items) = (interactions.userCount, interactions.itemCount)
    parts = [
      Split.lastBasket(events, userCount: users, itemCount: items),
      Split.time(Split.usualMoment(events), events, userCount: users, itemCount: items),
    ].map { Part($0, settings) }.filter { $0.questions.count >= Self.leastQuestions }
  }

  /// The best settings, beginning with some; those themselves where there is too little to learn from.
  public func best(from settings: RecommendationSettings = .init()) -> RecommendationSettings {
    guard !parts.isEmpty else { return settings }
    var best = settings
    // The weights of the last settings and of the best: most settings leave them as they are.
    var known = Weights(settings, parts)
    var bestWeights = known
    func measured(_ candidate: RecommendationSettings) -> Double {
      if !known.fit(candidate) { known = bestWeights.fit(candidate) ? bestWeights : Weights(candidate, parts) }
      return gain(candidate, known.models)
    }
    var bestGain = measured(best)
    func take(_ candidate: RecommendationSettings) {
      guard candidate != best else { return }
      let gain = measured(candidate)
      // Smaller gains are chance: what was chosen before stays.
      if gain > bestGain * Self.leastGain { (best, bestGain, bestWeights) = (candidate, gain, known) }
    }
    func attempt<Value: Equatable>(
      _ path: WritableKeyPath<RecommendationSettings, Value>, _ values: [Value]
    ) {
      for value in values where value != best[keyPath: path] {
        var candidate = best
        candidate[keyPath: path] = value
        take(candidate)
      }
    }
    attempt(\.directed, [0, 0.3, 1])
    // How popular items are held back in general and lifted again of late go together.
    for beta: Float in [0.6, 0.8, 1, 1.2] {
      for lift: Float in [0, 0.2, 0.35, 0.5, 0.65] {
        var candidate = best
        (candidate.popularityOfNew, candidate.beta) = (lift, beta)
        take(candidate)
      }
    }
    attempt(\.priorUsers, [0, 5, 60])
    attempt(\.halfLifeDays, [4, 7, 10, 14, 60])
    attempt(\.recency, [0, 0.5, 1])
    attempt(\.basketFloor, [0.1, 0.6])
    attempt(\.popularityOfKnown, [0.2, 0.4, 0.6])
    attempt(\.newItems, [0.02, 0.05, 0.1, 0.3, 1, 3])
    return best
  }

  /// The geometric mean of hit rate, recall and discounted gain at 10 over all items and over new ones, in all parts.
  private func gain(_ settings: RecommendationSettings, _ models: [RecommendationModel]) -> Double {
    var product = 1.0
    var count = 0.0
    for (part, model) in zip(parts, models) {
      for measure in measures(part, RecommendationModel(model, ranking: settings)) where measure > 0 {
        product *= measure
        count += 1
      }
    }
    return count > 0 ? power(product, 1 / count) : 0
  }

  /// Hit rate, recall and gain over all items, then over new ones.
  private func measures(_ part: Part, _ model: RecommendationModel) -> [Double] {
    let training = part.split.training
    var recommender = Recommender(model)
    var sweep = PopularitySweep(training, halfLifeDays: model.settings.halfLifeDays)
    var sums = [Double](repeating: 0, count: 6)
    func add(_ ranking: [Int32], _ answer: Set<Int32>, at place: Int) {
      let (hit, recall, gain) = RankingMeasures.measure(ranking, answer: answer, k: 10)
      sums[place] += hit
      sums[place + 1] += recall
      sums[place + 2] += gain
    }
    for question in part.questions {
      sweep.advance(to: question.time)
      let history = training.history(of: Int(question.user))
      let (all, new) = recommender.foresee(history, count: 10, popularity: sweep.popularity)
      add(all, question.answer, at: 0)
      let unknown = question.answer.subtracting(history.map(\.item))
      if !unknown.isEmpty { add(new, unknown, at: 3) }
    }
    return sums.map { $0 / Double(part.questions.count) }
  }
}
