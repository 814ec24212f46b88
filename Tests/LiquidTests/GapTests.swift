import Core
import Liquid
import Testing

struct GapTests {
  private static func gaps(
    _ template: String, _ json: String = "{}", kind: OutputKind = .text, partials: [String: String] = [:]
  ) throws -> [Gap] {
    var options = TemplateOptions(kind: kind)
    options.recordsGaps = true
    let set = TemplateSet(options: options) { partials[$0].map { Array($0.utf8) } }
    let data = try Document(json: json)
    return try withExtendedLifetime(data) {
      let renderer = Renderer()
      let parsed = try set.parse(template, name: "t.liquid")
      _ = try renderer.text(parsed, scope: Scope(root: data.root.raw, access: Accessors.table))
      return renderer.gaps
    }
  }

  @Test func gapsAreRecordedWithTheirPlace() throws {
    let gaps = try Self.gaps("{{ a.b }}\n{{ name | default: 'you' }}{{ here }}", #"{"here": 1}"#)
    #expect(gaps.map(\.expression) == ["a.b", "name"])
    #expect(gaps.map(\.fellBack) == [false, true])
    #expect(gaps.last?.location == SourceLocation(file: "t.liquid", line: 2, column: 4))
  }

  @Test(arguments: [
    "{{ a }}", "{{ a | upcase }}", "{{ a | escape }}", "{{ a | money }}", "{{ a | strip | truncate: 5 }}",
    "{% echo a %}", "{% capture x %}{{ a }}{% endcapture %}", "{{ 'hello' | t: name: a }}",
  ])
  func whateverPrintsNothingIsAGap(template: String) throws {
    let texts = ["locales/en.json": #"{"hello": "Hello {{ name }}"}"#]
    for kind in [OutputKind.text, .html] {
      for data in ["{}", #"{"a": null}"#, #"{"a": ""}"#] {
        let gaps = try Self.gaps(template, data, kind: kind, partials: texts)
        #expect(gaps.map(\.expression) == ["a"], "\(template) with \(data)")
        #expect(gaps.map(\.fellBack) == [false])
      }
      #expect(try Self.gaps(template, #"{"a": "x"}"#, kind: kind, partials: texts).isEmpty, "\(template)")
    }
  }

  @Test func attributesAndScriptsAreLookedAtToo() throws {
    let gaps = try Self.gaps("<a href={{ a }} onclick=\"{{ b }}\"><script>{{ c }}</script>", kind: .html)
    #expect(gaps.map(\.expression) == ["a", "b", "c"])
  }

  @Test func aGapInALoopIsOne() throws {
    let gaps = try Self.gaps(
      "{% for i in (1..50) %}{% render 'card', product: i %}{% endfor %}",
      partials: ["card": "{{ product.name }}{{ product.colour | default: 'red' }}"])
    #expect(gaps.map(\.expression) == ["product.name", "product.colour"])
    #expect(gaps.map(\.template) == ["card", "card"])
  }

  @Test func whatTheAuthorWroteIsNoGap() throws {
    #expect(try Self.gaps("{{ '' }}{{ '' | default: 'x' }}{{ '' | upcase }}").isEmpty)
  }

  @Test func argumentsThatTheTextLeavesOutAreNoGaps() throws {
    let texts = ["locales/en.json": #"{"hello": "Hello", "bye": "Bye {{ name }}"}"#]
    #expect(try Self.gaps("{{ 'hello' | t: name: a }}", partials: texts).isEmpty)
    #expect(
      try Self.gaps("{{ 'bye' | t: name: a, town: b }}", partials: texts).map(\.expression) == ["a"])
  }

  @Test func aDefaultThatIsEmptyIsOneGap() throws {
    #expect(try Self.gaps("{{ a | default: '' }}").map(\.fellBack) == [true])
  }

  @Test func theReasonOfAnAbortIsKnownUntilTheNextRender() throws {
    let set = TemplateSet()
    let stopped = try set.parse("{% abort 'sold out' %}", name: "a")
    let broken = try set.parse("{{ 1 | divided_by: 0 }}", name: "b")
    let data = try Document(json: "{}")
    let renderer = Renderer()
    withExtendedLifetime(data) {
      let scope = Scope(root: data.root.raw, access: Accessors.table)
      #expect(throws: Diagnostic.self) { try renderer.text(stopped, scope: scope) }
      #expect(renderer.stopReason == "sold out")
      #expect(throws: Diagnostic.self) { try renderer.text(broken, scope: scope) }
      #expect(renderer.stopReason == nil)
    }
  }
}
