import Foundation
import NGramSuite
import Testing

/// Values of KenLM's programs, read from the shared folder where there is one.
struct ConformanceTests {
  static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["BESPOKE_SHARED"].map { URL(fileURLWithPath: $0) }
    let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    for shared in [named, root.appendingPathComponent("../shared"), root.appendingPathComponent("../../shared")] {
      guard let folder = shared?.appendingPathComponent("conformance/ngram") else { continue }
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    return nil
  }()

  @Test(.enabled(if: folder != nil, "set BESPOKE_SHARED to the folder that holds conformance/ngram"))
  func matchesEveryValue() throws {
    let suite = try #require(Self.folder.flatMap(NGramSuite.init(folder:)))
    let result = suite.run()
    print("ngram: \(result.passed) passed, \(result.failures.count) failed")
    #expect(result.passed >= 34)
    for failure in result.failures { Issue.record("\(failure.name): \(failure.reason)") }
  }
}
