/// Who took which products when: for each user the items in the order of time, cut into baskets.
///
/// Users and items are numbered from 0; users without events may stand in between.
public struct Interactions: Sendable {
  /// One product that one user took.
  public struct Event: Sendable {
    /// The user's number.
    public var user: Int32
    /// The item's number.
    public var item: Int32
    /// Seconds since 1970.
    public var time: Int64
    /// What was taken together has the same number; each user's numbers are its own.
    public var basket: Int64

    /// An event.
    public init(user: Int32, item: Int32, time: Int64, basket: Int64) {
      self.user = user
      self.item = item
      self.time = time
      self.basket = basket
    }
  }

  /// How many items there are.
  public let itemCount: Int
  /// For each user the place of the first event, and behind the last user the end.
  public let starts: [Int]
  /// The item of each event.
  public let items: [Int32]
  /// The time of each event: that of its basket.
  public let times: [Int64]
  /// How many baskets of the same user came later.
  public let age: [Int32]

  /// How many users there are.
  public var userCount: Int { starts.count - 1 }

  /// Puts events in order; of a product taken twice in one basket, one is kept.
  ///
  /// A basket's time is that of its last event.
  public init(_ events: [Event], userCount: Int, itemCount: Int) {
    self.itemCount = itemCount
    // By user, then basket, so that each basket's time can be found; then by time.
    var sorted = events.sorted { ($0.user, $0.basket, $0.item) < ($1.user, $1.basket, $1.item) }
    var unique = 0
    var first = 0
    while first < sorted.count {
      var end = first
      var time = Int64.min
      while end < sorted.count, sorted[end].user == sorted[first].user,
        sorted[end].basket == sorted[first].basket
      {
        time = max(time, sorted[end].time)
        end += 1
      }
      let start = unique
      for index in first..<end
      where unique == start || sorted[index].item != sorted[unique - 1].item {
        sorted[unique] = sorted[index]
        sorted[unique].time = time
        unique += 1
      }
      first = end
    }
    sorted.removeLast(sorted.count - unique)
    sorted.sort { ($0.user, $0.time, $0.basket, $0.item) < ($1.user, $1.time, $1.basket, $1.item) }
    var starts = [Int](repeating: 0, count: userCount + 1)
    for event in sorted { starts[Int(event.user) + 1] += 1 }
    for user in 0..<userCount { starts[user + 1] += starts[user] }
    var age = [Int32](repeating: 0, count: sorted.count)
    for user in 0..<userCount {
      var baskets: Int32 = 0
      for index in (starts[user]..<starts[user + 1]).reversed() {
        if index + 1 < starts[user + 1], sorted[index].basket != sorted[index + 1].basket {
          baskets += 1
        }
        age[index] = baskets
      }
    }
    self.starts = starts
    items = sorted.map(\.item)
    times = sorted.map(\.time)
    self.age = age
  }

  /// What one user took, the oldest first.
  public func history(of user: Int) -> [HistoryItem] {
    (starts[user]..<starts[user + 1]).map {
      HistoryItem(item: items[$0], age: age[$0], time: times[$0])
    }
  }
}

/// One product in a user's past.
public struct HistoryItem: Sendable, Equatable {
  /// The item's number.
  public var item: Int32
  /// How many baskets came later.
  public var age: Int32
  /// Seconds since 1970.
  public var time: Int64

  /// A product in a user's past.
  public init(item: Int32, age: Int32, time: Int64) {
    self.item = item
    self.age = age
    self.time = time
  }
}
