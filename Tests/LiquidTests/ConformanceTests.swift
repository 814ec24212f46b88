import Foundation
import LiquidSuite
import Testing

/// The public part of golden-liquid, read from the shared folder where there is one.
struct ConformanceTests {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["BESPOKE_SHARED"].map { URL(fileURLWithPath: $0) }
    let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for shared in [named, root.appendingPathComponent("../shared"), root.appendingPathComponent("../../shared")] {
      guard let folder = shared?.appendingPathComponent("conformance/liquid") else { continue }
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    return nil
  }()

  @Test(.enabled(if: folder != nil, "set BESPOKE_SHARED to the folder that holds conformance/liquid"))
  func passesTheWholePublicSuite() throws {
    let suite = try #require(Self.folder.flatMap(LiquidSuite.init(folder:)))
    let result = try suite.run()
    print("golden-liquid: \(result.passed) passed, \(result.failures.count) failed")
    #expect(result.passed >= 685)
    #expect(result.failures.isEmpty)
  }
}
