import CPluginABI
public import Core

/// Asks a plugin, through its "bespoke.inspect/1", what one of its files, such as a model, holds.
public enum Inspection {
  /// The schema of what can be asked; nil where the plugin does not inspect files.
  ///
  /// - Throws: `Diagnostic` where the plugin states no valid schema.
  public static func schema(of plugin: LoadedPlugin) throws(Diagnostic) -> ConfigSchema? {
    guard let table = plugin.offered(BESPOKE_INSPECT, as: bespoke_inspect_v1.self) else { return nil }
    return try plugin.schema(table.config, of: BESPOKE_INSPECT)
  }

  /// What the file holds: an object with at least "format".
  ///
  /// - Parameter options: fit `schema(of:)`.
  /// - Throws: `Diagnostic`; of kind "invalid input" where the file is not the plugin's, or is damaged.
  public static func run(
    _ plugin: LoadedPlugin, file path: String, options: Document, log: @escaping @Sendable (String) -> Void
  ) throws(Diagnostic) -> Document {
    guard let table = plugin.offered(BESPOKE_INSPECT, as: bespoke_inspect_v1.self) else {
      throw Diagnostic("cannot inspect", "'\(plugin.shortName)' does not inspect files")
    }
    let folder = parentFolder(of: path)
    let name = folder.isEmpty ? path : String(path.dropFirst(folder == "/" ? 1 : folder.count + 1))
    let store = ResourceStore(templateFolders: [], modelFolder: folder.isEmpty ? "." : folder)
    let file: ResourceStore.File
    do throws(ResourceStore.Failure) {
      file = try store.open(kind: "model", name: name)
    } catch {
      let reason = error == .notFound ? "there is no such file" : "it is not a file that can be read"
      throw Diagnostic("missing file", "'\(path)': \(reason)")
    }
    let tool = PluginTool(plugin, resources: store, kind: .json, log: log) { false }
    var shownName = path
    let status = shownName.withUTF8 { name in
      var request = bespoke_inspect_request_v1(
        host: tool.host.pointer, config: options.root.raw, name: bespoke_str(name),
        bytes: file.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), length: file.bytes.count)
      return table.inspect(plugin.table.pointee.ctx, &request, tool.out.pointer)
    }
    try withExtendedLifetime(options) { () throws(Diagnostic) in
      try tool.finish(status, "inspection", file: path)
    }
    guard case .structure(let value) = tool.out.contents[0], value["format"].kind == .string else {
      throw Diagnostic("inspection failed", "'\(plugin.shortName)' wrote no object with a text 'format'")
    }
    return Document { $0.copy(value) }
  }
}
