import Core
import Host
import Testing

struct ManifestTests {
  private let small = """
    manifest: 1
    name: small
    pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
    """

  @Test func oneManifestNeedsNoMoreThanOnePipeline() throws {
    let manifest = try Manifest(path: "m.yaml", text: small)
    #expect(manifest.name == "small")
    #expect(manifest.pipelines.map(\.name) == ["all"])
    #expect(manifest.routes.map(\.pipeline) == ["all"])
    #expect(manifest.locales.supported == ["en-US"])
  }

  @Test func everyMistakeIsReportedAtOnceWithPlaceAndRemedy() {
    let text = message {
      _ = try Manifest(
        path: "shop.yaml",
        text: """
          manifest: 1
          nmae: shop
          site: { currency: euro }
          routes:
            - { if: { profile.orders: { at_leest: 3 } }, run: goldd }
            - { if: { segments: vip }, run: gold }
          pipelines:
            gold:
              for_each: { slot: recomendations }
              stages:
                - { id: recommendations, use: recommender }
                - { id: recommendations, use: recommender, optional: maybe }
          """)
    }
    for part in [
      "invalid manifest: 10 errors",
      "'nmae' is not a key here (in shop.yaml:2:1)", "help: did you mean 'name'?",
      "lacks 'name'",
      "'currency' must be three capital letters (ISO 4217), got 'euro' (in shop.yaml:3:19)",
      "'at_leest' is not an operator (in shop.yaml:5:31)", "help: did you mean 'at_least'?",
      "pipeline 'goldd' does not exist; pipelines are 'gold' (in shop.yaml:5:53)", "help: did you mean 'gold'?",
      "'segments' does not begin with a part of the brief", "help: write 'profile.segments'",
      "the last route must have no 'if'",
      "no stage of this pipeline writes (in shop.yaml:9:23)", "help: did you mean 'recommendations'?",
      "two stages are called 'recommendations'",
      "'optional' must be true or false, got 'maybe'",
    ] {
      #expect(text.contains(part), "expected \(part) in:\n\(text)")
    }
  }

  @Test func theExcerptCarriesACaret() {
    let text = message { _ = try Manifest(path: "m.yaml", text: small + "\nseeed: 4") }
    #expect(
      text == """
        invalid manifest: 1 error
        manifest: 'seeed' is not a key here (in m.yaml:4:1)
          4 | seeed: 4
            | ^ help: did you mean 'seed'?
        """)
  }

  @Test func aliasesThatRepeatEachOtherAreNotFollowedForever() {
    let layers = (1..<12).map {
      "x\($0): &a\($0) [\([String](repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]"
    }
    let text = message { _ = try Manifest(path: "m.yaml", text: "x0: &a0 [1, 2]\n" + layers.joined(separator: "\n")) }
    #expect(text.contains("aliases repeat more than a million values (in m.yaml:"))
  }

  @Test func plainWordsStayStrings() throws {
    let manifest = try Manifest(path: "m.yaml", text: small + "\ncampaign: no\nchannel: 007")
    #expect(manifest.campaign == "no")
    #expect(manifest.channel == "007")
  }

  @Test(arguments: [
    ("a: [1, 2", "invalid yaml"), ("a: 1\na: 2", "stand"), ("- x", "must be an object"), ("a: *b", "invalid yaml"),
  ])
  func brokenYAMLIsNamed(text: String, part: String) {
    #expect(message { _ = try Manifest(path: "m.yaml", text: text) }.contains(part))
  }

  @Test(arguments: [
    ("a:\n\tb: 1", "m.yaml:2:1", "a tab stands where blanks must be", "indent with blanks"),
    ("a: @b", "m.yaml:1:4", "'@' cannot begin a text", "in quotes"),
    ("a: {{ b }}.html\nc: 1", "m.yaml:", "", "must stand in quotes: \"{{ ... }}\""),
    ("a: { p: {{ b }}.html }", "m.yaml:1:", "", "must stand in quotes: \"{{ ... }}\""),
    ("{%- comment -%}", "m.yaml:1:2", "'%' cannot begin a text", "must stand in quotes"),
    ("a: 1\nb 2\nc: 3", "m.yaml:2:1", "a line that is no 'key: value'", "write a colon"),
    ("a: b: c", "m.yaml:1:5", "a second ': ' in one line", "in quotes"),
    ("a: 1\nb: \"open\nc: \"x\"", "m.yaml:3:5", "does not go on with what stands above", "quotes above"),
    ("a: \"open", "m.yaml:1:4", "the quote that begins here is never closed", "close it"),
    ("a: [1, 2", "m.yaml:", "a list in '[ ]' does not go on as one", "missing comma, bracket or quote"),
  ])
  func slipsInYAMLAreToldInPlainWords(text: String, place: String, detail: String, help: String) {
    let message = message { _ = try Manifest(path: "m.yaml", text: text) }
    #expect(message.contains("(in \(place)"), "\(message)")
    #expect(message.contains(detail), "\(message)")
    #expect(message.contains(help), "\(message)")
  }

  @Test(arguments: [
    ("2026-03-01T08:00:00Z", 1_772_352_000), ("2026-03-01", 1_772_323_200), ("1970-01-01T00:00:00Z", 0),
    ("2026-03-01T09:00:00+01:00", 1_772_352_000), ("2000-02-29T12:30:00Z", 951_827_400),
  ])
  func runTimesAreISO8601(text: String, seconds: Int64) throws {
    #expect(try Manifest(path: "m.yaml", text: small + "\nrun_time: \(text)").runTime == seconds)
  }

  @Test func feedsNeedARunTime() {
    let text = message {
      _ = try Manifest(path: "m.yaml", text: small + "\nfeeds: [ { kind: google-mercant, path: m.xml } ]")
    }
    #expect(text.contains("lacks 'run_time', which feeds need"))
    #expect(text.contains("help: did you mean 'google-merchant'?"))
  }

  @Test func aForeignPluginMustBeTrustedInSoManyWords() {
    let text = message { _ = try Manifest(path: "m.yaml", text: small + "\nplugins: { acme: { path: a.so } }") }
    #expect(text.contains("'trust: worker' is not available in this version"))
  }
}
