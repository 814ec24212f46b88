import Core
import Foundation

/// Plugins in C that the tests build.
enum FixturePlugin {
  /// Whether they can be built here.
  static let canBeBuilt = FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")

  private static let fixtures = "\(repository)/Tests/HostTests/Fixtures"

  /// Names of the fixtures that begin so, sorted.
  static func names(_ prefix: String = "") -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(fixtures)/plugins")) ?? []
    return files.filter { $0.hasSuffix(".c") && $0.hasPrefix(prefix) }.map { String($0.dropLast(2)) }.sorted()
  }

  /// Builds a fixture into a workspace and returns the shared object's path.
  static func build(
    _ name: String, in workspace: Workspace, as file: String? = nil, id: String? = nil, from folder: String = "plugins"
  ) throws -> String {
    let output = "\(workspace.path)/\(file ?? name).so"
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
    compiler.arguments =
      [
        "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-pthread", "-I",
        "\(repository)/Sources/PluginAPI/CPluginABI/include",
      ]
      + (name.hasPrefix("symbols") || name.hasPrefix("refused") ? [] : ["-fvisibility=hidden"])
      + (id.map { ["-DID=\"\($0)\""] } ?? []) + ["-o", output, "\(fixtures)/\(folder)/\(name).c"]
      + (name.hasPrefix("libraries") ? ["-lz"] : [])
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else {
      throw Diagnostic("cannot build a fixture", "'\(name)' does not compile")
    }
    return output
  }
}
