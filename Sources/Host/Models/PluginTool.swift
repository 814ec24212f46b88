import CPluginABI
import Core

/// What training and inspecting have in common: one call of a plugin without an instance.
struct PluginTool {
  let plugin: LoadedPlugin
  let host: HostTable
  let out: OutputItem

  /// - Parameter kind: of the unnamed port, to which the plugin may write.
  init(
    _ plugin: LoadedPlugin, resources: ResourceStore, kind: SlotKind, log: @escaping @Sendable (String) -> Void,
    isCancelled: @escaping () -> Bool
  ) {
    self.plugin = plugin
    host = HostTable(stage: plugin.shortName, resources: resources, catalogue: nil) { log($0.message) }
    out = OutputItem(
      ports: [.init(name: "", kind: kind, summary: "")], texts: DocumentBuilder(), limit: 256 << 20,
      isCancelled: isCancelled)
  }

  /// Completes the call.
  ///
  /// - Throws: `Diagnostic` in the plugin's words, where it answered anything but ok.
  func finish(_ answer: bespoke_status, _ what: String, file: String) throws(Diagnostic) {
    out.finish()
    if answer == Status.ok.rawValue, out.failure == nil { return }
    let status = answer == Status.ok.rawValue ? out.failure?.code ?? .internal : Status(abi: answer)
    let field = out.failure.map { $0.field.isEmpty ? "" : "'\($0.field)': " } ?? ""
    let words = out.failure?.message ?? "it answered \(statusName(answer)) without a message"
    throw Diagnostic(Self.kind(of: status, what), "'\(file)': \(field)\(words)")
  }

  private static func kind(of status: Status, _ what: String) -> String {
    switch status {
    case .config: "invalid options"
    case .input: "invalid input"
    case .cancelled, .deadline: "cancelled"
    case .resource: "out of resources"
    default: "\(what) failed"
    }
  }
}

extension LoadedPlugin {
  /// The table of an optional interface; nil where the plugin does not offer it.
  func offered<Table>(_ id: String, as type: Table.Type) -> Table? {
    table.pointee.extension(table.pointee.ctx, id)?.assumingMemoryBound(to: type).pointee
  }

  /// The schema that a draft extension states.
  ///
  /// - Throws: `Diagnostic` of kind "invalid plugin".
  func schema(_ text: UnsafePointer<CChar>?, of id: String) throws(Diagnostic) -> ConfigSchema {
    guard let text, let json = String(validatingCString: text), let document = try? Document(json: json),
      document.root.kind == .object
    else { throw Diagnostic("invalid plugin", "'\(file)': the config of '\(id)' is not a JSON Schema object") }
    return ConfigSchema(document, document.root)
  }
}
