import Liquid
import Testing

struct ReferenceTests {
  @Test func everyTagAndFilterIsThere() {
    #expect(LiquidReference.tags.map(\.name).sorted() == LiquidReference.tagNames.sorted())
    #expect(LiquidReference.filters.map(\.name).sorted() == LiquidReference.filterNames.sorted())
  }

  @Test(arguments: LiquidReference.tags + LiquidReference.filters)
  func examplesPrintWhatTheySay(entry: LiquidReference.Entry) throws {
    let data =
      #"{"tags": ["b", "a"], "list": [1, null, 2], "lines": "a\nb", "items": [{"n": 1, "name": "one"}, {"n": 2, "name": "two"}]}"#
    let partials = [
      "greeting": "Hello {{ name }}", "page": "<{% block body %}old{% endblock %}>",
      "locales/en.json": #"{"cart": {"one": "1 item", "other": "{{ count }} items"}}"#,
    ]
    #expect(try render(entry.example, data, partials: partials) == entry.output)
  }

  @Test func markdownShowsEveryEntry() {
    let text = LiquidReference.markdown()
    for entry in LiquidReference.filters { #expect(text.contains("### \(entry.name)\n")) }
    #expect(text.contains("## Tags"))
  }
}
