import DecoderSuite
import Foundation
import Testing

/// Reference outputs, read from the shared folder where there is one; big models where `BESPOKE_MODELS` has them.
struct ConformanceTests {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["BESPOKE_SHARED"].map { URL(fileURLWithPath: $0) }
    let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for shared in [named, root.appendingPathComponent("../shared"), root.appendingPathComponent("../../shared")] {
      guard let folder = shared?.appendingPathComponent("conformance/decoder") else { continue }
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    return nil
  }()

  @Test(.enabled(if: folder != nil, "set BESPOKE_SHARED to the folder that holds conformance/decoder"))
  func passesEveryCaseWhoseModelIsAtHand() throws {
    let models = ProcessInfo.processInfo.environment["BESPOKE_MODELS"].map { URL(fileURLWithPath: $0) }
    let suite = try #require(Self.folder.flatMap { DecoderSuite(folder: $0, models: models) })
    let result = try suite.run()
    for model in result.absent { print("decoder conformance: '\(model)' is not in BESPOKE_MODELS, skipped") }
    print("decoder conformance: \(result.passed) passed, \(result.failures.count) failed")
    for failure in result.failures { Issue.record("\(failure.name): \(failure.reason)") }
  }
}
