import Liquid
import Testing

/// What Ruby's Liquid 5.13 gives.
struct FilterTests {
  private func liquid(_ template: String, _ json: String = "{}") throws -> String {
    try render(template, json, options: TemplateOptions(mode: .strict, failures: .inPlace, dialect: .liquid))
  }

  @Test(arguments: [
    ("-0.0 | minus: 0", "-0.0"), ("0 | times: -1.5 | abs", "0.0"), ("'-0.0' | divided_by: 3.5", "-0.0"),
    ("0.1 | modulo: -0.0", "Liquid error (line 1): divided by 0"), ("-0 | round: -0.0", "0"),
    ("80166712477264443877782447475 | times: 146.850959 | floor", "11772558607163549000000000000000"),
    ("-170141183460469231731687303715884105727 | modulo: 3", "2"),
    ("-170141183460469231731687303715884105727 | floor", "-170141183460469231731687303715884105727"),
    ("-9223372036854775808 | divided_by: -1", "9223372036854775808"),
  ])
  func numbersAreRubys(filters: String, expected: String) throws {
    #expect(try liquid("{{ \(filters) }}") == expected)
  }

  @Test func textIsCutAtWhiteSpaceAndNotAtNUL() throws {
    let data = #"{"s": "a\u0000b\tc d"}"#
    #expect(try liquid("{{ s | split: ' ' | size }} {{ s | truncatewords: 1 }}", data) == "3 a\0b...")
  }

  @Test func whatRubyPrintsOfATextInAList() throws {
    let data = #"{"s": ["\u200b\u0085\u0080\u2028\ufeff"]}"#
    #expect(try liquid("{{ s | append: '' }}", data) == "[\"\u{200B}\u{85}\\u0080\\u2028\u{FEFF}\"]")
  }

  @Test func whatIsNoCounterIsToldAndTheRestIsRendered() throws {
    let data = #"{"a_name_that_is_long": "text"}"#
    let template = "a{% increment a_name_that_is_long %}b{% decrement a_name_that_is_long %}c"
    #expect(try liquid(template, data) == "aLiquid error (line 1): internalbLiquid error (line 1): internalc")
  }

  @Test func aLiteralFalseIsNoSubjectOfAPartial() throws {
    let options = TemplateOptions(mode: .strict, dialect: .liquid)
    let output = try render(
      "{% include 'p' with false %}{% render 'p' for false %}{% render 'p' with f %}", #"{"p": "G", "f": false}"#,
      options: options, partials: ["p": "[{{ p }}]"])
    #expect(output == "[G][][false]")
  }

  @Test func theVariablesAreNoVariable() throws {
    #expect(try liquid("{{ self.s }}{{ self.self.s }}", #"{"s": "x"}"#) == "x")
  }
}
