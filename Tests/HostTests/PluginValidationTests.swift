import Core
import Foundation
import Host
import Testing

struct PluginValidationTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func validate(
    _ file: String, _ input: TrialInput = TrialInput(), only check: String? = nil, seed: UInt64 = 5
  ) throws -> [PluginValidator.Result] {
    try PluginValidator(file: file, input: input, seed: seed, program: "\(builtProducts)/bespoke").run(only: check)
  }

  private func failed(_ results: [PluginValidator.Result]) -> [String] {
    results.filter { $0.outcome == .failed }.map(\.check)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aPluginThatKeepsTheContractPasses() throws {
    let results = try validate(FixturePlugin.build("good", in: workspace))
    #expect(failed(results) == [])
    #expect(results.map(\.check) == PluginValidator.checks)
    #expect(results.filter { $0.outcome == .skipped }.map(\.check) == ["self-test"])
  }

  @Test(
    .enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"),
    arguments: FixturePlugin.names().filter { !$0.hasPrefix("good") && !$0.hasPrefix("refused") })
  func aPluginThatBreaksTheContractFailsTheCheckMeant(name: String) throws {
    let results = try validate(FixturePlugin.build(name, in: workspace))
    let meant = PluginValidator.checks.filter { name.hasPrefix($0) }.max { $0.count < $1.count }
    #expect(failed(results) == [meant], "\(results.filter { $0.outcome == .failed })")
  }

  @Test func everyCheckHasAPluginThatFailsIt() {
    let names = FixturePlugin.names()
    #expect(PluginValidator.checks.filter { check in !names.contains { $0.hasPrefix(check) } } == [])
  }

  @Test(
    .enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"),
    arguments: ["good-slow", "good-two-versions", "good-one-call"])
  func whatTheContractAllowsPasses(name: String) throws {
    let results = try validate(FixturePlugin.build(name, in: workspace))
    #expect(failed(results) == [], "\(results.filter { $0.outcome == .failed })")
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aCrashNamesTheValueThatLedToIt() throws {
    let results = try validate(FixturePlugin.build("odd-values-crash", in: workspace), only: "odd-values")
    #expect(results.first?.detail.hasPrefix("crashed with 'profile.first_name' being a text of 1 MiB") == true)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aSeedDecidesWhatIsMadeUp() throws {
    let file = try FixturePlugin.build("good", in: workspace)
    func digest(_ seed: UInt64) throws -> String? {
      try validate(file, only: "repeatable", seed: seed).first?.detail
    }
    #expect(try digest(1) == digest(1))
    #expect(try digest(1) != digest(2))
  }

  /// Those that need nothing but a template; `Scripts/validate-plugins.sh` trains models for the others.
  @Test func ourPluginsPass() throws {
    try workspace.write(
      "page.liquid", "<!doctype html><html><head>{{ head }}</head><body>{{ product.name }}</body></html>")
    let page = try workspace.write("page.json", #"{"template":"page.liquid"}"#)
    let email = try workspace.write(
      "email.json",
      #"{"template":"page.liquid","from":"news@shop.example","to":"{{ profile.email }}","subject":"News","unsubscribe_url":"https://shop.example/u"}"#
    )
    #if DEBUG
      // A build for debugging is dynamic and hides no symbol.
      let expected = ["symbols", "libraries"]
    #else
      let expected: [String] = []
    #endif
    for (name, options) in [("template-filler", page), ("product-page", page), ("email", email)] {
      let file = try PluginRegistry(folder: builtProducts).plugin(named: name).file
      let results = try validate(file, TrialInput(config: options, resources: workspace.path))
      #expect(failed(results) == expected, "\(name): \(results.filter { $0.outcome == .failed })")
    }
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func withoutAnInstanceTheOtherChecksAreSkipped() throws {
    let results = try validate(FixturePlugin.build("create-nothing", in: workspace))
    #expect(results.first { $0.check == "create" }?.detail.contains("ok without an instance") == true)
    #expect(results.first { $0.check == "memory" }?.outcome == .skipped)
  }

  @Test func anUnknownCheckOffersTheNearest() throws {
    let file = try workspace.write("x.so", "x")
    #expect(message { _ = try validate(file, only: "memroy") }.contains("did you mean 'memory'?"))
  }

  @Test func anAbsentFileIsRefusedBeforeAnyCheck() {
    #expect(message { _ = try validate("no/such.so") } == "plugin not found: there is no file 'no/such.so'")
  }
}
