import Core
import Testing

@testable import Behaviour

struct PatternTests {
  @Test func pointsAroundThreeCentresMakeThreeGroups() {
    var random = SeededRandom(seed: 4)
    let centres = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]
    let sizes = [300, 200, 100]
    var points: [[Double]] = []
    for (centre, size) in zip(centres, sizes) {
      for _ in 0..<size { points.append(centre.map { $0 + random.unit() - 0.5 }) }
    }
    let three = KMeans(points, count: 3)
    #expect(
      three.groups == Array(repeating: 0, count: 300) + Array(repeating: 1, count: 200)
        + Array(repeating: 2, count: 100))
    for (mean, centre) in zip(three.means, centres) {
      #expect(zip(mean, centre).allSatisfy { abs($0 - $1) < 0.1 })
    }
    #expect(three.silhouette(points) > 0.9)
    for count in [2, 4, 5] {
      let other = KMeans(points, count: count)
      #expect(other.silhouette(points) < three.silhouette(points))
      #expect((other.inertia < three.inertia) == (count > 3))
    }
  }

  /// Every set counted by looking at every basket.
  @Test func itemsetsAreThoseOfCounting() {
    var random = SeededRandom(seed: 9)
    let baskets = (0..<300).map { _ in (Int32(0)..<8).filter { _ in random.unit() < 0.35 } }
    let found = FrequentItemsets(baskets, support: .init(1, of: 20))
    var expected: [[Int32]: Int] = [:]
    for mask in 1..<256 {
      let items = (Int32(0)..<8).filter { mask >> Int($0) & 1 == 1 }
      let count = baskets.count { basket in items.allSatisfy { basket.contains($0) } }
      if count * 20 >= baskets.count { expected[items] = count }
    }
    #expect(Dictionary(uniqueKeysWithValues: found.itemsets.map { ($0.items, $0.count) }) == expected)
    let rules = found.rules(confidence: .init(1, of: 2))
    #expect(rules.allSatisfy { $0.confidence >= 0.5 })
    for rule in rules {
      let whole = expected[(rule.given + [rule.item]).sorted()]
      #expect(whole == rule.count)
    }
  }

  @Test func aRuleAtExactlyTheBoundIsFound() {
    // Three of ten baskets with 0 hold 1: 0.3 has no exact double.
    let baskets: [[Int32]] = (0..<10).map { $0 < 3 ? [0, 1] : [0] }
    let found = FrequentItemsets(baskets, support: .init(3, of: 10))
    #expect(found.rules(confidence: .init(3, of: 10)).contains { $0.given == [0] && $0.item == 1 })
    #expect(!found.rules(confidence: .init(31, of: 100)).contains { $0.given == [0] })
  }

  @Test func aSeasonWithATrendIsForeseen() throws {
    let week = [5.0, 3, 4, 6, 9, 14, 11]
    var random = SeededRandom(seed: 2)
    let series = (0..<140).map { week[$0 % 7] + 0.1 * Double($0) + random.unit() - 0.5 }
    let forecast = try #require(Forecast(series, season: 7, ahead: 14))
    for step in 0..<14 { #expect(abs(forecast.values[step] - (week[step % 7] + 0.1 * Double(140 + step))) < 1) }
    #expect(forecast.isBetterThanNaive)
    #expect(Forecast(Array(series.prefix(20)), season: 7, ahead: 3) == nil)
  }
}

struct PatternReportTests {
  @Test func smallGroupsAreNotToldApart() {
    func groups(_ sizes: [Int]) -> [PatternFindings.Group] {
      sizes.enumerated().map { .init(name: "g\($0)", size: $1, means: [1, 2, Double($1)]) }
    }
    #expect(EventStore.gated(groups([50, 30, 20]), 10).map(\.size) == [50, 30, 20])
    // One small group alone would follow from the total: the next larger one goes along.
    #expect(EventStore.gated(groups([50, 30, 4]), 10).map(\.size) == [50, 34])
    #expect(EventStore.gated(groups([50, 6, 4, 3]), 10).map(\.size) == [50, 13])
    #expect(EventStore.gated(groups([3, 2]), 10).isEmpty)
    #expect(abs((EventStore.gated(groups([50, 30, 4]), 10).last?.means[2] ?? 0) - (900 + 16) / 34.0) < 1e-9)
  }

  /// Many baskets of one person are still of one person.
  @Test func whatFewPeopleDoIsNotShown() throws {
    let folder = try TemporaryFolder()
    let store = try EventStore(path: folder.path + "/events.db")
    var rows = "order,user,product,category,time,quantity,price\n"
    for order in 0..<60 {
      let time = 1_700_000_000 + order * 90_000
      rows += "o\(order),odd,truss,odd,\(time),1,5\no\(order),odd,salve,odd,\(time),1,5\n"
      rows += "a\(order),u\(order % 20),tea,food,\(time),1,5\na\(order),u\(order % 20),cake,food,\(time),1,5\n"
    }
    _ = try EventImport(into: store, options: ImportOptions(), now: 1_717_200_000_000).run(folder.file("a.csv", rows))
    let findings = try store.findPatterns()
    #expect(findings.rules.contains { $0.item == "cake" } && !findings.rules.contains { $0.item == "salve" })
    #expect(findings.successions.map(\.from) == ["food"])
    #expect(findings.demands.map(\.name) == ["everything", "food"])
    let pieces = findings.demands.first?.series.reduce(0, +)
    for user in 0..<20 { try store.setConsent("u\(user)", purpose: "measure", granted: user > 4, time: 1) }
    #expect(try store.findPatterns().demands.first?.series.reduce(0, +) == (pieces ?? 0) - 30)
  }

  @Test func theReportSaysEachNumberInASentence() throws {
    let folder = try TemporaryFolder()
    let store = try EventStore(path: folder.path + "/events.db")
    var rows = "order,user,product,name,category,time,quantity,price\n"
    for user in 0..<120 {
      for order in 0..<(user % 6 + 1) {
        let time = 1_700_000_000 + (user * 37 + order * 900_000) % 9_000_000
        rows += "o\(user)-\(order),u\(user),t,<Tent> & more,tents,\(time),1,\(20 + user)\n"
        if order % 2 == 0 { rows += "o\(user)-\(order),u\(user),p,Pegs,small,\(time),2,5\n" }
      }
    }
    _ = try EventImport(into: store, options: ImportOptions(), now: 1_717_200_000_000).run(folder.file("a.csv", rows))
    let findings = try store.findPatterns()
    #expect(findings.buyers == 120 && findings.tiers.reduce(0) { $0 + $1.size } == 120)
    #expect(findings.clusters.reduce(0) { $0 + $1.size } == 120)
    #expect(findings.rules.contains { $0.given == ["Pegs"] && $0.item == "<Tent> & more" && $0.rule.confidence == 1 })
    #expect(findings.successions.contains { $0.from == "tents" })
    #expect(findings.demands.map(\.name).contains("everything"))
    let html = findings.html
    #expect(html.contains("100 % also hold &lt;Tent&gt; &amp; more") && !html.contains("<Tent>"))
    for heading in ["Tiers", "Groups", "Bought together", "What follows", "Demand to come"] {
      #expect(html.contains("<h2>\(heading)</h2>"))
    }
    #expect(html.contains("<svg") && !html.contains("nan") && !html.contains("http"))
  }
}
