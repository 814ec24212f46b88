import GRDB
import Recommendation

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
  /// Groups smaller than this are not shown.
  public internal(set) var leastGroup = 10
}

extension EventStore {
  /// Looks at all purchases for what they have in common; groups of fewer people than `leastGroup` are put together.
  public func findPatterns(leastGroup: Int = 10) throws -> PatternFindings {
    var findings = PatternFindings()
    findings.leastGroup = leastGroup
    let log = try purchases()
    let names = try productNames(log.itemIDs)
    try findGroups(&findings)
    findRules(log, names.map(\.name), &findings)
    findSuccessions(log, names.map(\.category), &findings)
    try findDemand(&findings)
    return findings
  }

  private func productNames(_ ids: [String]) throws -> [(name: String, category: String)] {
    try read { db in
      let row = try RowStatement(
        db,
        """
        SELECT p.id, f.field, f.value FROM product_facts f JOIN products p ON p.key = f.product
        ORDER BY f.product, f.field, f.count, f.value DESC
        """)
      var names: [String: String] = [:]
      var categories: [String: String] = [:]
      while try row.next() {
        switch EventField(rawValue: Int(row.integer(1))) {
        case .name: names[row.string(0)] = row.string(2)
        case .category: categories[row.string(0)] = row.string(2)
        default: break
        }
      }
      return ids.map { (names[$0] ?? $0, categories[$0] ?? "") }
    }
  }

