/// Ours and its peers, asked the same questions.
public struct Evaluation: Sendable {
  /// Which items count as answers.
  public enum Table: String, Sendable, CaseIterable {
    /// All that a user took.
    case all
    /// Only what the user had not taken before.
    case new
  }

  /// How popular the items are that a group of users is shown, beside those that they take.
  public struct Bias: Sendable {
    /// The group by activity: "few", "some" or "many" items in the past.
    public let segment: String
    /// How many users it has.
    public let users: Int
    /// Mean part of all users who took the items of the users' past.
    public let past: Double
    /// The same of the recommended items.
    public let recommended: Double
    /// How much more popular the recommended items are, as a part of the past.
    ///
    /// Source: Abdollahpouri et al., "The unfairness of popularity bias", 2019.
    public var lift: Double { past > 0 ? recommended / past - 1 : 0 }
  }

  /// One model in one table.
  public struct Row: Sendable {
    /// The model's name.
    public let model: String
    /// Which items count.
    public let table: Table
    /// How well it foresaw.
    public let measures: RankingMeasures
    /// Popularity bias by activity of users.
    public let bias: [Bias]
  }

  /// Of more users than this, every n-th is asked about.
  public static let questionLimit = 5000

  /// How the data were split.
  public let split: String
  /// How many users, items and events are learnt from.
  public let users: Int
  /// Items that exist.
  public let items: Int
  /// Events learnt from.
  public let events: Int
  /// A row for each model and table.
  public let rows: [Row]
  /// The length of the rankings.
  public let count: Int

  /// Trains ours and its peers on a split and asks all questions.
  ///
  /// - Parameter progress: hears the name of what is measured next.
  public init(
    _ split: Split, settings: RecommendationSettings = .init(), count: Int = 10,
    progress: (String) -> Void = { _ in }
  ) {
    let training = split.training
    let ids = (0..<training.itemCount).map { "\($0)" }
    var plain = settings
    plain.popularityOfNew = 0
    plain.popularityOfKnown = 0
    progress("training")
    let model = RecommendationModel(training, itemIDs: ids, settings: settings)
    let withoutPopularity = RecommendationModel(training, itemIDs: ids, settings: plain)
    let asker = Asker(split: split, userCounts: model.userCounts, count: count)
    var rows: [Row] = []
    func ask(_ table: Table, _ ranker: consuming some Ranker & ~Copyable) {
      progress("\(ranker.name), \(table.rawValue) items")
      rows.append(asker.row(&ranker, table))
    }
    for table in Table.allCases {
      ask(table, PopularityRanker(training, userCounts: model.userCounts))
      ask(table, RecentPopularityRanker(training, halfLifeDays: settings.halfLifeDays))
      if table == .all { ask(table, OwnHistoryRanker(training, userCounts: model.userCounts)) }
      ask(table, ItemCosineRanker(training))
      ask(table, BlendRanker("blend without popularity", training, withoutPopularity))
      ask(table, BlendRanker("blend", training, model))
    }
    self.split = split.description
    users = split.questions.count
    items = training.itemCount
    events = training.items.count
    self.rows = rows
    self.count = count
  }
}

/// Asks one ranker all questions.
private struct Asker {
  let split: Split
  let userCounts: [Int32]
  let count: Int

  func row(_ ranker: inout some Ranker & ~Copyable, _ table: Evaluation.Table) -> Evaluation.Row {
    let training = split.training
    let userTotal = Double(max(split.questions.count, 1))
    var hits: [Double] = []
    var recalls: [Double] = []
    var gains: [Double] = []
    var shown = [Bool](repeating: false, count: training.itemCount)
    var information = 0.0
    var shownCount = 0
    var groups: [(size: Int, past: Double, recommended: Double)] = []
    // Many questions are sampled: every n-th in the order of time.
    let step = max(1, split.questions.count / Evaluation.questionLimit)
    for (place, question) in split.questions.enumerated() where place % step == 0 {
      let range = training.starts[Int(question.user)]..<training.starts[Int(question.user) + 1]
      let past = Set(training.items[range])
      let answer = table == .all ? question.answer : question.answer.subtracting(past)
      if answer.isEmpty { continue }
      let ranking = ranker.rank(
        question, repeats: table == .all ? .include : .exclude, count: count)
      let (hit, recall, gain) = RankingMeasures.measure(ranking, answer: answer, k: count)
      hits.append(hit)
      recalls.append(recall)
      gains.append(gain)
      for item in ranking {
        shown[Int(item)] = true
        information -= binaryLogarithm(max(Double(userCounts[Int(item)]), 0.5) / userTotal)
        shownCount += 1
      }
      func meanPart(_ items: some Collection<Int32>) -> Double {
        items.reduce(0.0) { $0 + Double(userCounts[Int($1)]) } / userTotal
          / Double(max(items.count, 1))
      }
      groups.append((past.count, meanPart(past), meanPart(ranking)))
    }
    return Evaluation.Row(
      model: ranker.name, table: table,
      measures: RankingMeasures(
        hitRate: MeanWithInterval(hits), recall: MeanWithInterval(recalls),
        ndcg: MeanWithInterval(gains),
        coverage: Double(shown.count { $0 }) / Double(max(shown.count, 1)),
        novelty: shownCount > 0 ? information / Double(shownCount) : nil, users: hits.count),
      bias: Self.bias(groups))
  }

  /// Users in thirds by the size of their past.
  private static func bias(_ groups: [(size: Int, past: Double, recommended: Double)])
    -> [Evaluation.Bias]
  {
    let sorted = groups.sorted { $0.size < $1.size }
    return ["few", "some", "many"].enumerated().map { index, name in
      let part = sorted[(sorted.count * index / 3)..<(sorted.count * (index + 1) / 3)]
      let size = Double(max(part.count, 1))
      return Evaluation.Bias(
        segment: name, users: part.count, past: part.reduce(0) { $0 + $1.past } / size,
        recommended: part.reduce(0) { $0 + $1.recommended } / size)
    }
  }
}
