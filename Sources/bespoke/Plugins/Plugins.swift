import ArgumentParser
import Core
import Host

struct Plugins: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, inspect, try, measure, validate and begin plugins.",
    subcommands: [
      List.self, Inspect.self, NewPlugin.self, RunPlugin.self, BenchPlugin.self, ValidatePlugin.self, RunCheck.self,
      CountAllocations.self,
    ],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the plugins that come with this program.",
      discussion: """
        Example:
          bespoke plugins list --json
        """)

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() throws {
      try reportingErrors(json: json) {
        let registry = PluginRegistry(folder: programFolder)
        let plugins = try registry.ownNames.map { try registry.plugin(named: $0) }
        if json {
          let document = Document { builder in
            builder.beginArray()
            for plugin in plugins { plugin.write(to: builder) }
            builder.end()
          }
          print(document.json)
        } else {
          let width = plugins.map(\.shortName.count).max() ?? 0
          for plugin in plugins {
            let name = plugin.shortName + String(repeating: " ", count: width - plugin.shortName.count)
            print("\(name)  \(plugin.version)  \(plugin.description.summary)")
          }
        }
      }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a plugin reads, writes and needs, and its options.",
      discussion: """
        Example:
          bespoke plugins inspect template-filler
          bespoke plugins inspect ./libHello.so --json
        """)

    @Argument(help: "A plugin's name, or the path of a shared object.")
    var plugin: String

    @Flag(help: "Print the description as JSON.")
    var json = false

    func run() throws {
      try reportingErrors(json: json) {
        let found = try openPlugin(plugin)
        if json {
          print(Document { found.write(to: $0) }.json)
        } else {
          print(found.words)
        }
      }
    }
  }
}

/// The file of a plugin that is named by its path, or by its name where it is ours.
func pluginFile(_ plugin: String) throws -> String {
  if plugin.contains("/") || plugin.hasSuffix(".so") { return plugin }
  return try PluginRegistry(folder: programFolder).plugin(named: plugin).file
}

/// Opens a plugin that is named by its path, or by its name where it is ours.
func openPlugin(_ plugin: String) throws -> LoadedPlugin {
  plugin.contains("/") || plugin.hasSuffix(".so")
    ? try LoadedPlugin(path: plugin) : try PluginRegistry(folder: programFolder).plugin(named: plugin)
}

extension LoadedPlugin {
  fileprivate func write(to builder: DocumentBuilder) {
    builder.beginObject()
    for (key, value) in [("name", shortName), ("id", id), ("version", version), ("file", file)] {
      builder.key(key)
      builder.string(value)
    }
    builder.key("concurrent")
    builder.bool(isConcurrent)
    builder.key("describe")
    builder.copy(description.document.root)
    if let schema = try? Training.schema(of: self) {
      builder.key("training")
      builder.copy(schema.root)
    }
    if let schema = try? Inspection.schema(of: self) {
      builder.key("inspection")
      builder.copy(schema.root)
    }
    builder.end()
  }

  fileprivate var words: String {
    var lines = ["\(id) \(version)", "  \(description.summary)", "reads"]
    lines += description.reads.isEmpty ? ["  nothing"] : description.reads.map { "  \($0)" }
    lines.append("writes")
    for port in description.writes {
      let name = port.name.isEmpty ? "the stage's slot" : "'\(port.name)'"
      lines.append("  \(name): \(port.kind.rawValue)\(port.summary.isEmpty ? "" : ", \(port.summary)")")
    }
    lines += options("options", description.schema)
    if let schema = try? Training.schema(of: self) { lines += options("options of training", schema) }
    if let schema = try? Inspection.schema(of: self) { lines += options("what can be asked of its files", schema) }
    lines.append(
      "\(description.isDeterministic ? "deterministic" : "not deterministic"), batches of \(description.preferredBatch)"
        + (isConcurrent ? ", one instance for all threads" : ""))
    return lines.joined(separator: "\n")
  }
  private func options(_ title: String, _ schema: ConfigSchema) -> [String] {
    let properties = schema.root["properties"]
    let required = schema.root["required"].elements.compactMap(\.string)
    guard properties.count > 0 else { return [title, "  none"] }
    return [title]
      + (0..<properties.count).map { index in
        let name = String(decoding: properties.key(at: index), as: UTF8.self)
        let option = properties[index]
        var line = "  \(name)"
        if let type = option["type"].string { line += " (\(type)\(required.contains(name) ? ", required" : ""))" }
        if option["enum"].kind == .array {
          line += ", one of \(option["enum"].elements.map { "'\($0.scalarText ?? "")'" }.joined(separator: ", "))"
        }
        if let text = option["description"].string { line += ": \(text)" }
        if let value = option["default"].scalarText { line += " (\(value) where left out)" }
        return line
      }
  }
}
