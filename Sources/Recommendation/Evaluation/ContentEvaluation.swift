import Core

/// Products that nobody took yet, foreseen by what they are.
///
/// Each product is taken for new once, in one of five parts: of that part's products alone, those of a user's last
/// basket are to be found by the user's past among the others.
public struct ContentEvaluation: Sendable {
  /// One opinion of how alike products are.
  public struct Row: Sendable {
    /// Its name.
    public let model: String
    /// How well it foresaw; novelty says nothing of products that nobody took.
    public let measures: RankingMeasures
  }

  /// How it was asked, for people.
  public static let description =
    "new products: a fifth at a time is taken for new, and foreseen in last baskets by what the customer bought of the others"
  private static let parts = 5

  private struct Question {
    let part: Int
    let past: [(product: Int, weight: Float)]
    let known: Set<Int32>
    let answer: Set<Int32>
  }

  /// How many questions were asked.
  public let questions: Int
  /// A row for each opinion, the last of them being any order.
  public let rows: [Row]

  /// Asks opinions about the products of a split, at rankings of a length.
  public init(_ split: Split, _ opinions: [(name: String, index: any ContentSimilarity)], count: Int = 10) {
    let training = split.training
    let candidates = (0..<Self.parts).map { part in
      (0..<training.itemCount).filter { $0 % Self.parts == part }
    }
    var asked: [Question] = []
    let step = max(1, split.questions.count / Evaluation.questionLimit)
    for (place, question) in split.questions.enumerated() where place % step == 0 {
      let history = training.history(of: Int(question.user))
      let known = Set(history.map(\.item))
      for part in 0..<Self.parts {
        let answer = question.answer.filter { Int($0) % Self.parts == part && !known.contains($0) }
        let past = history.filter { Int($0.item) % Self.parts != part }.suffix(HistoryItem.contentLimit)
        if answer.isEmpty || past.isEmpty { continue }
        asked.append(
          Question(part: part, past: past.map { (Int($0.item), $0.contentWeight) }, known: known, answer: answer))
      }
    }
    func open(_ question: Question) -> [Int] {
      candidates[question.part].filter { !question.known.contains(Int32($0)) }
    }
    func row(_ name: String, _ rank: (Question) -> [Int32]) -> Row {
      var found: [(Double, Double, Double)] = []
      var shown: Set<Int32> = []
      for question in asked {
        let ranking = rank(question)
        found.append(RankingMeasures.measure(ranking, answer: question.answer, k: count))
        shown.formUnion(ranking)
      }
      return Row(
        model: name,
        measures: RankingMeasures(
          hitRate: MeanWithInterval(found.map(\.0)), recall: MeanWithInterval(found.map(\.1)),
          ndcg: MeanWithInterval(found.map(\.2)), coverage: Double(shown.count) / Double(max(training.itemCount, 1)),
          novelty: nil, users: found.count))
    }
    var rows = opinions.map { name, index in
      row(name) { question in
        index.nearest(to: question.past, among: open(question), count: count).map { Int32($0.product) }
      }
    }
    var random = SeededRandom(seed: 1)
    rows.append(row("any order") { open($0).shuffled(using: &random).prefix(count).map { Int32($0) } })
    questions = asked.count
    self.rows = rows
  }
}
