/// How a model is trained and how its sources are blended.
public struct RecommendationSettings: Sendable, Equatable {
  /// How much a user's many items and an item's many users count less: the exponent of both steps of the walk.
  public var alpha: Float = 0.6
  /// How much popular items are held back.
  public var beta: Float = 1
  /// How many users each item is thought to have besides its own when popular items are held back, so that what few
  /// took does not come first by chance.
  public var priorUsers: Float = 20
  /// How many neighbours an item keeps.
  public var neighbours = 100
  /// The weight of what follows in later baskets, beside what is taken by the same users.
  public var directed: Float = 0.3
  /// How much of the weight of a user's items goes with the age of their baskets, for what they lead to.
  public var recency: Float = 0.5
  /// How many later baskets count as what follows.
  public var steps = 3
  /// How fast a user's older baskets lose weight, each against the next.
  public var basketDecay: Float = 0.8
  /// The weight that the oldest basket keeps.
  public var basketFloor: Float = 0.3
  /// Days in which what is sold loses half its weight in popularity.
  public var halfLifeDays = 7.0
  /// How strongly popularity of these days lifts products that are new to the user.
  public var popularityOfNew: Float = 0.5
  /// How strongly it lifts products that the user had before.
  public var popularityOfKnown: Float = 0.4
  /// The weight of products new to the user beside those had before.
  public var newItems: Float = 0.05
  /// Of one user at most so many items count, the latest.
  public var historyLimit = 500

  /// The usual settings.
  public init() {}
}
