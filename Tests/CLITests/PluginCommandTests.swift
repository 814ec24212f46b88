import Foundation
import Testing

/// `plugins new`, `run`, `bench` and `validate`, as an author of a plugin uses them.
struct PluginCommandTests {
  private static func has(_ tool: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
  }

  /// A folder of its own, removed by the caller.
  private func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-new-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  /// Runs a line of a shell in which `bespoke` is the built command.
  private func shell(_ line: String, in folder: String) throws -> (status: Int32, output: String) {
    let process = Process()
    let products = Command.process([], in: nil).executableURL?.deletingLastPathComponent().path ?? ""
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "PATH='\(products)':\"$PATH\"; exec 2>&1; \(line)"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test(.enabled(if: has("cc") && has("make"), "there is no 'cc' or no 'make'"))
  func aNewPluginInCBuildsAndPassesItsTests() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Command("plugins", "new", "spring-greeting", "--language", "c", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let result = try shell("make -C spring-greeting test", in: folder)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains(" 0 failed"))
  }

  @Test(.enabled(if: has("cargo"), "there is no 'cargo'"))
  func aNewPluginInRustBuildsAndPassesItsTests() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Command("plugins", "new", "spring-greeting", "--language", "rust", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let result = try shell(
      "cd spring-greeting && cargo test --offline && cargo build --release --offline && "
        + "bespoke plugins validate target/release/libSpringGreeting.so", in: folder)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("2 passed"))
    #expect(result.output.contains(" 0 failed"))
  }

  @Test func aNewPluginInSwiftBuildsAndPassesItsTests() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Command("plugins", "new", "spring-greeting", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let result = try shell(
      "cd spring-greeting && swift test && swift build -c release && "
        + "bespoke plugins validate .build/release/libSpringGreeting.so", in: folder)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("with 3 tests"))
    #expect(result.output.contains(" 0 failed"))
  }

  @Test(.enabled(if: has("cc"), "there is no 'cc'"))
  func theGuideForAuthorsDoesWhatItSays() throws {
    let result = try shell("Scripts/guide.sh", in: repository)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("+ bespoke plugins validate libWave.so"))
  }

  @Test func newRefusesWhatItCannotWrite() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let named = try Command("plugins", "new", "Spring Greeting", in: folder)
    #expect(named.status == 65)
    #expect(named.errors.contains("'Spring Greeting' is not a name for a plugin"))
    let taken = try Command("plugins", "new", "output", in: folder)
    #expect(taken.errors.contains("is what the SDK or its language calls something else"))
    let without = try Command("plugins", "new", "a", "--sdk", folder, in: folder)
    #expect(without.status == 66)
    #expect(without.errors.contains("name its folder with '--sdk'"))
    _ = try Command("plugins", "new", "a", "--language", "c", "--output", "b", in: folder)
    let twice = try Command("plugins", "new", "a", "--language", "c", "--output", "b", in: folder)
    #expect(twice.status == 75)
    #expect(twice.errors.contains("'b' exists and is not an empty folder"))
  }

  /// A folder with a template, options and a brief for our template-filler; removed by the caller.
  private func filled() throws -> String {
    let folder = try makeFolder()
    for (name, text) in [
      ("t.liquid", "Dear {{ profile.first_name }}"), ("options.json", #"{"template":"t.liquid"}"#),
      ("brief.json", #"{"profile":{"first_name":"Ada"}}"#), ("odd.json", #"{"profile":{"first_name":}"#),
    ] { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    return folder
  }

  @Test func runShowsWhatABriefBecomes() throws {
    let folder = try filled()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plain = try Command(
      "plugins", "run", "template-filler", "--config", "options.json", "--brief", "brief.json", in: folder)
    #expect(plain.status == 0, "\(plain.errors)")
    #expect(plain.output == "--- the stage's slot (text)\nDear Ada\n")
    let json = try Command(
      "plugins", "run", "template-filler", "--config", "options.json", "--brief", "brief.json", "--json", in: folder)
    #expect(json.output.hasPrefix(#"{"status":"ok","slots":{"":"Dear Ada"},"nanoseconds":"#))
    let without = try Command("plugins", "run", "template-filler", "--brief", "brief.json", in: folder)
    #expect(without.status == 65)
    #expect(without.errors.contains("invalid options: 'template-filler': option 'template' is missing"))
    let odd = try Command(
      "plugins", "run", "template-filler", "--config", "options.json", "--brief", "odd.json", in: folder)
    #expect(odd.errors.contains("(in odd.json:1:26)"))
  }

  @Test func benchMeasuresThreeSizesOfBatches() throws {
    let folder = try filled()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bench = try Command(
      "plugins", "bench", "template-filler", "--config", "options.json", "--json", in: folder)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(bench.output.utf8)) as? [String: Any])
    #expect(report["allocations_per_request"] is Double)
    let rows = try #require(report["batches"] as? [[String: Any]])
    #expect(rows.map { $0["batch"] as? Int } == [1, 16, 256])
    #expect(rows.allSatisfy { ($0["nanoseconds_per_request"] as? Double ?? 0) > 0 })
    #expect(rows.allSatisfy { $0["bytes_per_request"] as? Double == 8 }, "\(rows)")
  }

  @Test func validateTellsItsSeedAndEveryCheck() throws {
    let folder = try filled()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let one = try Command(
      "plugins", "validate", "template-filler", "--config", "options.json", "--check", "batches", "--seed", "7",
      in: folder)
    #expect(one.status == 0, "\(one.output)")
    #expect(one.output.contains("seed 7\n"))
    #expect(one.output.contains("1 passed, 0 failed, 0 skipped"))
    let json = try Command("plugins", "validate", "template-filler", "--json", in: folder)
    #expect(json.status == 1, "without options no instance can be made")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let checks = try #require(report["checks"] as? [[String: String]])
    #expect(report["seed"] is Int)
    #expect(checks.first { $0["check"] == "create" }?["outcome"] == "failed")
    #expect(checks.first { $0["check"] == "memory" }?["outcome"] == "skipped")
    let absent = try Command("plugins", "validate", "./absent.so", in: folder)
    #expect(absent.status == 66)
  }
}
