import Core
import Foundation
import Glibc
import Host
import Testing

/// Files that manifests share, and environment variables.
struct ManifestFragmentTests {
  private let workspace: Workspace
  private let pipelines =
    "pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t } } ] } }"

  init() throws { workspace = try Workspace() }

  private func manifest(_ text: String) throws -> Manifest {
    try Manifest(path: workspace.write("m.yaml", "manifest: 1\nname: m\n" + text))
  }

  @Test func sectionsOfAFragmentLieBeneathTheManifests() throws {
    try workspace.write(
      "shared/site.yaml",
      """
      site: { name: Shared, currency: EUR }
      campaign: autumn
      assets: [ { slot: text, path: first.txt } ]
      """)
    let found = try manifest(
      "include: shared/site.yaml\nsite: { name: Own }\nassets: [ { slot: text, path: own.txt } ]\n\(pipelines)")
    #expect(found.site.name == "Own")
    #expect(found.site.currency == "EUR")
    #expect(found.campaign == "autumn")
    #expect(found.assets.map(\.path.text) == ["first.txt", "own.txt"])
  }

  @Test func ofTwoFragmentsTheLastWins() throws {
    try workspace.write("a.yaml", "campaign: a\nchannel: a\n\(pipelines)")
    try workspace.write("b.yaml", "campaign: b")
    let found = try manifest("include: [a.yaml, b.yaml]")
    #expect(found.campaign == "b")
    #expect(found.channel == "a")
  }

  @Test func anErrorInAFragmentNamesTheFragmentsLine() throws {
    try workspace.write("a.yaml", "campaign: a\nsiet: { name: x }")
    let text = message { _ = try manifest("include: a.yaml\n\(pipelines)") }
    #expect(text.contains("'siet' is not a key here"))
    #expect(text.contains("a.yaml:2:1)\n  2 | siet: { name: x }\n"), "\(text)")
    #expect(text.contains("did you mean 'site'?"))
  }

  @Test(arguments: [
    ("include: absent.yaml", "missing file"), ("include: [ 3 ]", "must name files"),
    ("include: more.yaml", "'include' is not a key here"), ("include: broken.yaml", "invalid yaml"),
  ])
  func whatCannotBeIncludedIsSaid(include: String, part: String) throws {
    try workspace.write("more.yaml", "include: other.yaml")
    try workspace.write("broken.yaml", "a: [")
    let text = message { _ = try manifest("\(include)\n\(pipelines)") }
    #expect(text.contains(part), "\(text)")
  }

  @Test func aChangedFragmentIsAnotherManifest() throws {
    try workspace.write("a.yaml", "campaign: a")
    let first = try manifest("include: a.yaml\n\(pipelines)").sha256
    try workspace.write("a.yaml", "campaign: b")
    #expect(try manifest("include: a.yaml\n\(pipelines)").sha256 != first)
  }

  @Test func aDeclaredVariableStandsForItsValue() throws {
    setenv("BESPOKE_TEST_HOST", "shop.example", 1)
    let found = try manifest(
      """
      environment: [BESPOKE_TEST_HOST, BESPOKE_TEST_ABSENT]
      site: { base_url: "https://${BESPOKE_TEST_HOST}/de", name: "${BESPOKE_TEST_ABSENT:-Nobody}" }
      \(pipelines)
      """)
    #expect(found.site.baseURL == "https://shop.example/de")
    #expect(found.site.name == "Nobody")
    #expect(found.environment.names == ["BESPOKE_TEST_HOST"])
  }

  @Test(arguments: [
    ("campaign: ${HOME}", "the variable 'HOME' is not declared, so it is not read"),
    ("environment: [BESPOKE_TEST_ABSENT]\ncampaign: ${BESPOKE_TEST_ABSENT}", "'BESPOKE_TEST_ABSENT' is not set"),
    ("environment: [BESPOKE_TEST_ABSENT]\ncampaign: ${BESPOKE_TEST_ABSNET}", "did you mean 'BESPOKE_TEST_ABSENT'?"),
    ("environment: [not-a-name]", "must hold names of variables, got 'not-a-name'"),
  ])
  func aVariableThatCannotBeReadIsAnError(text: String, part: String) {
    let text = message { _ = try manifest("\(text)\n\(pipelines)") }
    #expect(text.contains(part), "\(text)")
  }

  @Test func noMessageShowsAValue() {
    setenv("BESPOKE_TEST_SECRET", "xyzzy-42", 1)
    let text = message {
      _ = try manifest(
        """
        environment: [BESPOKE_TEST_SECRET]
        site: { base_url: "ftp://${BESPOKE_TEST_SECRET}" }
        templates: "${BESPOKE_TEST_SECRET}"
        \(pipelines)
        """)
    }
    #expect(text.contains("got 'ftp://${BESPOKE_TEST_SECRET}'"), "\(text)")
    #expect(text.contains("there is no folder"))
    #expect(!text.contains("xyzzy"))
  }

  @Test(arguments: [
    (Array("manifest: 1\nname: caf".utf8) + [0xE9, 0x0A], "the text is not UTF-8 from here on", "m.yaml:2:10)"),
    ([0xFF, 0xFE, 0x6D, 0x00], "is UTF-16, expected UTF-8", "m.yaml'"),
    (Array("manifest: 1\nname: a\0b\n".utf8), "control characters are not allowed", "m.yaml:2:8)"),
  ])
  func bytesThatAreNoTextAreShownWhereTheyStand(bytes: [UInt8], words: String, place: String) throws {
    try workspace.write("m.yaml", Data(bytes))
    let text = message { _ = try Manifest(path: "\(workspace.path)/m.yaml") }
    #expect(text.contains(words) && text.contains(place), "\(text)")
  }
}
