import Core
import Foundation
import Host
import Testing

/// What is said of a file that is no plugin for this host.
struct PluginRefusalTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// The message, with the file's name in place of its path.
  private func refusal(_ file: String) -> String {
    message { _ = try LoadedPlugin(path: file) }.replacingOccurrences(of: "\(workspace.path)/", with: "")
  }

  /// A shared object of ours with its bytes changed.
  private func changed(_ change: (inout Data) -> Void) throws -> String {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(builtProducts)/libTemplateFiller.so"))
    change(&bytes)
    return try workspace.write("changed.so", bytes)
  }

  @Test func anEmptyFile() throws {
    #expect(
      refusal(try workspace.write("x.so", "")) == "plugin not loaded: 'x.so' is empty, expected a shared object")
  }

  @Test func aTextFile() throws {
    #expect(
      refusal(try workspace.write("x.so", "not a library"))
        == "plugin not loaded: 'x.so' is not a shared object: it does not begin with an ELF header")
  }

  @Test func aFolder() throws {
    try workspace.write("x.so/file", "")
    #expect(
      refusal("\(workspace.path)/x.so") == "plugin not loaded: 'x.so' is not a file, expected a shared object")
  }

  @Test func anotherArchitecture() throws {
    let file = try changed { $0[18] = $0[18] == 183 ? 62 : 183 }
    #expect(refusal(file).contains("'changed.so' is built for "))
    #expect(refusal(file).contains(", this program runs on "))
    #expect(refusal(file).contains("help: build it for "))
  }

  @Test func anExecutable() throws {
    #expect(refusal(try changed { $0[16] = 2 }).contains("not a shared object but another kind of ELF file"))
  }

  @Test(arguments: [10, 40, 63, 64, 1000, 100_000])
  func aFileThatWasCutShort(length: Int) throws {
    let file = try changed { $0 = $0.prefix(length) }
    #expect(refusal(file).contains("plugin not loaded: 'changed.so' is cut short: "))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func noEntrySymbol() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-no-entry", in: workspace)).hasPrefix(
        "not a plugin: 'refused-no-entry.so' has no symbol 'bespoke_plugin_main_v1'"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func anotherMajorVersionOfTheABI() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-other-major", in: workspace)) == """
        plugin abi mismatch: 'refused-other-major.so' offers plugin ABI v2, this host speaks v1
          help: build it with PluginAPI 1.x
        """)
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func anEntryThatAnswersNull() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-null", in: workspace)).hasPrefix(
        "plugin refused: 'refused-null.so' does not want to run in bespoke "))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aDescriptionThatIsNotJSON() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-describe", in: workspace))
        == "invalid plugin: 'refused-describe.so': describe is not JSON: found ''', expected a quoted key (at byte 1)")
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aDescriptionWithoutPorts() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-nothing-written", in: workspace))
        == "invalid plugin: 'refused-nothing-written.so': describe lists nothing under 'writes'")
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aFunctionThatIsNull() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-null-function", in: workspace)).hasPrefix(
        "invalid plugin: 'refused-null-function.so': its function 'extension' is NULL"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aPortOfAKindThatDoesNotExist() throws {
    let text = refusal(try FixturePlugin.build("refused-kind", in: workspace))
    #expect(text.contains("describe lists a port '' that has \"txt\" as its kind, expected one of 'text', 'html'"))
    #expect(text.contains("help: did you mean 'text'?"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aPortThatIsListedTwice() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-port-twice", in: workspace)).contains(
        "describe lists the port 'facts' twice under 'writes'"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func readsThatAreNoList() throws {
    #expect(
      refusal(try FixturePlugin.build("refused-reads", in: workspace)).contains(
        "describe has 'reads' of type string, expected array"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aLibraryThatIsNotThere() throws {
    var bytes = try Data(
      contentsOf: URL(fileURLWithPath: FixturePlugin.build("libraries-undeclared", in: workspace)))
    let place = try #require(bytes.range(of: Data("libz.so.1".utf8)))
    bytes.replaceSubrange(place, with: Data("liby.so.1".utf8))
    let text = refusal(try workspace.write("changed.so", bytes))
    #expect(text.contains("'changed.so': liby.so.1: cannot open shared object file"))
    #expect(text.contains("help: install that library, or link it statically"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aSymbolThatNoLibraryHas() throws {
    let text = refusal(try FixturePlugin.build("loads-undefined", in: workspace))
    #expect(text.contains("undefined symbol: bespoke_fixture_absent"))
    #expect(text.contains("help: link what defines that symbol"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func twoPluginsWithOneID() throws {
    _ = try FixturePlugin.build("good", in: workspace, as: "one")
    _ = try FixturePlugin.build("good", in: workspace, as: "two")
    let text = message {
      _ = try workspace.plan(
        """
        manifest: 1
        name: m
        plugins: { one: { path: one.so, trust: in-process }, two: { path: two.so, trust: in-process } }
        pipelines: { all: { stages: [ { id: a, use: one }, { id: b, use: two } ] } }
        """)
    }
    #expect(text.contains("both call themselves 'com.example.fixture'"))
    #expect(text.contains("help: remove one, or give it another id"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func aSchemaThatRejectsTheOptions() throws {
    _ = try FixturePlugin.build("good", in: workspace)
    let text = message {
      _ = try workspace.plan(
        """
        manifest: 1
        name: m
        plugins: { good: { path: good.so, trust: in-process } }
        pipelines: { all: { stages: [ { id: a, use: good, with: { word: 5 } } ] } }
        """)
    }
    #expect(text.contains("stage 'a': option 'word' must be a string, got 5"))
  }

  @Test(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
  func slotKindsThatDoNotConnect() throws {
    _ = try FixturePlugin.build("good", in: workspace)
    let text = message {
      _ = try workspace.plan(
        """
        manifest: 1
        name: m
        plugins: { good: { path: good.so, trust: in-process } }
        pipelines:
          all:
            for_each: { slot: picks }
            stages: [ { id: picks, use: good }, { id: b, use: good } ]
        """)
    }
    #expect(text.contains("'for_each' needs a slot of kind 'products', 'picks' is of kind 'text'"))
  }
}
