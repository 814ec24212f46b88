import Core
import Foundation
import Host
import Testing

struct GenerationTests {
  private let manifest = """
    manifest: 1
    name: test
    site: { name: Test Shop, base_url: "https://test.example", currency: EUR, product_path: "{{ locale }}/{{ product.slug }}.html" }
    locales: { default: en-US, supported: [en-US, de-DE] }
    run_time: 2026-03-01T08:00:00Z
    inputs:
      catalogue: { path: products.jsonl }
      profiles: { path: profiles.jsonl, inline: [ { id: visitor } ] }
    routes:
      - { if: { profile.id: visitor }, run: catalogue }
      - { if: { profile.segments: { contains: vip } }, run: letters }
      - run: plain
    pipelines:
      catalogue:
        for_each: products
        locales: all
        stages: [ { id: page, use: product-page, with: { template: page.liquid } } ]
      letters:
        stages:
          - { id: teaser, use: template-filler, with: { template: teaser.liquid } }
          - { id: letter, use: template-filler, with: { template: letter.liquid, kind: html } }
      plain:
        stages: [ { id: letter, use: template-filler, with: { template: letter.liquid, kind: html } } ]
    assets:
      - { slot: page, path: "{{ locale }}/{{ product.slug }}.html" }
      - { slot: letter, path: "letters/{{ profile.id }}.html" }
    feeds:
      - { kind: wordpress-wxr, path: import.xml }
      - { kind: google-merchant, path: merchant.xml }
    """

  /// A shop with 300 products, a third of them translated, and 500 profiles, a fifth of them vip.
  private func shop() throws -> Workspace {
    let workspace = try Workspace()
    let products = (0..<300).map { number in
      let german = number % 3 == 0 ? #","translations":{"de":{"name":"Zelt \#(number)"}}"# : ""
      return
        #"{"id":"T\#(number)","name":"Tent \#(number)","slug":"tent-\#(number)","price":\#(number).50,"currency":"EUR","#
        + #""brand":"Own","image":"images/t.png","availability":"in_stock","description":"Room & air <\#(number)>"\#(german)}"#
    }
    let profiles = (0..<500).map { number in
      #"{"id":"p\#(number)","locale":"\#(number % 2 == 0 ? "de-DE" : "en-US")","first_name":"N\#(number)","#
        + #""segments":[\#(number % 5 == 0 ? #""vip""# : "")],"recommendations":[{"id":"T\#(number % 300)","reason":"interest"}]}"#
    }
    try workspace.write("products.jsonl", products.joined(separator: "\n") + "\n")
    try workspace.write("profiles.jsonl", profiles.joined(separator: "\n") + "\n")
    try workspace.write(
      "templates/page.liquid",
      "<!DOCTYPE html><html lang=\"{{ locale }}\"><head>{{ head }}</head><body><h1>{{ product.name }}</h1>"
        + "<p>{{ product.description }}</p>{{ product.price | money }}</body></html>")
    try workspace.write("templates/teaser.liquid", "Dear {{ profile.first_name }}")
    try workspace.write(
      "templates/letter.liquid",
      "<p>{{ slots.teaser | default: 'Hello' }}</p>{% for p in products %}<a href=\"{{ p.path }}\">{{ p.name }}</a> {{ p.reason }}{% endfor %}"
    )
    return workspace
  }

