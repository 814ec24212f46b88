public import Core
import Glibc

/// Finds plugins by the name that a manifest uses, and opens each once.
public final class PluginRegistry {
  private let folder: String
  private var loaded: [String: LoadedPlugin] = [:]
  private var files: [String: String] = [:]

  /// A registry whose own plugins lie in `folder` as `lib*.so`.
  public init(folder: String) { self.folder = folder }

  /// Adds a plugin that is not ours under the name that the manifest gives it.
  public func add(name: String, path: String) { files[name] = path }

  /// Names of the plugins in the folder, sorted: `libTemplateFiller.so` is `template-filler`.
  public var ownNames: [String] {
    folderEntries(folder).compactMap { entry in
      guard entry.hasPrefix("lib"), entry.hasSuffix(".so"), entry.dropFirst(3).first?.isUppercase == true else {
        return nil
      }
      return Self.shortName(file: String(entry.dropFirst(3).dropLast(3)))
    }.sorted()
  }

  /// All names that a manifest may use.
  public var names: [String] { ownNames + files.keys.sorted() }

  /// The plugin of a name.
  ///
  /// - Throws: `Diagnostic` that says why it cannot be used; of kind "unknown plugin" where there is none.
  public func plugin(named name: String) throws(Diagnostic) -> LoadedPlugin {
    if let known = loaded[name] { return known }
    let path = files[name] ?? "\(folder)/lib\(Self.fileName(short: name)).so"
    guard files[name] != nil || access(path, F_OK) == 0 else {
      let nearest = nearestName(to: name, among: names)
      throw Diagnostic(
        "unknown plugin", "'\(name)' is not a plugin",
        help: nearest.map { "did you mean '\($0)'?" }
          ?? "plugins are \(names.map { "'\($0)'" }.joined(separator: ", ")); others are declared under 'plugins'")
    }
    let plugin = try LoadedPlugin(path: path)
    if let twin = loaded.first(where: { $0.value.id == plugin.id && $0.value.file != plugin.file }) {
      throw Diagnostic(
        "plugin id taken", "'\(plugin.file)' and '\(twin.value.file)' both call themselves '\(plugin.id)'",
        help: "remove one, or give it another id")
    }
    loaded[name] = plugin
    return plugin
  }

  /// "template-filler" -> "TemplateFiller".
  static func fileName(short name: String) -> String {
    name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// "TemplateFiller" -> "template-filler".
  static func shortName(file name: String) -> String {
    var result = ""
    var previous: Character?
    for character in name {
      if character.isUppercase, let previous, !previous.isUppercase { result += "-" }
      result += character.lowercased()
      previous = character
    }
    return result
  }
}

/// Names in a folder, unsorted; empty where it cannot be read.
func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
