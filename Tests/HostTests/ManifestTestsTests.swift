import Core
import Host
import Testing

/// The `tests` of a manifest.
struct ManifestTestsTests {
  private func outcomes(_ tests: String) throws -> [Plan.TestOutcome] {
    let workspace = try Workspace()
    try workspace.write("templates/t.liquid", "Dear {{ profile.name }}, {{ profile.town }}!")
    try workspace.write(
      "profiles.jsonl", "{\"id\":\"a\",\"name\":\"Ann\",\"town\":\"Ulm\"}\n{\"id\":\"b\",\"name\":\"Bo\"}\n")
    return try workspace.plan(
      """
      manifest: 1
      name: m
      inputs: { profiles: { path: profiles.jsonl } }
      routes: [ { if: { profile.town: { exists: true } }, run: known }, { run: unknown } ]
      pipelines:
        known: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] }
        unknown: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      tests:
      \(tests)
      """
    ).runTests()
  }

  @Test(arguments: [
    "- { profile: a, expect: { route: known } }",
    "- { profile: b, expect: { route: unknown, slot: text } }",
    "- { expect: { slot: text, equals: \"Dear {{ profile.name }}, Ulm!\", path: a.txt } }",
    "- { profile: a, expect: { slot: text, contains: [ \"{{ profile.town }}\", Dear ], lacks: [ Bo, Rome ] } }",
    "- { name: short, profile: b, expect: { slot: text, at_most_characters: 10 } }",
  ])
  func whatHoldsPasses(test: String) throws {
    let found = try outcomes(test)
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.problem == nil }, "\(found)")
  }

  @Test(arguments: [
    ("- { profile: b, expect: { route: known } }", "profile 'b': the profile takes 'unknown', expected 'known'"),
    ("- { profile: z, expect: { route: known } }", "there is no profile 'z'"),
    ("- { profile: a, expect: { slot: text, contains: Bo } }", "slot 'text' does not contain 'Bo'"),
    ("- { profile: a, expect: { slot: text, lacks: Ulm } }", "slot 'text' contains 'Ulm', expected it without"),
    ("- { profile: a, expect: { slot: text, equals: x } }", "is 'Dear Ann, Ulm!', expected 'x'"),
    ("- { profile: a, expect: { slot: text, path: b.txt } }", "goes to 'a.txt', expected 'b.txt'"),
    ("- { profile: a, expect: { slot: text, at_most_characters: 3 } }", "has 14 characters, expected at most 3"),
  ])
  func whatDoesNotHoldIsSaidWithItsPlace(test: String, part: String) throws {
    let text = try outcomes(test).compactMap(\.problem).map { "\($0)" }.joined()
    #expect(text.contains("test failed: "))
    #expect(text.contains(part), "\(text)")
    #expect(text.contains("manifest.yaml:10:3)"), "\(text)")
    #expect(text.contains("help: see it with 'bespoke preview "), "\(text)")
  }

  @Test(arguments: [
    ("- { profile: a }", "expects nothing"),
    ("- { profile: a, expect: { contains: x } }", "lacks 'slot'"),
    ("- { expect: { route: knwon } }", "did you mean 'known'?"),
    ("- { expect: { slot: txet } }", "did you mean 'text'?"),
    ("- { expect: { slot: text, contain: x } }", "did you mean 'contains'?"),
    ("- { locale: de-DE, expect: { slot: text } }", "'locale' must be one of 'en-US', got 'de-DE'"),
    ("- { expect: { slot: text, contains: \"{{ profile.name | upcse }}\" } }", "did you mean 'upcase'?"),
  ])
  func aTestThatCannotBeMeantIsAnErrorOfTheManifest(test: String, part: String) {
    let text = message { _ = try outcomes(test) }
    #expect(text.contains("invalid manifest"))
    #expect(text.contains(part), "\(text)")
  }
}
