import ArgumentParser
import Core
import Host

struct InspectFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a model, or another file of a plugin, holds.",
    discussion: """
      'bespoke plugins inspect PLUGIN' lists what can be asked with --set.

      Example:
        bespoke inspect models/copy.bin
        bespoke inspect models/copy.bin --set context='fresh from the'
      """)

  @Argument(help: "The file.", completion: .file())
  var file: String

  @Option(help: "The plugin that knows the file, by name or path; else those that come with this program are asked.")
  var plugin: String?

  @OptionGroup var options: ToolOptions

  @Flag(help: "Print what it holds as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let found = try plugin.map { try inspect(openPlugin($0)) } ?? inspectWithOwnPlugins()
      if json { print(found.json) } else { print(found.root.outline()) }
    }
  }

  private func inspect(_ plugin: LoadedPlugin) throws -> Document {
    let asked = try Inspection.schema(of: plugin).map { try options.document(schema: $0, owner: plugin.shortName) }
    return try Inspection.run(plugin, file: file, options: asked ?? Document { $0.null() }, log: { writeError($0) })
  }

  private func inspectWithOwnPlugins() throws -> Document {
    let registry = PluginRegistry(folder: programFolder)
    let plugins = try registry.ownNames.map { try registry.plugin(named: $0) }
    for plugin in plugins where try Inspection.schema(of: plugin) != nil {
      do {
        return try inspect(plugin)
      } catch let diagnostic as Diagnostic where diagnostic.kind == "invalid input" {
        continue
      }
    }
    throw Diagnostic(
      "unknown file", "no plugin that comes with this program knows '\(file)'",
      help: "name the plugin with --plugin to see what it says of it")
  }
}

extension Value {
  /// The value as indented lines, "key: value", for people.
  fileprivate func outline(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    func line(_ name: String, _ value: Value) -> String {
      if let text = value.scalarText { return "\(margin)\(name) \(text)" }
      return value.count == 0 ? "\(margin)\(name) none" : "\(margin)\(name)\n\(value.outline(indent: indent + 2))"
    }
    switch kind {
    case .object:
      return (0..<count).map { line("\(String(decoding: key(at: $0), as: UTF8.self)):", self[$0]) }
        .joined(separator: "\n")
    case .array: return elements.map { line("-", $0) }.joined(separator: "\n")
    default: return margin + (scalarText ?? "none")
    }
  }
}
