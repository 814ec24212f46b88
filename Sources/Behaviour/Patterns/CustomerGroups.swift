import Core
import GRDB

/// Groups of buyers by recency, frequency and revenue, as found once and kept: a buyer belongs to the nearest mean.
///
/// Names stay the same from build to build, so that routes may use them, until groups are looked for again.
struct CustomerGroups {
  struct Group {
    /// A segment's name, made of what sets the group apart; nil where it is too small to be shown.
    let name: String?
    /// On standardised logarithms.
    let mean: [Double]
  }

  private static let axes = 3
  private static let most = 8

  private let means: [Double]
  private let deviations: [Double]
  private let groups: [Group]
  /// How clear the groups are for each number of them.
  private(set) var silhouettes: [(count: Int, value: Double)] = []

  /// Looks for the number of groups that lie apart best; nil for fewer than two groups of the least size.
  ///
  /// - Parameter people: days since the last order, orders, revenue of each.
  init?(_ people: [[Double]], least: Int) {
    guard people.count >= least * 2 else { return nil }
    let logs = people.map(Self.logarithms)
    let count = Double(logs.count)
    let means = (0..<Self.axes).map { axis in logs.reduce(0) { $0 + $1[axis] } / count }
    let deviations = (0..<Self.axes).map { axis in
      max((logs.reduce(0) { $0 + ($1[axis] - means[axis]) * ($1[axis] - means[axis]) } / count).squareRoot(), 1e-9)
    }
    let points = logs.map { Self.standardised($0, means, deviations) }
    var best: (clusters: KMeans, value: Double)?
    for count in 2...min(Self.most, max(2, people.count / least)) {
      let clusters = KMeans(points, count: count, starts: 4)
      let value = clusters.silhouette(points)
      silhouettes.append((count, value))
      if value > best?.value ?? 0 { best = (clusters, value) }
    }
    // Customers who lie all together make no groups.
    guard let clusters = best?.clusters else { return nil }
    var taken: Set<String> = []
    groups = clusters.means.indices.map { group in
      guard clusters.groups.count(where: { $0 == group }) >= least else {
        return Group(name: nil, mean: clusters.means[group])
      }
      let base = Self.name(clusters.means[group])
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base)-\(number)"
        number += 1
      }
      return Group(name: name, mean: clusters.means[group])
    }
    self.means = means
    self.deviations = deviations
  }

  /// The segment of a buyer, or nil where the nearest group is too small.
  func name(of person: [Double]) -> String? {
    let point = Self.standardised(Self.logarithms(person), means, deviations)
    func distance(_ group: Group) -> Double {
      zip(group.mean, point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return groups.min { distance($0) < distance($1) }?.name
  }

  /// Logarithms, as counts and amounts are skewed.
  private static func logarithms(_ person: [Double]) -> [Double] { person.map { logarithm(1 + max($0, 0)) } }

  private static func standardised(_ logs: [Double], _ means: [Double], _ deviations: [Double]) -> [Double] {
    (0..<axes).map { (logs[$0] - means[$0]) / deviations[$0] }
  }

  /// Says on which side of the average a group lies on each axis.
  private static func name(_ mean: [Double]) -> String {
    (mean[0] <= 0 ? "recent" : "away") + (mean[1] > 0 ? "-frequent" : "-rare")
      + (mean[2] > 0 ? "-high-spend" : "-low-spend")
  }

  // MARK: Keeping

  /// The groups as they are kept.
  var json: String {
    Document { builder in
      func numbers(_ key: StaticString, _ numbers: [Double]) {
        builder.key(key)
        builder.beginArray()
        numbers.forEach(builder.double)
        builder.end()
      }
      builder.beginObject()
      numbers("means", means)
      numbers("deviations", deviations)
      builder.key("groups")
      builder.beginArray()
      for group in groups {
        builder.beginObject()
        if let name = group.name {
          builder.key("name")
          builder.string(name)
        }
        numbers("mean", group.mean)
        builder.end()
      }
      builder.end()
      builder.end()
    }.json
  }

  /// Reads what `json` wrote.
  init?(json: String) throws(JSONError) {
    let document = try Document(json: json)
    func numbers(_ value: Value) -> [Double] { (0..<value.count).compactMap { value[$0].double } }
    let read = withExtendedLifetime(document) {
      let list = document.root["groups"]
      let groups = (0..<list.count).map { Group(name: list[$0]["name"].string, mean: numbers(list[$0]["mean"])) }
      return (numbers(document.root["means"]), numbers(document.root["deviations"]), groups)
    }
    (means, deviations, groups) = read
    guard means.count == Self.axes, deviations.count == Self.axes, groups.allSatisfy({ $0.mean.count == Self.axes })
    else { return nil }
  }
}

extension EventStore {
  func save(_ groups: CustomerGroups) throws {
    try write {
      try $0.execute(sql: "INSERT OR REPLACE INTO findings VALUES ('groups', ?)", arguments: [groups.json])
    }
  }

  /// The groups that were looked for last, or nil.
  func savedGroups() throws -> CustomerGroups? {
    let json = try read { try String.fetchOne($0, sql: "SELECT json FROM findings WHERE name = 'groups'") }
    return try json.flatMap { try CustomerGroups(json: $0) }
  }
}
