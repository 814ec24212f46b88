import Core
import Liquid
import Testing

struct CheckingTests {
  private static func findings(
    _ templates: [String: String], _ names: [String] = ["page"], sample: String? = nil
  ) throws -> [String] {
    let document = try Document(json: sample ?? "{}")
    return withExtendedLifetime(document) {
      let set = TemplateSet(options: TemplateOptions(kind: .html)) { templates[$0].map { Array($0.utf8) } }
      let fields = sample.map { _ in KnownFields(sample: document.root.raw, access: Accessors.table) }
      let all = templates.keys.filter { !$0.contains("/") }.sorted()
      return TemplateLinter(set: set, fields: fields).check(names, among: all).map(\.description)
    }
  }

  private static func expect(_ templates: [String: String], sample: String? = nil, _ expected: String) throws {
    let found = try findings(templates, sample: sample)
    #expect(found.count == 1)
    #expect(found.first?.contains(expected) == true, "\(found)")
  }

  private static let card = "---\nparameters:\n  title: text required\n  count: number = 4\n---\n{{ title }}{{ count }}"

  @Test func argumentsAreComparedWithTheHeader() throws {
    try Self.expect(
      ["page": "{% render 'card', titel: 'x' %}", "card": Self.card], "'titel' is not a parameter of 'card'")
    try Self.expect(["page": "{% render 'card', count: 3 %}", "card": Self.card], "'card' needs 'title'")
    try Self.expect(
      ["page": "{% render 'card', title: 3 %}", "card": Self.card], "'title' was given a number, expected a text")
    #expect(try Self.findings(["page": "{% render 'card', title: 'x' %}", "card": Self.card]).isEmpty)
  }

  @Test func defaultsStandInForParameters() throws {
    #expect(try render("{% render 'card', title: 'x' %}", partials: ["card": Self.card]) == "x4")
    #expect(try render("{% render 'card', title: 'x', count: 2 %}", partials: ["card": Self.card]) == "x2")
  }

  @Test func scopesAreComparedWithTheHeader() throws {
    let template = try TemplateSet().parse(Self.card, name: "card.liquid")
    let data = try Document(json: #"{"count": "many"}"#)
    let problems = template.problems(with: Scope(root: data.root.raw, access: Accessors.table)).map(\.detail)
    withExtendedLifetime(data) {}
    #expect(problems == ["'title' was not given", "'count' was given a text, expected a number"])
  }

  @Test func variablesAreTracedToTheData() throws {
    let sample = #"{"products": [{"title": "x", "price": {"amount": 1}}], "shop": {"name": "s"}}"#
    try Self.expect(
      ["page": "{% for p in products %}{{ p.titel }}{{ p.price.amount }}{% endfor %}{{ shop.name }}"], sample: sample,
      "'products[].titel' is in none of the data (in page:1:27)")
    try Self.expect(
      ["page": "{% assign s = shop %}{{ s.nmae }}"], sample: sample, "'shop.nmae' is in none of the data")
    try Self.expect(
      [
        "page": "{% for p in products %}{% render 'row', item: p %}{% endfor %}",
        "row": "{{ item.titl }}{{ item.title }}",
      ],
      sample: sample, "'products[].titl' is in none of the data (in row:1:4)")
    try Self.expect(["page": "{{ prodcts | size }}"], sample: sample, "did you mean 'products'?")
  }

  @Test func whatIsNeverUsedIsReported() throws {
    try Self.expect(["page": "{% assign x = 1 %}"], "'x' is set, but never read")
    try Self.expect(
      ["page": "---\nparameters:\n  a: text\n---\nx"], "'a' is declared, but never read")
    try Self.expect(["page": "x", "lost": "y"], "nothing calls 'lost'")
  }

  @Test func doubtfulMarkupIsReported() throws {
    try Self.expect(["page": "<div><span>x</div>"], "'<span>' is not closed")
    #expect(
      try Self.findings([
        "page": "<div><p>x<br></div><path d=\"{{ x }}\"/><a b={{ x }}>y</a>{% if true %}<b>x</b>{% endif %}"
      ]).isEmpty)
    try Self.expect(["page": "{% include 'row' %}", "row": "x"], "'include' shares all variables")
    let deep = String(repeating: "{% if true %}", count: 9) + "x" + String(repeating: "{% endif %}", count: 9)
    try Self.expect(["page": deep], "nested 9 levels deep")
  }

