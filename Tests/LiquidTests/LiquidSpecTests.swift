import Foundation
import LiquidSuite
import Testing

/// The form of liquid-spec: YAML files of cases beside a file with what they have in common.
struct LiquidSpecTests {
  private func run(_ files: [String: String]) throws -> LiquidSuite.Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-spec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    return try #require(LiquidSuite(folder: folder)).run()
  }

  @Test func casesAreJudgedByOutputErrorAndPattern() throws {
    let result = try run([
      "suite.yml": "defaults: { render_errors: false }",
      "cases.yml": """
      - { name: right, template: "{{ a | upcase }}", environment: { a: b }, expected: B }
      - { name: wrong, template: "{{ a }}", environment: { a: b }, expected: c }
      - { name: refused, template: "{% if %}", errors: { parse_error: [x] } }
      - { name: lax, template: "{{ a b }}", environment: { a: 1 }, error_mode: lax, expected: "1" }
      - { name: clock, template: "{{ 'now' | date: '%Y' }}", expected_pattern: "^2024$" }
      - { name: partial, template: "{% render 'P' %}", filesystem: { p.liquid: "in" }, expected: in }
      - { name: not refused, template: "{{ a }}", errors: { parse_error: [x] } }
      """,
    ])
    #expect(result.passed == 5)
    #expect(result.failures.map(\.name) == ["cases.yml: wrong", "cases.yml: not refused"])
  }

  @Test func casesForEnginesInsideRubyAreCountedApart() throws {
    let result = try run([
      "drops.yml": """
      specs:
      - { name: drop, template: "{{ a }}", environment: { a: { "instantiate:Drop": {} } }, expected: "" }
      - { name: types, template: "{{ a }}", features: [ruby_types], expected: "" }
      - { name: plain, template: "a", expected: a }
      """
    ])
    #expect(result.passed == 1 && result.failures.isEmpty && result.skipped == 2)
  }
}
