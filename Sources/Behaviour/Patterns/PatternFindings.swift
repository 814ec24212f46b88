/// What the events of all people show together: tiers, groups, rules, successions and demand to come.
public struct PatternFindings: Sendable {
  /// A number of people with something in common.
  public struct Group: Sendable {
    /// The group's name.
    public var name: String
    /// How many people are in it.
    public var size: Int
    /// Means over them: days since the last order, orders, revenue.
    public var means: [Double]

    init(name: String, size: Int, means: [Double]) {
      self.name = name
      self.size = size
      self.means = means
    }

    init(_ name: String, _ people: [[Double]]) {
      let means = (0..<3).map { axis in people.reduce(0) { $0 + $1[axis] } / Double(max(people.count, 1)) }
      self.init(name: name, size: people.count, means: means)
    }
  }

  /// What follows in the next basket.
  public struct Succession: Sendable {
    /// The category of one basket.
    public let from: String
    /// The category of the next.
    public let to: String
    /// How often.
    public let count: Int
    /// The median number of days between the two.
    public let days: Double
  }

  /// The demand of one category.
  public struct Demand: Sendable {
    /// The category; "everything" where products have none.
    public let name: String
    /// Pieces of each day.
    public let series: [Double]
    /// The days to come.
    public let forecast: Forecast
  }

  /// How many people bought anything.
  public internal(set) var buyers = 0
  /// Buyers by recency, frequency and revenue.
  public internal(set) var tiers: [Group] = []
  /// Groups around means.
  public internal(set) var clusters: [Group] = []
  /// The segments that rules make, each with its conditions in words; those of fewer people than `leastGroup` left out.
  public internal(set) var tags: [(group: Group, rule: String)] = []
  /// How clear the groups are for each number of them.
  public internal(set) var silhouettes: [(count: Int, value: Double)] = []
  /// What is bought together, with names.
  public internal(set) var rules: [(given: [String], item: String, rule: FrequentItemsets.Rule)] = []
  /// How many baskets there are.
  public internal(set) var baskets = 0
  /// What follows what.
  public internal(set) var successions: [Succession] = []
  /// Demand to come.
  public internal(set) var demands: [Demand] = []
  /// What cannot be said, and why, in sentences.
  public internal(set) var unsaid: [String] = []
  /// People left out, as they do not agree to be measured.
  public internal(set) var withheld = 0
  /// Groups smaller than this are not shown.
  public internal(set) var leastGroup = 10
}
