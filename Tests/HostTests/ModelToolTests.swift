import Core
import Foundation
import Testing

@testable import Host

/// `bespoke.train/1` and `bespoke.inspect/1` as the host calls them, with a plugin in C.
@Suite(.enabled(if: FixturePlugin.canBeBuilt, "there is no 'cc' to build plugins with"))
struct ModelToolTests {
  private let workspace: Workspace
  private let plugin: LoadedPlugin
  private let copy: String

  init() throws {
    workspace = try Workspace()
    plugin = try LoadedPlugin(path: FixturePlugin.build("good-model", in: workspace))
    copy = try workspace.write("copy.txt", "twelve bytes")
  }

  private func training(
    inputs: [String], options: String = "{}", output: String = "models/m.bin"
  ) throws -> Training {
    Training(
      plugin, inputs: inputs, output: "\(workspace.path)/\(output)", options: try Document(json: options), seed: 0,
      threads: 1, log: { _ in })
  }

  private func files() throws -> [String] {
    FileManager.default.fileExists(atPath: "\(workspace.path)/models")
      ? try FileManager.default.contentsOfDirectory(atPath: "\(workspace.path)/models") : []
  }

  @Test func trainingMakesTheFileAndReports() throws {
    let report = try training(inputs: [copy, copy]).run()
    #expect(try workspace.read("models/m.bin") == "COUNT 24\n")
    #expect(report.bytes == 9)
    #expect(report.notes.map(\.key) == ["bytes read"])
    #expect(report.notes.map(\.value) == ["many"])
    #expect(try files() == ["m.bin"])
  }

  @Test func trainingShowsItsProgress() throws {
    let training = try training(inputs: [copy], options: #"{"turns":4}"#)
    _ = try training.run()
    #expect(training.progress == .init(step: 4, total: 4, metric: "loss", value: 0.25))
  }

  @Test func aFailedTrainingKeepsTheFileThatWasThere() throws {
    try workspace.write("models/m.bin", "older")
    let error = try #require(throws: Diagnostic.self) { try training(inputs: []).run() }
    #expect(error.kind == "invalid input")
    #expect(error.detail.hasSuffix("models/m.bin': there is nothing to learn from"))
    #expect(try workspace.read("models/m.bin") == "older")
    #expect(try files() == ["m.bin"])
  }

  @Test func aCancelledTrainingLeavesNothing() throws {
    let training = try training(inputs: [copy], options: #"{"turns":9}"#)
    training.cancel()
    let error = try #require(throws: Diagnostic.self) { try training.run() }
    #expect(error.kind == "cancelled")
    #expect(training.progress.step == 1)
    #expect(try files() == [])
  }

  @Test func aFileThatCannotBeMadeIsNamedBeforeAnythingIsLearnt() throws {
    let training = Training(
      plugin, inputs: [copy], output: "/proc/m.bin", options: try Document(json: "{}"), seed: 0, threads: 1,
      log: { _ in }
    )
    let error = try #require(throws: Diagnostic.self) { try training.run() }
    #expect(error.kind == "cannot write" && error.detail.hasPrefix("'/proc/m.bin': "))
    #expect(training.progress.step == 0)
  }

  @Test func aMissingInputIsNamed() throws {
    let error = try #require(throws: Diagnostic.self) { try training(inputs: ["\(copy).absent"]).run() }
    #expect(error.kind == "missing file")
    #expect(error.detail.contains("copy.txt.absent"))
  }

  @Test func aPluginThatDoesNotTrainIsNamed() throws {
    let other = try LoadedPlugin(path: FixturePlugin.build("good", in: workspace))
    let error = try #require(throws: Diagnostic.self) { try Training.schema(of: other) }
    #expect(error.detail == "'fixture' does not train")
    #expect(try Inspection.schema(of: other) == nil)
  }

  @Test func inspectionTellsWhatAFileHolds() throws {
    let file = try workspace.write("m.bin", "COUNT 12\n")
    let found = try Inspection.run(
      plugin, file: file, options: Document(json: #"{"about":"size"}"#), log: { _ in })
    #expect(found.json == #"{"format":"count","bytes":12,"asked":"size"}"#)
  }

  @Test func inspectionRefusesAnothersFile() throws {
    let error = try #require(throws: Diagnostic.self) {
      try Inspection.run(plugin, file: copy, options: Document(json: "{}"), log: { _ in })
    }
    #expect(error.kind == "invalid input")
    #expect(error.detail.hasSuffix("copy.txt': does not begin with 'COUNT'"))
  }

  @Test func optionsComeFromAFileAndFromPairs() throws {
    let schema = try Training.schema(of: plugin)
    let file = try workspace.write("train.yaml", "# how often\nturns: 3\n")
    #expect(try OptionsReader.read(file: file, pairs: [], schema: schema, owner: "p").json == #"{"turns":3}"#)
    #expect(
      try OptionsReader.read(file: file, pairs: ["turns=5"], schema: schema, owner: "p").json == #"{"turns":5}"#)
  }

  @Test func aWrongOptionIsShownWhereItStands() throws {
    let schema = try Training.schema(of: plugin)
    let file = try workspace.write("train.yaml", "# how often\nturns: 0\n")
    let error = try #require(throws: Diagnostic.self) {
      try OptionsReader.read(file: file, pairs: [], schema: schema, owner: "p")
    }
    #expect(error.detail == "'p': option 'turns' must be at least 1, got 0")
    #expect(error.location?.line == 2)
    #expect(error.excerpt == "turns: 0")
    let unknown = try #require(throws: Diagnostic.self) {
      try OptionsReader.read(file: nil, pairs: ["turn=1"], schema: schema, owner: "p")
    }
    #expect(unknown.help == "did you mean 'turns'?")
    #expect(throws: Diagnostic.self) {
      try OptionsReader.read(file: nil, pairs: ["turns"], schema: schema, owner: "p")
    }
  }
}
