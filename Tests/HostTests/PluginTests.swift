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
