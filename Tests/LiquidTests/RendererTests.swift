import Core
import Liquid
import Testing

struct RendererTests {
  @Test func theSameRendererGivesTheSameOutputAgainAfterAFailure() throws {
    let set = TemplateSet()
    let good = try set.parse(
      "{% assign x = 1 %}{% for i in (1..3) %}{{ i | plus: x }}{% endfor %}{{ y }}", name: "good")
    let bad = try set.parse("{% assign y = 2 %}{% for x in (1..3) %}{{ 1 | divided_by: 0 }}{% endfor %}", name: "bad")
    let data = try Document(json: "{}")
    let scope = Scope(root: data.root.raw, access: Accessors.table)
    let renderer = Renderer()
    let first = try renderer.text(good, scope: scope)
    #expect(throws: Diagnostic.self) { try renderer.text(bad, scope: scope) }
    #expect(try renderer.text(good, scope: scope) == first)
    #expect(first == "234")
    withExtendedLifetime(data) {}
  }

  @Test func oneTemplateRendersOnManyThreadsAtOnce() async throws {
    let set = TemplateSet { $0 == "card" ? Array("[{{ card.n | plus: 1 }}]".utf8) : nil }
    let template = try set.parse("{% render 'card' for list %}", name: "page")
    let data = try Document(json: #"{"list": [{"n": 1}, {"n": 2}, {"n": 3}]}"#)
    let outputs = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 {
        group.addTask {
          let renderer = Renderer()
          let scope = Scope(root: data.root.raw, access: Accessors.table)
          var last = ""
          for _ in 0..<200 { last = try renderer.text(template, scope: scope) }
          return last
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(outputs == ["[2][3][4]"])
  }

  @Test func extraNamesWinAndMayBeSafe() throws {
    let output = try render(
      "{{ head }}{{ name }}", #"{"name": "data", "head": "data"}"#, options: TemplateOptions(kind: .html)
    ) {
      $0.set("head", "<meta>", isSafe: true)
      $0.set("name", "<b>")
    }
    #expect(output == "<meta>&lt;b&gt;")
  }

  @Test func partialsSeeTheScopeButNotTheVariablesOfTheirCaller() throws {
    let output = try render(
      "{% assign local = 'x' %}{% render 'p' %}", #"{"shop": "S"}"#, partials: ["p.liquid": "{{ shop }}{{ local }}"])
    #expect(output == "S")
  }

  @Test func snippetsAreFoundByTheirBareName() throws {
    let partials = ["snippets/price.liquid": "10 EUR", "snippets/card.liquid": "no", "card.liquid": "yes"]
    #expect(try render("{% render 'price' %} {% render 'card' %}", partials: partials) == "10 EUR yes")
    #expect(throws: Diagnostic.self) {
      try render("{% render 'price' %}", options: TemplateOptions(dialect: .liquid), partials: partials)
    }
  }

  @Test(arguments: [
    ("{% for i in (1..100000000) %}x{% endfor %}", "turns of loops"),
    ("{{ (1..100000000) | join }}", "turns of loops"),
    ("{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}", "bytes of"),
    (
      "{% for i in (1..100) %}{% for j in (1..100) %}0123456789012345678901234567890123456789{% endfor %}{% endfor %}",
      "bytes of output"
    ),
    ("{% assign s = 'x' %}{% for i in (1..30) %}{% assign s = s | replace: 'x', 'xxxx' %}{% endfor %}", "bytes of"),
    ("{% render 'loop' %}", "100 levels"),
  ])
  func limitsEndWhatWouldNotEnd(template: String, expected: String) {
    var options = TemplateOptions()
    options.limits.loopTurns = 20_000
    options.limits.outputBytes = 200_000
    options.limits.valueBytes = 1 << 20
    let limited = options
    #expect {
      try render(template, options: limited, partials: ["loop": "{% render 'loop' %}"])
    } throws: { "\($0)".contains(expected) }
  }

  @Test func constantTemplatesSaySo() throws {
    let set = TemplateSet()
    #expect(try set.parse("plain {% comment %}x{% endcomment %}", name: "a").isConstant)
    #expect(try !set.parse("{{ x }}", name: "b").isConstant)
  }

  @Test func variablesAreTheNamesThatAreReadAndNotSet() throws {
    let template = try TemplateSet().parse(
      "{% assign x = y.z %}{{ x }}{% for i in list %}{{ i }}{{ forloop.index }}{% endfor %}", name: "a")
    #expect(template.variables == ["list", "y"])
  }

  @Test func undefinedVariablesAreFailuresWhereThatIsAsked() {
    var options = TemplateOptions()
    options.undefinedIsFailure = true
    let strict = options
    #expect {
      try render("{{ a }}{{ product.titel | upcase }}", #"{"a": 1}"#, options: strict)
    } throws: { "\($0)".contains("'product' does not exist (in test.liquid:1:11)") }
    #expect(throws: Never.self) { try render("{{ b | default: 1 }}{% if b %}{% endif %}", options: strict) }
  }
}
