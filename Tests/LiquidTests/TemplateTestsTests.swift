import Core
import Liquid
import Testing

struct TemplateTestsTests {
  private static func problems(_ tests: String) throws -> [String?] {
    let templates = ["card.liquid": "{% if stock == 0 %}{% abort 'sold out' %}{% endif %}<b>{{ name }}</b>"]
    let set = TemplateSet(options: TemplateOptions(kind: .html)) { templates[$0].map { Array($0.utf8) } }
    let document = try Document(json: "{\"template\": \"card\", \"tests\": [\(tests)]}")
    return TemplateTests(document, file: "card.test.json") { $0.contains("<i>") ? "'<i>' is not closed" : nil }.run(
      in: set
    ).map(\.problem?.detail)
  }

  @Test func rulesThatHoldPass() throws {
    let found = try Self.problems(
      """
      {"name": "whole", "data": {"name": "a&b"}, "expect": "<b>a&amp;b</b>"},
      {"name": "rules", "data": {"name": "x"}, "expect": {"contains": ["<b>", "x"], "lacks": "y", "at_most_characters": 8}},
      {"name": "html", "data": {"name": "x"}, "expect": {"valid_html": true, "at_least_characters": 8}},
      {"name": "stop", "data": {"stock": 0}, "expect": {"fails": "sold out"}}
      """)
    #expect(found == [nil, nil, nil, nil])
  }

  @Test(arguments: [
    (#"{"name": "t", "data": {"name": "x"}, "expect": "y"}"#, "'t' printed '<b>x</b>', expected 'y'"),
    (#"{"name": "t", "data": {}, "expect": {"contains": "x"}}"#, "'t' printed '<b></b>', expected it to contain 'x'"),
    (#"{"name": "t", "data": {}, "expect": {"lacks": "<b>"}}"#, "'t' printed '<b></b>', expected it without '<b>'"),
    (
      #"{"name": "t", "data": {}, "expect": {"at_most_characters": 3}}"#, "'t' printed 7 characters, expected at most 3"
    ),
    (#"{"name": "t", "data": {}, "expect": {"fails": "x"}}"#, "'t' printed '<b></b>', expected an error with 'x'"),
    (#"{"name": "t", "data": {"stock": 0}, "expect": "x"}"#, "sold out"),
    (
      #"{"name": "t", "data": {}, "expect": {"contain": "x"}}"#,
      "'contain' is not a rule, expected one of 'equals', 'contains', 'lacks', 'at_most_characters', "
        + "'at_least_characters', 'valid_html', 'fails'"
    ),
    (
      #"{"name": "t", "data": {}, "expect": {"at_least_characters": 9}}"#,
      "'t' printed 7 characters, expected at least 9"
    ),
    (
      #"{"name": "t", "data": {"name": "x"}, "expect": {"contains": 3}}"#,
      "'contains' must be a text or a list of texts"
    ),
    (
      #"{"name": "t", "data": {}, "expect": {"at_most_characters": "3"}}"#,
      "'at_most_characters' must be a whole number"
    ),
    (
      #"{"name": "t", "dat": {}, "expect": ""}"#,
      "'dat' is not part of a test, expected one of 'name', 'locale', 'currency', 'now', 'data', 'expect'"
    ),
    (#"{"name": "t", "data": {}}"#, "'t' expects nothing"),
  ])
  func rulesThatDoNotHoldSayWhy(test: String, expected: String) throws {
    #expect(try Self.problems(test) == [expected])
  }

  @Test func aTemplateMadeOfBrokenMarkupFailsTheRuleForHTML() throws {
    let set = TemplateSet(options: TemplateOptions(kind: .html)) { _ in Array("<p><i>x".utf8) }
    let document = try Document(json: #"{"template": "a", "tests": [{"name": "t", "expect": {"valid_html": true}}]}"#)
    let outcomes = TemplateTests(document, file: "a.test.json") { $0.contains("<i>") ? "'<i>' is not closed" : nil }
      .run(in: set)
    #expect(outcomes.map(\.problem?.detail) == ["'t' printed '<p><i>x': '<i>' is not closed"])
  }

  @Test func parametersOfTheHeaderAreCompared() throws {
    let set = TemplateSet { _ in Array("---\nparameters:\n  name: text required\n---\n{{ name }}".utf8) }
    let document = try Document(json: #"{"template": "a", "tests": [{"name": "t", "data": {}, "expect": "x"}]}"#)
    let outcomes = TemplateTests(document, file: "a.test.json") { _ in nil }.run(in: set)
    #expect(outcomes.map(\.problem?.detail) == ["'name' was not given"])
  }
}
