/// One recommended item.
public struct Recommendation: Sendable, Equatable {
  /// Why an item is recommended.
  public enum Reason: Sendable, Equatable {
    /// The user took it before, so many times.
    case again(times: Int)
    /// The user took this other item, which leads to it.
    case because(item: Int32)
    /// It resembles this item, which the user took.
    case similar(item: Int32)
    /// Many take it these days.
    case popular
    /// The shop put it there.
    case pinned
  }

  /// The item's number.
  public var item: Int32
  /// What it was ranked by; comparable within one answer only.
  public var score: Float
  /// Why.
  public var reason: Reason

  /// A recommended item.
  public init(item: Int32, score: Float, reason: Reason) {
    self.item = item
    self.score = score
    self.reason = reason
  }
}

/// Which items may be recommended.
public enum Repeats: String, Sendable, CaseIterable {
  /// Also what the user took before.
  case include
  /// Only what is new to the user.
  case exclude
}
