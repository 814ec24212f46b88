import Core
import Foundation
import Glibc
import Host

/// A folder of its own for a test, removed at the end.
final class Workspace: Sendable {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/bespoke-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw Diagnostic("cannot write", "no temporary folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, its folders too, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
    return url.path
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
  }

  /// Every file below a folder with its content, hidden ones too.
  func files(in folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let root = "\(path)/\(folder)"
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder), !isFolder.boolValue {
        found[name] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))
      }
    }
    return found
  }

  /// A plan for a manifest text, with the real plugins.
  func plan(_ manifest: String) throws -> Plan {
    let file = try write("manifest.yaml", manifest)
    return try Plan(Manifest(path: file), registry: PluginRegistry(folder: builtProducts))
  }

  /// Runs a manifest text into the folder `out`.
  @discardableResult
  func generate(_ manifest: String, threads: Int = 2, configure: (inout GenerateOptions) -> Void = { _ in }) throws
    -> RunReport
  {
    var options = GenerateOptions(sink: .folder("\(path)/out"), threads: threads)
    configure(&options)
    return try Generation(plan(manifest), options: options).run()
  }
}

/// Where the built plugins and the command lie: beside the test bundle.
let builtProducts = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path

/// The project's root.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The message of what a body throws.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch {
    return "\(error)"
  }
}
