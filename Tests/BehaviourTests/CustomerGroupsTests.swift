import Core
import Testing

@testable import Behaviour

struct CustomerGroupsTests {
  /// Two kinds of buyers, and three who are like nobody.
  private func people() -> [[Double]] {
    var random = SeededRandom(seed: 3)
    func some(_ count: Int, _ days: Double, _ orders: Double, _ revenue: Double) -> [[Double]] {
      (0..<count).map { _ in [days * (0.9 + random.unit() / 5), orders, revenue * (0.9 + random.unit() / 5)] }
    }
    return some(60, 5, 12, 2000) + some(90, 300, 1, 40)
  }

  @Test func groupsAreNamedByWhatSetsThemApart() throws {
    let groups = try #require(CustomerGroups(people(), least: 10))
    #expect(groups.name(of: [4, 13, 2100]) == "recent-frequent-high-spend")
    #expect(groups.name(of: [310, 1, 35]) == "away-rare-low-spend")
    #expect(groups.silhouettes.max { $0.value < $1.value }?.count == 2)
    let kept = try #require(try CustomerGroups(json: groups.json))
    for person in people() { #expect(kept.name(of: person) == groups.name(of: person)) }
  }

  @Test func groupsThatAreTooSmallHaveNoName() throws {
    let odd: [[Double]] = [[0, 4000, 9e6], [0, 4100, 9e6], [0, 4200, 9e6]]
    let groups = try #require(CustomerGroups(people() + odd, least: 10))
    for person in odd {
      let name = groups.name(of: person)
      // Either they are among others, or nobody is told that they are there.
      #expect(name == nil || (people() + odd).count { groups.name(of: $0) == name } >= 10)
    }
    #expect(CustomerGroups(people().prefix(19).map { $0 }, least: 10) == nil)
  }

  @Test func profilesNameTheirGroupAndKeepItsName() throws {
    let folder = try TemporaryFolder()
    let store = try EventStore(path: folder.path + "/events.db")
    var rows = "order,user,product,time,quantity,price\n"
    for user in 0..<80 {
      for order in 0..<(user < 30 ? 9 : 1) {
        rows +=
          "\(user)-\(order),u\(user),p,\(user < 30 ? 1_714_000_000 + order * 90_000 : 1_690_000_000),1,\(user < 30 ? 200 : 20)\n"
      }
    }
    let importer = EventImport(into: store, options: .init(), now: 1_717_200_000_000)
    _ = try importer.run(folder.file("a.csv", rows))
    func segments() throws -> [String: Int] {
      var counts: [String: Int] = [:]
      _ = try ProfileBuild(store).run { line in
        guard let profile = try? Document(json: String(decoding: line, as: UTF8.self)) else { return }
        withExtendedLifetime(profile) {
          let segments = profile.root["segments"]
          for index in 0..<segments.count { counts[segments[index].string ?? "", default: 0] += 1 }
        }
      }
      return counts
    }
    #expect(try segments()["recent-frequent-high-spend"] == nil)
    let findings = try store.findPatterns()
    #expect(findings.clusters.map(\.name) == ["away-rare-low-spend", "recent-frequent-high-spend"])
    #expect(try segments()["recent-frequent-high-spend"] == 30)
    // A new buyer joins a group that is there; no other person changes.
    _ = try importer.run(folder.file("b.csv", "order,user,product,time,quantity,price\nx,new,p,1690000000,1,20\n"))
    let after = try segments()
    #expect(after["recent-frequent-high-spend"] == 30 && after["away-rare-low-spend"] == 51)
    // Rules are explained by what they ask for.
    let tag = try #require(findings.tags.first { $0.group.name == "high-frequency-buyer" })
    #expect(tag.group.size == 30 && tag.rule == "'orders_per_year' is at least 12 and 'orders' is at least 3")
    #expect(findings.html.contains("in the segment 'high-frequency-buyer', as 'orders_per_year' is at least 12"))
  }

  @Test func whoDoesNotAgreeIsInNoNumber() throws {
    let folder = try TemporaryFolder()
    let store = try EventStore(path: folder.path + "/events.db")
    let rows = (0..<40).map { "u\($0),p,\(1_700_000_000 + $0 * 86_400),1,5\n" }.joined()
    _ = try EventImport(into: store, options: .init(), now: 1_717_200_000_000).run(
      folder.file("a.csv", "user,product,time,quantity,price\n" + rows))
    try store.setConsent("u7", purpose: "measure", granted: false, time: 1)
    let findings = try store.findPatterns()
    #expect(findings.buyers == 39 && findings.withheld == 1 && findings.baskets == 39)
    #expect(findings.html.contains("1 people who do not agree to be measured are not in any number"))
  }
}
