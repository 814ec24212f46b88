import Core
import Host
import Testing

struct PluginTests {
  private let registry = PluginRegistry(folder: builtProducts)

  @Test func ourPluginsAreFoundByTheirShortNames() throws {
    #expect(registry.ownNames.contains("template-filler"))
    #expect(try registry.plugin(named: "product-page").id == "org.bespoke.product-page")
  }

  @Test func anUnknownNameOffersTheNearest() {
    #expect(message { _ = try registry.plugin(named: "tempalte-filler") }.contains("did you mean 'template-filler'?"))
  }

  @Test func anAbsentFileIsNamed() {
    #expect(message { _ = try LoadedPlugin(path: "no/such.so") } == "plugin not found: there is no file 'no/such.so'")
  }

  @Test func aFileThatIsNoLibraryIsRefused() throws {
    let workspace = try Workspace()
    let file = try workspace.write("lib.so", "not a library")
    #expect(message { _ = try LoadedPlugin(path: file) }.contains("plugin not loaded"))
  }

  @Test func optionsAreCheckedBeforeAnInstanceIsMade() throws {
    let workspace = try Workspace()
    let text = message {
      _ = try workspace.plan(
        """
        manifest: 1
        name: m
        pipelines:
          all:
            stages:
              - { id: a, use: template-filler, with: { tempalte: x.liquid, kind: htlm } }
              - { id: b, use: template-fillr }
        """)
    }
    #expect(text.contains("stage 'a': option 'tempalte' is not an option"))
    #expect(text.contains("did you mean 'template'?"))
    #expect(text.contains("option 'template' is missing"))
    #expect(text.contains("option 'kind' must be one of 'text', 'html', 'xml', 'json', 'url', 'subject', got 'htlm'"))
    #expect(text.contains("did you mean 'html'?"))
    #expect(text.contains("stage 'b': 'template-fillr' is not a plugin"))
    #expect(text.contains("manifest.yaml:6:48"))
  }

  /// Runs a fixture over two profiles and answers why they failed.
  private func failures(of fixture: String, with options: String = "{}", rows: Int = 2, threads: Int = 1) throws
    -> String
  {
    let workspace = try Workspace()
    _ = try FixturePlugin.build(fixture, in: workspace)
    try workspace.write("profiles.jsonl", (0..<rows).map { #"{"id":"u\#($0)","first_name":"Ada"}"# + "\n" }.joined())
    return try workspace.generate(
      """
      manifest: 1
      name: m
      plugins: { p: { path: \(fixture).so, trust: in-process } }
      inputs: { profiles: { path: profiles.jsonl } }
      pipelines: { all: { stages: [ { id: a, use: p, with: \(options) } ] } }
      assets: [ { slot: a, path: "{{ profile.id }}.txt" } ]
      """, threads: threads
    ).failures.keys.sorted().joined(separator: "\n")
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aStatusThatIsNoneIsToldOf() throws {
    #expect(try failures(of: "good-unset").contains("'p' did not set the item's status"))
    #expect(try failures(of: "good-unset", with: "{ status: 99 }").contains("'p' answered 99, which is no status"))
    #expect(try failures(of: "good-unset", with: "{ status: 3 }").contains("'p' answered input without saying why"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func anInstanceThatIsNoneEndsTheRun() throws {
    #expect(
      message { _ = try failures(of: "create-nothing") }.contains(
        "stage 'a': 'p' answered ok to 'create' without setting an instance"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aConcurrentPluginGetsNoMoreCallsAtOnceThanItTakes() throws {
    #expect(try failures(of: "good-one-call", rows: 20_000, threads: 4) == "")
  }

  @Test func aPinnedDigestMustMatch() throws {
    let workspace = try Workspace()
    try workspace.write("acme.so", "anything")
    let text = message {
      _ = try workspace.plan(
        """
        manifest: 1
        name: m
        plugins: { acme: { path: acme.so, trust: in-process, sha256: "00ff" } }
        pipelines: { all: { stages: [ { id: a, use: acme } ] } }
        """)
    }
    #expect(
      text.contains(
        "its sha256 is ee0874170b7f6f32b8c2ac9573c428d35b575270a66b757c2c0185d2bd09718d, the manifest expects 00ff"))
  }
}
