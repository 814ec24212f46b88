import CPluginABI
import Core

/// Files that a plugin is tried with, as the user names them.
public struct TrialInput: Sendable {
  /// Options as JSON; without it the plugin's first self-test, or its schema, decides.
  public var config: String?
  /// A brief as JSON; without it the plugin's first self-test, or a made-up one.
  public var brief: String?
  /// Folder in which the plugin's resources lie.
  public var resources: String

  /// Files; without any, everything is made up.
  public init(config: String? = nil, brief: String? = nil, resources: String = ".") {
    self.config = config
    self.brief = brief
    self.resources = resources
  }
}

/// A plugin with options and a brief to try it with.
final class Trial {
  let plugin: LoadedPlugin
  let options: Document
  /// What a run would hand it, with a value at every path that the plugin says it reads.
  let brief: Document
  let resources: ResourceStore

  /// - Parameter inventsOptions: whether options that the schema requires are made up where none are given.
  /// - Throws: `Diagnostic` where a file is not JSON, or the options do not fit the plugin's schema.
  init(plugin: LoadedPlugin, input: TrialInput, inventsOptions: Bool) throws(Diagnostic) {
    self.plugin = plugin
    resources = ResourceStore(templateFolders: [input.resources], modelFolder: input.resources)
    let test = plugin.selfTests.first
    let schema = plugin.description.schema
    let none = Document { builder in
      builder.beginObject()
      builder.end()
    }
    if let file = input.config {
      options = try Self.document(file: file)
    } else if inventsOptions, let test, let known = try? Document(json: test.config) {
      options = known
    } else if inventsOptions, !schema.faults(of: none.root).isEmpty {
      options = schema.sample()
    } else {
      options = none
    }
    let faults = schema.faults(of: options.root)
    if let first = faults.first {
      let path = first.path.joined(separator: ".")
      throw Diagnostic(
        "invalid options", "'\(plugin.shortName)': \(path.isEmpty ? "they" : "option '\(path)'") \(first.detail)",
        help: first.help ?? (input.config == nil ? "give options with --config FILE" : nil))
    }
    if let file = input.brief {
      brief = try Self.document(file: file)
    } else if let test, let known = try? Document(json: test.brief) {
      brief = known
    } else {
      brief = SampleBrief.make(reads: plugin.description.reads, options: options)
    }
  }

  /// Makes an instance.
  ///
  /// - Throws: `Diagnostic` with the plugin's own words.
  func probe() throws(Diagnostic) -> Probe {
    switch Probe.make(plugin: plugin, options: options.root, keeping: options, resources: resources) {
    case .success(let probe): return probe
    case .failure(let refusal):
      throw Diagnostic(
        "cannot make an instance", refusal.words,
        help: "give options that work with --config FILE, and the folder of its files with --resources DIR")
    }
  }

  private static func document(file: String) throws(Diagnostic) -> Document {
    let text = try readText(file)
    do {
      return try Document(json: text)
    } catch {
      let location = Array(text.utf8).withUnsafeBufferPointer {
        SourceLocation(file: file, source: $0, offset: error.offset)
      }
      throw Diagnostic("invalid json", error.detail, at: location)
    }
  }
}

/// A case that a plugin ships to be tested with.
struct SelfTest {
  let name: String
  let config: String
  let brief: String
  /// Text of each port, as JSON.
  let expect: String
  let seed: UInt64
}

extension LoadedPlugin {
  /// The cases of its "bespoke.self-test/1"; empty where it offers none.
  var selfTests: [SelfTest] {
    guard let found = table.pointee.extension(table.pointee.ctx, BESPOKE_SELF_TEST) else { return [] }
    let tests = found.assumingMemoryBound(to: bespoke_self_test_v1.self).pointee
    return (0..<tests.count(table.pointee.ctx)).map { index in
      let test = tests.at(table.pointee.ctx, index)
      return SelfTest(
        name: test.name.string, config: test.config.string, brief: test.brief.string, expect: test.expect.string,
        seed: test.seed)
    }
  }
}
