import Core
import Liquid
import Testing

/// Templates made to exhaust the parser or the machine: each must end soon, with output or with an error.
@Suite(.timeLimit(.minutes(1)))
struct HostileTests {
  @Test(arguments: [TemplateOptions.Mode.strict, .classic, .lax])
  func deepMarkupEnds(mode: TemplateOptions.Mode) {
    let many = 20_000
    let templates = [
      "{{ a" + String(repeating: "[a", count: many) + String(repeating: "]", count: many) + " }}",
      "{{ " + String(repeating: "[", count: many) + " }}",
      "{{ " + String(repeating: "(1..", count: many) + "1" + String(repeating: ")", count: many) + " }}",
      "{% if " + String(repeating: "a and ", count: many) + "a %}x{% endif %}",
      "{% if " + String(repeating: "not ", count: many) + "a %}x{% endif %}",
      "{% if " + String(repeating: "(", count: many) + "a" + String(repeating: ")", count: many) + " %}x{% endif %}",
      String(repeating: "{% if a %}", count: many) + String(repeating: "{% endif %}", count: many),
      "{% liquid " + String(repeating: "liquid ", count: many) + "echo 1 %}",
      "{{ a" + String(repeating: " | upcase", count: many) + " }}",
      String(repeating: "{{", count: many), String(repeating: "{%", count: many),
      String(repeating: "{% raw %}", count: 99),
    ]
    for template in templates {
      let text = (try? render(template, #"{"a": 1}"#, options: TemplateOptions(mode: mode))) ?? "error"
      #expect(text.utf8.count < 1000)
    }
  }

  @Test func filtersAreLinearInHostileTexts() throws {
    let data =
      #"{"a": "\#(String(repeating: "a", count: 200_000))", "t": "\#(String(repeating: "<script<style<!--", count: 20_000))"}"#
    let template = """
      {% assign p = a | slice: 0, 50000 | append: 'b' %}{{ a | replace: p, '' | size }} {{ a | split: p | size }}
      {{ t | strip_html | size }} {{ t | escape_once | size }} {{ a | truncatewords: 3 | size }}
      """
    let output = try render(template, data)
    #expect(output == "200000 1\n340000 520000 200000")
  }

  @Test func chainsOfFiltersThatMultiplyATextEnd() {
    let chain = String(repeating: " | replace: 'x', 'xxxxxxxxxxxxxxxx'", count: 40)
    var options = TemplateOptions()
    options.limits.outputBytes = 200_000
    let limited = options
    #expect {
      try render("{{ 'x'\(chain) }}", options: limited)
    } throws: { "\($0)".contains("limit reached") }
  }

  @Test func cyclesOfManyGroupsEnd() {
    #expect {
      try render("{% for i in (1..900000) %}{% cycle i: 1, 2 %}{% endfor %}")
    } throws: { "\($0)".contains("limit reached") }
  }

  @Test(arguments: ["(0..m)", "(-1..m)", "(l..m)", "(l..0)", "(m..l)"])
  func rangesOfAnySizeEnd(range: String) {
    let data = #"{"m": 9223372036854775807, "l": -9223372036854775808, "n": 5}"#
    for use in [
      "{{ r.size }} {{ r | size }} {{ r.first }} {{ r.last }} {{ n | map: r }} {{ 'abc' | map: r }}",
      "{% for i in r limit: 2 %}{{ i }}{% endfor %}", "{% for i in r offset: m %}{{ i }}{% endfor %}",
      "{% for i in r reversed %}{{ i }}{% break %}{% endfor %}", "{% for i in r %}{% endfor %}",
      "{% tablerow i in r limit: 2 cols: m %}{{ i }}{% endtablerow %}", "{{ r | join }}", "{{ r | reverse | first }}",
    ] {
      let text = (try? render("{% assign r = \(range) %}\(use)", data)) ?? "error"
      #expect(text.utf8.count < 1000)
    }
  }

  @Test func numbersAtTheEdgeDoNotTrap() throws {
    let numbers = [
      "9223372036854775807", "-9223372036854775808", "170141183460469231731687303715884105727",
      "-170141183460469231731687303715884105727", "-170141183460469231731687303715884105728", "-1",
      "99999999999999999999999999999999999999999999", "1.7976931348623157e308", "-0.0", "5e-324", "0",
    ]
    let filters = [
      "plus: n", "minus: n", "times: n", "divided_by: n", "modulo: n", "round: n", "at_least: n", "abs", "ceil",
      "floor",
      "slice: n, n", "truncate: n", "truncatewords: n", "size", "date: '%Y'", "money", "number", "percent", "json",
    ]
    var options = TemplateOptions()
    options.failures = .inPlace
    for number in numbers {
      let template = filters.map { "{{ n | \($0) }}{{ 7 | \($0) }}{{ '7.5' | \($0) }}" }.joined()
      #expect(try !render(template, "{\"n\": \(number)}", options: options).isEmpty)
    }
  }
}