  private func findGroups(_ findings: inout PatternFindings) throws {
    let kind = EventKind.purchase.rawValue
    let rows = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT max(time) / 86400000 AS last, count(DISTINCT ifnull("order", -time / 86400000)) AS orders,
            sum(quantity * price) / 10000.0 AS revenue
          FROM events WHERE kind = \(kind) AND price > 0 GROUP BY profile ORDER BY profile
          """
      ).map { [$0["last"] as Double, $0["orders"] as Double, $0["revenue"] as Double] }
    }
    guard rows.count >= findings.leastGroup * 2, let today = rows.map({ $0[0] }).max() else { return }
    let people = rows.map { [today - $0[0], $0[1], $0[2]] }
    findings.buyers = people.count
    let sorted = (0..<3).map { axis in people.map { $0[axis] }.sorted() }
    func third(_ value: Double, _ axis: Int) -> Int {
      let place = sorted[axis].firstIndex { $0 >= value } ?? 0
      return min(2, place * 3 / people.count)
    }
    let recent = ["bought lately", "bought some time ago", "bought long ago"]
    let often = ["seldom", "now and then", "often"]
    let tiers = Dictionary(grouping: people) { third($0[0], 0) * 3 + third($0[1], 1) }
    findings.tiers = Self.gated(
      tiers.map { Self.group("\(recent[$0.key / 3]), \(often[$0.key % 3])", $0.value) }, findings.leastGroup)
    // Logarithms, as counts and amounts are skewed; each of mean 0 and deviation 1.
    let logs = people.map { $0.map { logarithm(1 + max($0, 0)) } }
    let scaled = Self.standardised(logs)
    var best: (clusters: KMeans, value: Double)?
    for count in 2...min(8, people.count / findings.leastGroup) {
      let clusters = KMeans(scaled, count: count, starts: 4)
      let value = clusters.silhouette(scaled)
      findings.silhouettes.append((count, value))
      if value > best?.value ?? -1 { best = (clusters, value) }
    }
    guard let best else { return }
    let middle = (0..<3).map { sorted[$0][people.count / 2] }
    let members = Dictionary(grouping: people.indices) { best.clusters.groups[$0] }
    findings.clusters = Self.gated(
      members.values.map { indices in
        let group = Self.group("", indices.map { people[$0] })
        let name =
          (group.means[0] <= middle[0] ? "recent" : "away") + ", " + (group.means[1] > middle[1] ? "frequent" : "rare")
          + ", " + (group.means[2] > middle[2] ? "high spend" : "low spend")
        return PatternFindings.Group(name: name, size: group.size, means: group.means)
      }, findings.leastGroup)
  }

  private static func group(_ name: String, _ people: [[Double]]) -> PatternFindings.Group {
    let means = (0..<3).map { axis in people.reduce(0) { $0 + $1[axis] } / Double(max(people.count, 1)) }
    return PatternFindings.Group(name: name, size: people.count, means: means)
  }

  /// Puts groups that are too small together, with the next larger one where they would still be told from the total.
  static func gated(_ groups: [PatternFindings.Group], _ least: Int) -> [PatternFindings.Group] {
    var sorted = groups.sorted { ($1.size, $0.name) < ($0.size, $1.name) }
    var merged: [PatternFindings.Group] = []
    while let last = sorted.last,
      last.size < least || !merged.isEmpty && merged.reduce(0, { $0 + $1.size }) < least
        || merged.count == 1
    {
      merged.append(sorted.removeLast())
    }
    guard !merged.isEmpty else { return sorted }
    let size = merged.reduce(0) { $0 + $1.size }
    guard size >= least else { return sorted }
    let means = (0..<3).map { axis in
      merged.reduce(0) { $0 + $1.means[axis] * Double($1.size) } / Double(max(size, 1))
    }
    return sorted + [PatternFindings.Group(name: "others, put together", size: size, means: means)]
  }

  private static func standardised(_ points: [[Double]]) -> [[Double]] {
    let count = Double(points.count)
    let means = (0..<3).map { axis in points.reduce(0) { $0 + $1[axis] } / count }
    let deviations = (0..<3).map { axis in
      max((points.reduce(0) { $0 + ($1[axis] - means[axis]) * ($1[axis] - means[axis]) } / count).squareRoot(), 1e-9)
    }
    return points.map { point in (0..<3).map { (point[$0] - means[$0]) / deviations[$0] } }
  }

  private func findRules(_ log: PurchaseLog, _ names: [String], _ findings: inout PatternFindings) {
    var baskets: [[Int32]] = []
    var last: (user: Int32, basket: Int64)?
    for event in log.events.sorted(by: { ($0.user, $0.basket, $0.item) < ($1.user, $1.basket, $1.item) }) {
      if last?.user == event.user, last?.basket == event.basket {
        baskets[baskets.count - 1].append(event.item)
      } else {
        baskets.append([event.item])
      }
      last = (event.user, event.basket)
    }
    findings.baskets = baskets.count
    let least = max(findings.leastGroup, baskets.count / 100)
    guard baskets.count > least else { return }
    let found = FrequentItemsets(baskets, support: .init(least, of: baskets.count), longest: 3)
    findings.rules = found.rules(confidence: .init(3, of: 10)).prefix(20).map { rule in
      (rule.given.map { names[Int($0)] }, names[Int(rule.item)], rule)
    }
  }

  private func findSuccessions(_ log: PurchaseLog, _ categories: [String], _ findings: inout PatternFindings) {
    guard categories.contains(where: { !$0.isEmpty }) else { return }
    let interactions = Interactions(log.events, userCount: log.userIDs.count, itemCount: log.itemIDs.count)
    var gaps: [[String]: [Double]] = [:]
    for user in 0..<interactions.userCount {
      let range = interactions.starts[user]..<interactions.starts[user + 1]
      for (earlier, later) in zip(range, range.dropFirst()) where interactions.age[earlier] != interactions.age[later] {
        let pair = [earlier, later].map { categories[Int(interactions.items[$0])] }
        guard !pair.contains("") else { continue }
        gaps[pair, default: []].append(Double(interactions.times[later] - interactions.times[earlier]) / 86_400)
      }
    }
    let shown = gaps.filter { $0.value.count >= findings.leastGroup }.sorted {
      $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key.lexicographicallyPrecedes($1.key)
    }
    findings.successions = shown.prefix(15).map { pair, days in
      .init(from: pair[0], to: pair[1], count: days.count, days: days.sorted()[days.count / 2])
    }
  }

  private func findDemand(_ findings: inout PatternFindings) throws {
    let category = EventField.category.rawValue
    let rows = try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT ifnull((SELECT value FROM product_facts f WHERE f.product = e.product AND f.field = \(category)
              ORDER BY count DESC, value LIMIT 1), '') AS name,
            (time + zone * 60000) / 86400000 AS day, sum(quantity) AS pieces
          FROM events e WHERE kind = \(EventKind.purchase.rawValue) AND flags & 1 = 0 AND product NOT NULL
          GROUP BY 1, 2
          """
      ).map { (name: $0["name"] as String, day: $0["day"] as Int, pieces: $0["pieces"] as Double? ?? 0) }
    }
    guard let first = rows.map(\.day).min(), let last = rows.map(\.day).max(), last - first < 36_500 else { return }
    var series: [String: [Double]] = [:]
    for row in rows {
      for name in Set([row.name, "everything"]) where !name.isEmpty {
        series[name, default: [Double](repeating: 0, count: last - first + 1)][row.day - first] += row.pieces
      }
    }
    let largest = series.sorted {
      let (left, right) = ($0.value.reduce(0, +), $1.value.reduce(0, +))
      return left != right ? left > right : $0.key < $1.key
    }
    for (name, values) in largest.prefix(6) {
      guard let forecast = Forecast(values, season: 7, ahead: 28, held: 28) else { continue }
      findings.demands.append(.init(name: name, series: values, forecast: forecast))
    }
  }
}
