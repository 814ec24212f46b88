import Core
import Host
import Testing

struct ConditionTests {
  /// Which of two routes a profile takes under a condition.
  private func holds(_ condition: String, for profile: String) throws -> Bool {
    let manifest = try Manifest(
      path: "m.yaml",
      text: """
        manifest: 1
        name: m
        routes: [ { if: \(condition), run: yes_route }, { run: no_route } ]
        pipelines:
          yes_route: { stages: [ { id: a, use: x } ] }
          no_route: { stages: [ { id: a, use: x } ] }
        """)
    let brief = try Document(json: #"{"profile":\#(profile)}"#)
    return try withExtendedLifetime(brief) {
      try #require(manifest.routes[0].condition).holds(for: brief.root)
    }
  }

  @Test(arguments: [
    ("{ profile.tier: gold }", #"{"tier":"gold"}"#, true),
    ("{ profile.tier: gold }", #"{"tier":"silver"}"#, false),
    ("{ profile.tier: gold }", "{}", false),
    ("{ profile.orders: 3 }", #"{"orders":3.0}"#, true),
    ("{ profile.orders: 3 }", #"{"orders":"3"}"#, false),
    ("{ profile.consent.email: true }", #"{"consent":{"email":true}}"#, true),
    ("{ profile.tier: { in: [gold, silver] } }", #"{"tier":"silver"}"#, true),
    ("{ profile.tier: { in: [gold, silver] } }", #"{"tier":"iron"}"#, false),
    ("{ profile.segments: { contains: vip } }", #"{"segments":["new","vip"]}"#, true),
    ("{ profile.segments: { contains: vip } }", #"{"segments":["vipx"]}"#, false),
    ("{ profile.note: { contains: vip } }", #"{"note":"a vip customer"}"#, true),
    ("{ profile.email: { exists: true } }", #"{"email":"a@b"}"#, true),
    ("{ profile.email: { exists: true } }", #"{"email":null}"#, false),
    ("{ profile.email: { exists: false } }", "{}", true),
    ("{ profile.orders: { at_least: 3 } }", #"{"orders":3}"#, true),
    ("{ profile.orders: { above: 3 } }", #"{"orders":3}"#, false),
    ("{ profile.orders: { at_most: 3 } }", #"{"orders":3}"#, true),
    ("{ profile.orders: { below: 3 } }", #"{"orders":3}"#, false),
    ("{ profile.orders: { at_least: 1, at_most: 5 } }", #"{"orders":6}"#, false),
    ("{ profile.orders: { at_least: 1 } }", "{}", false),
    ("{ profile.since: { below: \"2025-01-01\" } }", #"{"since":"2024-12-31"}"#, true),
    ("{ profile.zip: { starts_with: \"10\" } }", #"{"zip":"10115"}"#, true),
    ("{ all: [ { profile.a: 1 }, { profile.b: 2 } ] }", #"{"a":1,"b":2}"#, true),
    ("{ any: [ { profile.a: 1 }, { profile.b: 2 } ] }", #"{"a":0,"b":2}"#, true),
    ("{ any: [ { profile.a: 1 }, { profile.b: 2 } ] }", #"{"a":0,"b":0}"#, false),
    ("{ not: { profile.a: 1 } }", #"{"a":2}"#, true),
    ("{ profile.a: 1, profile.b: 2 }", #"{"a":1,"b":3}"#, false),
  ])
  func everyOperator(condition: String, profile: String, expected: Bool) throws {
    #expect(try holds(condition, for: profile) == expected)
  }
}
