import Foundation

/// Runs the built command.
struct Command {
  let status: Int32
  let output: String
  let errors: String

  init(_ arguments: String..., in folder: String? = nil) throws {
    try self.init(arguments: arguments, in: folder)
  }

  init(arguments: [String], in folder: String? = nil) throws {
    let process = Self.process(arguments, in: folder)
    let output = Pipe()
    // Errors go to a file: of two pipes one could fill up while the other is read.
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-cli-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    self.errors = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
  }

  /// A process of the built command that is yet to start.
  static func process(_ arguments: [String], in folder: String?) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("bespoke")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder ?? repository)
    return process
  }
}

/// The project's root.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path
