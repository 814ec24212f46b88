import Glibc

/// What a model learns from, and what it should foresee.
public struct Split: Sendable {
  /// What one user takes next, to be foreseen.
  public struct Question: Sendable {
    /// The user's number among the interactions learnt from.
    public var user: Int32
    /// The items that the user then took, each once.
    public var answer: Set<Int32>
    /// When, in seconds since 1970: what a recommender may know ends before.
    public var time: Int64
  }

  /// How the data were split, with the filters, for people.
  public let description: String
  /// What is learnt from.
  public let training: Interactions
  /// What is asked, in the order of time.
  public let questions: [Question]

  /// The last basket of each user is foreseen from those before; users of fewer than two baskets are left out.
  public static func lastBasket(_ events: [Interactions.Event], userCount: Int, itemCount: Int)
    -> Split
  {
    let all = Interactions(events, userCount: userCount, itemCount: itemCount)
    var training: [Interactions.Event] = []
    var questions: [Question] = []
    for user in 0..<userCount {
      let range = all.starts[user]..<all.starts[user + 1]
      guard let first = range.first, all.age[first] > 0 else { continue }
      var question = Question(user: Int32(user), answer: [], time: 0)
      for index in range {
        if all.age[index] == 0 {
          question.answer.insert(all.items[index])
          question.time = all.times[index]
        } else {
          training.append(
            .init(
              user: Int32(user), item: all.items[index], time: all.times[index],
              basket: -Int64(all.age[index])))
        }
      }
      questions.append(question)
    }
    questions.sort { ($0.time, $0.user) < ($1.time, $1.user) }
    return Split(
      description:
        "last basket out: users with at least two baskets, each one's last basket foreseen, learnt from their others",
      training: Interactions(training, userCount: userCount, itemCount: itemCount),
      questions: questions)
  }

  /// Everything from a moment on is foreseen from what was before; users without a past are left out.
  public static func time(
    _ moment: Int64, _ events: [Interactions.Event], userCount: Int, itemCount: Int
  ) -> Split {
    let training = Interactions(
      events.filter { $0.time < moment }, userCount: userCount, itemCount: itemCount)
    var answers = [Set<Int32>](repeating: [], count: userCount)
    for event in events where event.time >= moment { answers[Int(event.user)].insert(event.item) }
    let questions = (0..<userCount).filter {
      !answers[$0].isEmpty && training.starts[$0] < training.starts[$0 + 1]
    }
    .map { Question(user: Int32($0), answer: answers[$0], time: moment) }
    return Split(
      description:
        "time: learnt from everything before the moment, all that a user takes from then on foreseen; users with a past only",
      training: training, questions: questions)
  }

  /// The first moment of the month (in UTC) before which about three quarters of the events lie.
  public static func usualMoment(_ events: [Interactions.Event]) -> Int64 {
    let times = events.map(\.time).sorted()
    guard !times.isEmpty else { return 0 }
    var seconds = time_t(times[times.count * 3 / 4])
    var date = tm()
    gmtime_r(&seconds, &date)
    return Int64(seconds) - Int64((date.tm_mday - 1) * 86_400 + date.tm_hour * 3600 + date.tm_min * 60 + date.tm_sec)
  }
}