  @Test func localeFilesAreCompared() throws {
    let english = try Document(json: #"{"a": "x {{ n }}", "b": {"one": "1", "other": "{{ count }}"}, "c": "c"}"#)
    let german = try Document(json: #"{"a": "x", "b": {"other": "{{ count }}"}, "d": "d"}"#)
    let found = TemplateLinter.compare([("en.json", english), ("de.json", german)]).map(\.detail)
    #expect(
      found == [
        "'a' fills in nothing, expected 'n'", "'c' is in 'en.json', but not here", "'d' is here, but not in 'en.json'",
      ])
  }

  private static func keyFindings(_ template: String, _ texts: String) throws -> [String] {
    let templates = ["page": template]
    let set = TemplateSet(options: TemplateOptions(kind: .html)) { templates[$0].map { Array($0.utf8) } }
    let file = ("locales/en.json", try Document(json: texts))
    return TemplateLinter(set: set).checkKeys(["page"], of: file).map { "\($0.kind): \($0.detail)" }
  }

  @Test(arguments: [
    ("{{ 'cart.title' | t }}", "missing translation: 'cart.title' has no text in 'locales/en.json'"),
    (
      "{{ 'cart.' | append: kind | append: '.top' | t }}",
      "missing translation: 'cart.*.top' has no text in 'locales/en.json'"
    ),
    (
      "{% assign key = 'cart.' | append: kind %}{{ key | t }}",
      "missing translation: 'cart.*' has no text in 'locales/en.json'"
    ),
  ])
  func keysThatTheFileLacksAreReported(template: String, expected: String) throws {
    #expect(try Self.keyFindings(template, "{}") == [expected])
  }

  @Test func keysThatNothingAsksForAreReported() throws {
    let texts = #"{"a": "x", "b": {"one": "1", "other": "n"}, "c": {"x": "1", "y": "2"}, "d": "x"}"#
    let template =
      "{{ 'a' | t }}{{ 'b' | t: count: 2 }}{% if x %}{% assign k = 'x' %}{% else %}{% assign k = 'z' %}{% endif %}"
    #expect(
      try Self.keyFindings(template + "{{ 'c.' | append: k | t }}", texts).filter { $0.hasPrefix("unused") } == [
        "unused translation: no template asks for 'c.y'", "unused translation: no template asks for 'd'",
      ])
    #expect(try Self.keyFindings(template + "{{ whatever | t }}", texts).isEmpty, "anything may be asked for")
  }

  @Test func namesThatATextNeedsMustBeGiven() throws {
    let texts = #"{"a": "{{ n }} of {{ m }}", "b": {"one": "one", "other": "{{ count }}"}}"#
    #expect(
      try Self.keyFindings("{{ 'a' | t: n: 1 }}{{ 'b' | t: count: 1 }}", texts) == [
        "missing argument: the text of 'a' fills in 'm', which it is not given"
      ])
    #expect(
      try Self.keyFindings("{{ 'a' | t: n: 1, m: 2 }}{{ 'b' | t }}", texts) == [
        "missing argument: the text of 'b' fills in 'count', which it is not given"
      ])
  }

  @Test func requiredParametersMustBeInTheData() throws {
    try Self.expect(
      ["page": "---\nparameters:\n  prodct: text required\n---\n{% if prodct %}x{% endif %}"],
      sample: #"{"product": "x"}"#,
      "'prodct' is required, but in none of the data")
  }

  @Test func argumentsThatStandTwiceAreReported() throws {
    try Self.expect(
      ["page": "{% render 'card', title: 'x', title: 'y' %}", "card": Self.card], "'title' is given twice")
  }

  @Test(arguments: [
    ("{% render 'lost' %}", "'lost' does not exist"), ("{{ 'x' | upcse }}", "'upcse'"),
    ("---\nkindd: html\n---\n", "'kindd' is not a setting"), ("{% fro a in b %}{% endfro %}", "'fro'"),
    ("---\ndialect: 2\n---\n", "found dialect '2', expected 1"),
    ("---\nparameters:\n  a: txt\n---\n", "found type 'txt'"),
  ])
  func whatCannotBeReadIsAnErrorWithItsPlace(template: String, expected: String) throws {
    try Self.expect(["page": template], expected)
    #expect(try Self.findings(["page": template]).first?.contains("page:") == true)
  }

  @Test func fieldsOfSeveralSamplesCount() throws {
    var fields = KnownFields()
    for sample in [#"{"a": 1}"#, #"{"b": {"c": 1}}"#] {
      let document = try Document(json: sample)
      withExtendedLifetime(document) {
        fields.insert(sample: document.root.raw, at: "product", access: Accessors.table)
      }
    }
    fields.copy("product", to: "products[]")
    let set = TemplateSet { _ in
      Array("{{ product.a }}{{ product.b.c }}{% for p in products %}{{ p.b.d }}{% endfor %}".utf8)
    }
    #expect(
      TemplateLinter(set: set, fields: fields).check(["page"]).map(\.detail) == [
        "'products[].b.d' is in none of the data"
      ])
  }
}
