import Core
import GRDB
import Recommendation

extension EventStore {
  /// Looks at all purchases for what they have in common; groups of fewer people than `leastGroup` are put together.
  ///
  /// - Parameters:
  ///   - tags: the rules whose segments are counted.
  ///   - purpose: what people must let their data be used for.
  public func findPatterns(leastGroup: Int = 10, tags: TagRules = .usual, purpose: String = "measure") throws
    -> PatternFindings
  {
    var findings = PatternFindings()
    findings.leastGroup = leastGroup
    _ = try refreshFacts()
    let withheld = try self.withheld(purpose)
    findings.withheld = withheld.count
    let log = try purchases(purpose: purpose)
    let names = try productNames(log.itemIDs)
    try findGroups(&findings, tags, withheld)
    findRules(log, names.map(\.name), &findings)
    findSuccessions(log, names.map(\.category), &findings)
    try findDemand(&findings, withheld)
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

  /// Tiers, groups around means and the segments of rules; the groups are kept, so that profiles name them.
  private func findGroups(_ findings: inout PatternFindings, _ tags: TagRules, _ withheld: Set<Int64>) throws {
    let population = PopulationModel(try buyers(without: withheld), today: try newestTime() / 86_400_000)
    let people = population.positions
    findings.buyers = people.count
    guard people.count >= findings.leastGroup * 2 else {
      findings.unsaid.append(
        "Tiers, groups and rules cannot be told: they need at least \(findings.leastGroup * 2) customers who bought something."
      )
      return
    }
    let sorted = (0..<3).map { axis in people.map { $0[axis] }.sorted() }
    func third(_ value: Double, _ axis: Int) -> Int {
      let place = sorted[axis].firstIndex { $0 >= value } ?? 0
      return min(2, place * 3 / people.count)
    }
    let recent = ["bought lately", "bought some time ago", "bought long ago"]
    let often = ["seldom", "now and then", "often"]
    let tiers = Dictionary(grouping: people) { third($0[0], 0) * 3 + third($0[1], 1) }
    findings.tiers = Self.gated(
      tiers.map { PatternFindings.Group("\(recent[$0.key / 3]), \(often[$0.key % 3])", $0.value) }, findings.leastGroup)
    guard let groups = CustomerGroups(people, least: findings.leastGroup) else {
      findings.unsaid.append("Groups cannot be told: the customers lie all together.")
      return
    }
    findings.silhouettes = groups.silhouettes
    let members = Dictionary(grouping: people) { groups.name(of: $0) ?? "" }
    findings.clusters = Self.gated(members.map { .init($0.key, $0.value) }, findings.leastGroup)
    try save(groups)
    try findTags(&findings, tags, population, withheld)
  }

  private func findTags(
    _ findings: inout PatternFindings, _ rules: TagRules, _ population: PopulationModel, _ withheld: Set<Int64>
  ) throws {
    var positions: [String: [[Double]]] = [:]
    try read { db in
      let row = try RowStatement(db, "SELECT profile, facts, days FROM profile_facts ORDER BY profile")
      let builder = DocumentBuilder()
      while try row.next() {
        if withheld.contains(row.integer(0)) { continue }
        builder.reset()
        let person = ProfileWriter.Person(
          id: "", facts: try builder.parseJSON(row.text(1)), days: row.string(2), account: .missing)
        guard let buyer = person.buyer else { continue }
        let numbers = Dictionary(ProfileWriter.numbers(person, population).map { ($0.name, $0.value) }) { first, _ in
          first
        }
        for tag in rules.tags(numbers) { positions[tag, default: []].append(population.position(buyer)) }
      }
    }
    findings.tags = rules.rules.compactMap { rule in
      guard let people = positions[rule.tag], people.count >= findings.leastGroup else { return nil }
      return (.init(rule.tag, people), rule.words)
    }
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

  private func findRules(_ log: PurchaseLog, _ names: [String], _ findings: inout PatternFindings) {
    var baskets: [[Int32]] = []
    var owners: [Int32] = []
    var last: (user: Int32, basket: Int64)?
    for event in log.events.sorted(by: { ($0.user, $0.basket, $0.item) < ($1.user, $1.basket, $1.item) }) {
      if last?.user == event.user, last?.basket == event.basket {
        baskets[baskets.count - 1].append(event.item)
      } else {
        baskets.append([event.item])
        owners.append(event.user)
      }
      last = (event.user, event.basket)
    }
    findings.baskets = baskets.count
    let least = max(findings.leastGroup, baskets.count / 100)
    guard baskets.count > least else {
      findings.unsaid.append("What is bought together cannot be told: it needs more than \(least) baskets.")
      return
    }
    let found = FrequentItemsets(baskets, support: .init(least, of: baskets.count), longest: 3)
    // The baskets of each item, of which those of a rule are not to be of a few people only.
    var places = [[Int32]](repeating: [], count: names.count)
    for (place, items) in baskets.enumerated() {
      for item in items where places[Int(item)].last != Int32(place) { places[Int(item)].append(Int32(place)) }
    }
    let leastGroup = findings.leastGroup
    let rules = found.rules(confidence: .init(3, of: 10)).lazy.filter { rule in
      let common = rule.given.reduce(Set(places[Int(rule.item)])) { $0.intersection(places[Int($1)]) }
      return Set(common.map { owners[Int($0)] }).count >= leastGroup
    }
    findings.rules = rules.prefix(20).map { rule in
      (rule.given.map { names[Int($0)] }, names[Int(rule.item)], rule)
    }
  }

  private func findSuccessions(_ log: PurchaseLog, _ categories: [String], _ findings: inout PatternFindings) {
    guard categories.contains(where: { !$0.isEmpty }) else {
      findings.unsaid.append("What follows what cannot be told: no product has a category.")
      return
    }
    let interactions = Interactions(log.events, userCount: log.userIDs.count, itemCount: log.itemIDs.count)
    var gaps: [[String]: [Double]] = [:]
    var people: [[String]: Set<Int>] = [:]
    for user in 0..<interactions.userCount {
      let range = interactions.starts[user]..<interactions.starts[user + 1]
      for (earlier, later) in zip(range, range.dropFirst()) where interactions.age[earlier] != interactions.age[later] {
        let pair = [earlier, later].map { categories[Int(interactions.items[$0])] }
        guard !pair.contains("") else { continue }
        gaps[pair, default: []].append(Double(interactions.times[later] - interactions.times[earlier]) / 86_400)
        people[pair, default: []].insert(user)
      }
    }
    let shown = gaps.filter { (people[$0.key]?.count ?? 0) >= findings.leastGroup }.sorted {
      $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key.lexicographicallyPrecedes($1.key)
    }
    findings.successions = shown.prefix(15).map { pair, days in
      .init(from: pair[0], to: pair[1], count: days.count, days: median(days) ?? 0)
    }
  }
}