  @Test func everyProfileTakesItsRouteAndEveryAssetIsWritten() throws {
    let workspace = try shop()
    let report = try workspace.generate(manifest)
    #expect(report.routed == ["catalogue": 1, "letters": 100, "plain": 400])
    #expect(report.assets == ["page": 600, "letter": 500])
    #expect(report.failed == 0)
    #expect(
      try workspace.read("out/letters/p5.html") == "<p>Dear N5</p><a href=\"en-US/tent-5.html\">Tent 5</a> interest")
    #expect(
      try workspace.read("out/letters/p6.html") == "<p>Hello</p><a href=\"de-DE/tent-6.html\">Zelt 6</a> interest")
  }

  @Test func missingDataIsCountedByTemplateAndVariable() throws {
    let workspace = try shop()
    let report = try workspace.generate(manifest)
    let gap = try #require(report.gaps.first { $0.key.variable == "slots.teaser" })
    #expect(gap.key.template == "letter.liquid" && gap.key.fellBack)
    #expect(gap.value.count == 400)
    #expect(gap.value.examples == ["profile 'p1'", "profile 'p2'", "profile 'p3'"])
    #expect(report.gaps.count == 1)
  }

  @Test func whatAPluginWarnsOfIsCounted() throws {
    let workspace = try shop()
    let options =
      #"template: letter.liquid, from: "Shop <shop@test.example>", to: "P <{{ profile.id }}@test.example>", "#
      + #"subject: Hello, unsubscribe_url: "https://test.example/u""#
    try workspace.write(
      "templates/letter.liquid",
      "{% if profile.id == 'p5' %}{% for i in (1..9000) %}<p>words</p>{% endfor %}{% endif %}<p>Hello</p>")
    let report = try workspace.generate(
      manifest.replacingOccurrences(
        of: "use: template-filler, with: { template: letter.liquid, kind: html }",
        with: "use: email, with: { \(options) }"))
    #expect(report.assets["letter"] == 500)
    let warned = try #require(
      report.warnings["letter: the HTML version is above 100 kB; Gmail cuts such messages off"])
    #expect(warned.count == 1 && warned.examples == ["profile 'p5'"])
  }

  @Test func aTemplateStopsItsAssetAndIsCounted() throws {
    let workspace = try shop()
    try workspace.write(
      "templates/teaser.liquid", "{% if profile.id == 'p5' %}{% abort 'no offer today' %}{% endif %}Hi")
    let report = try workspace.generate(manifest)
    #expect(report.failed == 0)
    #expect(report.assets["letter"] == 499)
    let stopped = try #require(report.skips["teaser: stopped by 'teaser.liquid': no offer today"])
    #expect(stopped.count == 1)
    #expect(stopped.examples == ["profile 'p5'"])
  }

  @Test func anOptionalStageThatFillsNothingIsCountedWithItsReason() throws {
    let workspace = try shop()
    try workspace.write(
      "templates/teaser.liquid", "{% if profile.id == 'p5' %}{% abort 'no offer today' %}{% endif %}Hi")
    let report = try workspace.generate(
      manifest.replacingOccurrences(
        of: "id: teaser, use: template-filler,", with: "id: teaser, optional: true, use: template-filler,"))
    #expect(report.assets["letter"] == 500)
    #expect(report.emptied["teaser: stopped by 'teaser.liquid': no offer today"]?.count == 1)
    #expect(report.emptied.count == 1)
  }

  @Test func pagesAreTranslatedAndEscapedAndLinkTheirTwins() throws {
    let workspace = try shop()
    try workspace.generate(manifest)
    let page = try workspace.read("out/de-DE/tent-3.html")
    #expect(page.contains("<h1>Zelt 3</h1>"))
    #expect(page.contains("<p>Room &amp; air &lt;3&gt;</p>"))
    #expect(page.contains(#"hreflang="en-US" href="https://test.example/en-US/tent-3.html""#))
    #expect(page.contains(#"hreflang="x-default" href="https://test.example/en-US/tent-3.html""#))
    #expect(page.contains(#"<link rel="canonical" href="https://test.example/de-DE/tent-3.html">"#))
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let one = try shop()
    try one.generate(manifest, threads: 1)
    let expected = try one.files(in: "out")
    #expect(expected.count == 600 + 500 + 4)
    for threads in [2, 8] {
      let other = try shop()
      try other.generate(manifest, threads: threads)
      #expect(try other.files(in: "out") == expected, "\(threads) threads")
    }
  }

  @Test func anAlternativeThatWritesNothingFallsToTheNext() throws {
    let workspace = try shop()
    try workspace.write(
      "templates/only-even.liquid", "{% assign odd = profile.id | size | modulo: 2 %}{% if odd == 0 %}even{% endif %}")
    try workspace.write("templates/any.liquid", "any")
    let report = try workspace.generate(
      """
      manifest: 1
      name: fallbacks
      inputs: { profiles: { inline: [ { id: ab }, { id: abc }, { id: abcd } ] } }
      pipelines:
        all:
          stages:
            - id: text
              use: template-filler
              with: { template: only-even.liquid }
              otherwise: { use: template-filler, with: { template: any.liquid } }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      """)
    #expect(report.fallbacks == ["text: template-filler": 1])
    #expect(try workspace.read("out/ab.txt") == "even")
    #expect(try workspace.read("out/abc.txt") == "any")
  }

  @Test func aStageThatStaysEmptyStopsItsBriefUnlessItIsOptional() throws {
    let workspace = try shop()
    try workspace.write("templates/nothing.liquid", " ")
    try workspace.write("templates/any.liquid", "any")
    func run(optional: Bool) throws -> RunReport {
      try workspace.generate(
        """
        manifest: 1
        name: empty
        inputs: { profiles: { inline: [ { id: a } ] } }
        pipelines:
          all:
            stages:
              - { id: intro, use: template-filler, with: { template: nothing.liquid }, optional: \(optional) }
              - { id: text, use: template-filler, with: { template: any.liquid } }
        assets: [ { slot: text, path: a.txt } ]
        """)
    }
    let stopped = try run(optional: false)
    #expect(stopped.written == 0)
    #expect(stopped.skips.keys.sorted() == ["intro: template 'nothing.liquid' made no text"])
    #expect(try run(optional: true).written == 1)
  }

  @Test func optionsThatHoldLiquidAreRenderedForEachBrief() throws {
    let workspace = try shop()
    try workspace.write("templates/shout.liquid", "{{ params.values.word }}")
    try workspace.generate(
      """
      manifest: 1
      name: params
      inputs: { profiles: { inline: [ { id: a, word: one }, { id: b, word: two } ] } }
      pipelines:
        all: { stages: [ { id: text, use: template-filler, with: { template: shout.liquid, values: { word: "{{ profile.word | upcase }}!" } } } ] }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      """)
    #expect(try workspace.read("out/a.txt") == "ONE!")
    #expect(try workspace.read("out/b.txt") == "TWO!")
  }

  @Test func twoBriefsWithOnePathAreAFailureUnlessTheirBytesAreEqual() throws {
    let workspace = try shop()
    try workspace.write("templates/id.liquid", "{{ profile.text }}")
    let report = try workspace.generate(
      """
      manifest: 1
      name: collisions
      inputs: { profiles: { inline: [ { id: a, text: x }, { id: b, text: x }, { id: c, text: y } ] } }
      pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: id.liquid } } ] } }
      assets: [ { slot: text, path: "Same.txt" } ]
      """)
    #expect(report.written == 1)
    #expect(report.collisions.count == 1)
    #expect(report.collisions.examples == ["'Same.txt' (profile 'c')"])
  }

  @Test func aPathThatLeavesTheFolderFailsItsBriefAlone() throws {
    let workspace = try shop()
    try workspace.write("templates/any.liquid", "any")
    let report = try workspace.generate(
      """
      manifest: 1
      name: escape
      inputs: { profiles: { inline: [ { id: "../../evil" }, { id: good } ] } }
      pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: any.liquid } } ] } }
      assets: [ { slot: text, path: "p/{{ profile.id }}.txt" } ]
      """)
    #expect(report.written == 1)
    #expect(report.failures.keys.first?.contains("leaves the output folder") == true)
    #expect(
      try workspace.files(in: "out").keys.sorted() == ["p/good.txt", "provenance-steps.json", "provenance.jsonl"])
  }

  @Test func anInterruptedRunLeavesNothingHalfWritten() throws {
    let workspace = try shop()
    let generation = Generation(
      try workspace.plan(manifest), options: GenerateOptions(sink: .folder("\(workspace.path)/out"), threads: 2))
    generation.interrupt()
    let report = try generation.run()
    #expect(report.isInterrupted)
    #expect(
      try workspace.files(in: "out").keys.filter { !$0.hasSuffix(".html") } == [".bespoke-checkpoint/checkpoint.log"])
  }

  @Test func aTemplateThatCannotBeParsedEndsTheRunBeforeAnyOutput() throws {
    let workspace = try shop()
    try workspace.write("templates/page.liquid", "<h1>\n{{ product.name | upcse }}</h1>")
    let text = message { try workspace.generate(manifest) }
    #expect(text.contains("'upcse' is not a filter"))
    #expect(text.contains("page.liquid:2:"))
    #expect(text.contains("did you mean 'upcase'?"))
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/out/en-US"))
  }

  @Test func everyRowBecomesAPageOrStandsInTheReport() throws {
    let workspace = try shop()
    try workspace.write(
      "products.jsonl",
      """
      {"id":"a","name":"One"}
      {"id":"b"}
      not json
      {"id":"a","name":"Again"}

      {"id":"c","name":"Three","price":"free"}
      """)
    let manifest = """
      manifest: 1
      name: products
      inputs: { catalogue: { path: products.jsonl } }
      pipelines: { all: { for_each: products, stages: [ { id: page, use: product-page, with: { template: page.liquid } } ] } }
      assets: [ { slot: page, path: "{{ product.id }}.html" } ]
      """
    let report = try workspace.generate(manifest) { $0.rejectsPath = "\(workspace.path)/rejects.jsonl" }
    let input = try #require(report.inputs.first)
    #expect(input.rows == input.dirt.records + input.dirt.rejected)
    #expect(report.assets["page"] == 2)
    let rejects = try workspace.read("rejects.jsonl").split(separator: "\n")
    #expect(rejects == [#"{"id":"b"}"#, "not json", #"{"id":"a","name":"Again"}"#])
  }

  @Test func rejectedRowsOfACatalogueThatIsLookedUpAreKept() throws {
    let workspace = try shop()
    try workspace.write(
      "products.jsonl", "{\"id\":\"a\",\"name\":\"One\"}\nnot json\n{\"id\":\"a\",\"name\":\"Again\"}\n")
    try workspace.write("profiles.jsonl", "{\"id\":\"p\"}\n{\"id\":\"p\",\"locale\":\"de-DE\"}\n")
    try workspace.generate(
      """
      manifest: 1
      name: products
      inputs: { catalogue: { path: products.jsonl }, profiles: { path: profiles.jsonl } }
      pipelines: { all: { products: catalogue, stages: [ { id: page, use: product-page, with: { template: page.liquid } } ] } }
      assets: [ { slot: page, path: "{{ profile.id }}.html" } ]
      """
    ) { $0.rejectsPath = "\(workspace.path)/rejects.jsonl" }
    let rejects = try workspace.read("rejects.jsonl").split(separator: "\n")
    #expect(rejects == ["not json", #"{"id":"a","name":"Again"}"#, #"{"id":"p","locale":"de-DE"}"#])
  }

  @Test func localesThatAreNotSupportedAreCounted() throws {
    let workspace = try shop()
    try workspace.write("templates/t.liquid", "{{ locale }}")
    let report = try workspace.generate(
      """
      manifest: 1
      name: locales
      locales: { default: en-US, supported: [en-US, de-DE] }
      inputs: { profiles: { inline: [
        { id: a, locale: de-AT }, { id: b, locale: fr-FR }, { id: c }, { id: d, locale: fr-FR }, { id: e, locale: "" } ] } }
      pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
      assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
      """)
    #expect(report.unsupportedLocales.mapValues(\.count) == ["fr-FR": 2])
    #expect(report.unsupportedLocales["fr-FR"]?.examples == ["profile 'b'", "profile 'd'"])
    #expect(try workspace.read("out/a.txt") == "de-DE")
    #expect(try workspace.read("out/b.txt") == "en-US")
  }

  @Test func aStrictRunStopsAtTheFirstBadRow() throws {
    let workspace = try shop()
    try workspace.write("products.jsonl", "{\"id\":\"a\",\"name\":\"One\"}\nnot json\n")
    let text = message { try workspace.generate(manifest) { $0.isStrict = true } }
    #expect(text.contains("products.jsonl:2"))
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/out/import.xml"))
  }

  @Test func rowsAboutPeopleAreReportedByLineAlone() throws {
    let workspace = try shop()
    try workspace.write("profiles.jsonl", "{\"id\":\"p1\",\"first_name\":\"  Secret  Name \"}\nnot json, but secret\n")
    let report = try workspace.generate(manifest)
    let profiles = try #require(report.inputs.last)
    #expect(profiles.dirt.rejected == 1)
    #expect(profiles.dirt.description.contains("line 2"))
    #expect(!profiles.dirt.description.lowercased().contains("secret"))
  }

  @Test func provenanceSaysHowEachAssetCameToBe() throws {
    let workspace = try shop()
    try workspace.generate(manifest)
    let lines = try workspace.read("out/provenance.jsonl").split(separator: "\n")
    #expect(lines.filter { $0.contains("\"stages\":") }.count == 1100)
    #expect(lines.filter { $0.contains("\"feed\":") }.count == 2)
    let document = try Document(json: String(try #require(lines.first { $0.contains("letters/p5.html") })))
    withExtendedLifetime(document) {
      #expect(document.root["profile"].string == "p5")
      #expect(document.root["pipeline"].string == "letters")
      #expect(document.root["stages"][0]["plugin"].string == "org.bespoke.template-filler")
      #expect(document.root["stages"][0]["notes"]["template"].string == "teaser.liquid")
    }
  }
}
