import Core
import Liquid
import Testing

struct TemplateTestsTests {
  private static func problems(_ tests: String) throws -> [String?] {
    let templates = ["card.liquid": "{% if stock == 0 %}{% abort 'sold out' %}{% endif %}<b>{{ name }}</b>"]
    let set = TemplateSet(options: TemplateOptions(kind: .html)) { templates[$0].map { Array($0.utf8) } }
    let document = try Document(json: "{\"template\": \"card\", \"tests\": [\(tests)]}")
    return TemplateTests(document, file: "card.test.json").run(in: set).map(\.problem?.detail)
  }

  @Test func rulesThatHoldPass() throws {
    let found = try Self.problems(
      """
      {"name": "whole", "data": {"name": "a&b"}, "expect": "<b>a&amp;b</b>"},
      {"name": "rules", "data": {"name": "x"}, "expect": {"contains": ["<b>", "x"], "lacks": "y", "at_most_characters": 8}},
      {"name": "stop", "data": {"stock": 0}, "expect": {"fails": "sold out"}}
      """)
    #expect(found == [nil, nil, nil])
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
    (#"{"name": "t", "data": {}, "expect": {"contain": "x"}}"#, "'contain' is not a rule"),
    (#"{"name": "t", "data": {}}"#, "'t' expects nothing"),
  ])
  func rulesThatDoNotHoldSayWhy(test: String, expected: String) throws {
    #expect(try Self.problems(test) == [expected])
  }
}
