import Foundation
import Testing

struct PublishCommandTests {
  private func publish(_ file: String, site: String = "http://127.0.0.1:1", password: String?) throws -> Int32 {
    let process = Command.process(
      ["publish", "wordpress", file, "--site", site, "--user", "ed", "--ledger", "/dev/null"], in: nil)
    var environment = ProcessInfo.processInfo.environment
    environment["BESPOKE_WORDPRESS_PASSWORD"] = password
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func thePasswordComesFromTheEnvironmentAlone() throws {
    #expect(try publish("pages.jsonl", password: nil) == 64)
    #expect(try publish("pages.jsonl", password: "") == 64)
  }

  @Test func aPasswordNeverGoesToAnotherMachineInTheClear() throws {
    #expect(try publish("pages.jsonl", site: "http://blog.example", password: "x") == 65)
  }

  @Test func aMissingFileIsSaidBeforeAnyoneIsAsked() throws {
    #expect(try publish("/nonexistent/pages.jsonl", password: "x") == 66)
  }
}
