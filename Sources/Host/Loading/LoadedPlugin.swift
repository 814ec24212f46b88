import CPluginABI
public import Core

/// A plugin that was opened and asked who it is.
///
/// It stays for the life of the process.
public final class LoadedPlugin: @unchecked Sendable {
  // The table is static memory of the image, which is never unloaded; hence the unchecked conformance.
  let table: UnsafePointer<bespoke_plugin_v1>

  /// Reverse-DNS id, such as "org.bespoke.template-filler".
  public let id: String
  /// Semantic version.
  public let version: String
  /// What it says of itself.
  public let description: PluginDescription
  /// The file as the user named it.
  public let file: String

  /// The last part of the id: what manifests write.
  public var shortName: String { id.split(separator: ".").last.map(String.init) ?? id }
  /// Whether one instance may serve all threads.
  public var isConcurrent: Bool { concurrency != nil }
  /// How many calls such an instance takes at once; 0 for any number.
  var mostCalls: Int { Int(concurrency?.pointee.most_calls ?? 0) }
  // Static memory, as the table.
  private let concurrency: UnsafePointer<bespoke_concurrent_v1>?

  /// Opens a plugin.
  ///
  /// - Throws: `Diagnostic` that says in words why it cannot be used.
  public init(path: String) throws(Diagnostic) {
    file = path
    let library = try DynamicLibrary(path: path)
    guard let symbol = library.symbol("bespoke_plugin_main_v1") else {
      for major in 2...9 where library.symbol("bespoke_plugin_main_v\(major)") != nil {
        throw Diagnostic(
          "plugin abi mismatch", "'\(path)' offers plugin ABI v\(major), this host speaks v\(BESPOKE_ABI_MAJOR)",
          help: "build it with PluginAPI \(BESPOKE_ABI_MAJOR).x")
      }
      throw Diagnostic(
        "not a plugin", "'\(path)' has no symbol 'bespoke_plugin_main_v1'",
        help: "a plugin exports exactly this function; see docs/specs/plugin-abi.md")
    }
    typealias Entry = @convention(c) (UnsafePointer<bespoke_host_v1>?) -> UnsafePointer<bespoke_plugin_v1>?
    guard let table = unsafeBitCast(symbol, to: Entry.self)(HostTable.process.pointer) else {
      throw Diagnostic("plugin refused", "'\(path)' does not want to run in \(HostTable.nameAndVersion)")
    }
    func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(Diagnostic) -> String {
      guard let pointer, pointer.pointee != 0, let text = String(validatingCString: pointer) else {
        throw Diagnostic("invalid plugin", "'\(path)': its \(name) is empty or not UTF-8")
      }
      return text
    }
    if let missing = Self.missingFunction(of: table) {
      throw Diagnostic(
        "invalid plugin", "'\(path)': its function '\(missing)' is NULL",
        help: "set 'create', 'destroy', 'process' and 'extension'; one that does nothing may be empty")
    }
    self.table = table
    id = try text(table.pointee.id, "id")
    version = try text(table.pointee.version, "version")
    description = try PluginDescription(json: try text(table.pointee.describe, "describe"), file: path)
    concurrency = table.pointee.extension(table.pointee.ctx, BESPOKE_CONCURRENT).map {
      $0.assumingMemoryBound(to: bespoke_concurrent_v1.self)
    }
  }

  private static func missingFunction(of table: UnsafePointer<bespoke_plugin_v1>) -> String? {
    if table.pointee.create == nil { return "create" }
    if table.pointee.destroy == nil { return "destroy" }
    if table.pointee.process == nil { return "process" }
    return table.pointee.extension == nil ? "extension" : nil
  }
}
