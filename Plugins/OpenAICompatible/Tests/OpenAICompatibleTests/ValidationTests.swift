import Foundation
import Testing

/// The shared object as it is released, put through `bespoke plugins validate` against a server that answers at once.
struct ValidationTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test(
    .enabled(if: environment["BESPOKE"] != nil, "BESPOKE and BESPOKE_PLUGIN do not name the command and the plugin"))
  func theReleasedPluginKeepsTheContract() throws {
    let server = try FakeServer { request, _ in
      request.path == "/v1/models" ? .json(#"{"data":[{"id":"m"}]}"#) : .chat(["Fresh ", "tea"])
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("openai-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = folder.appendingPathComponent("options.json")
    let brief = folder.appendingPathComponent("brief.json")
    try Data(#"{"base_url":"\#(server.url)","model":"m","prompt":"p"}"#.utf8).write(to: options)
    try Data(#"{"params":{"prompt":"p"}}"#.utf8).write(to: brief)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.environment["BESPOKE"]))
    process.arguments = [
      "plugins", "validate", try #require(Self.environment["BESPOKE_PLUGIN"]), "--config", options.path, "--brief",
      brief.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let report = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(report)")
    #expect(report.contains(" 0 failed"))
  }
}
