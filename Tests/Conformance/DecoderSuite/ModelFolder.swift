import Foundation

/// Model files in a folder, found by their digest.
struct ModelFolder {
  private let paths: [String]

  init(_ folder: URL?) {
    let found = folder.flatMap { try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
    paths = (found ?? []).filter { $0.pathExtension == "gguf" }.map(\.path).sorted()
  }

  /// The file with this digest, or nil; asks `sha256sum`.
  func path(sha256: String) throws -> String? {
    for path in paths {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = ["--", path]
      process.standardOutput = output
      try process.run()
      let line = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      if line.hasPrefix(sha256), !sha256.isEmpty { return path }
    }
    return nil
  }
}
