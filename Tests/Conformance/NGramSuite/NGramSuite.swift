import CZlib
import Core
public import Foundation
import NGramModel

/// The conformance suite for n-gram models: the rows of `cases.tsv` in a folder.
public struct NGramSuite {
  /// What became of the cases.
  public struct Result {
    /// Cases whose every value was within its tolerance.
    public var passed = 0
    /// The others: name and what happened.
    public var failures: [(name: String, reason: String)] = []
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private let folder: URL
  private let rows: [[String]]

  /// The suite in a folder; nil where the folder has no `cases.tsv`.
  public init?(folder: URL) {
    guard let table = try? String(contentsOf: folder.appendingPathComponent("cases.tsv"), encoding: .utf8) else {
      return nil
    }
    self.folder = folder
    rows = table.split(separator: "\n").dropFirst().map { row in
      row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Runs every case.
  public func run() -> Result {
    var result = Result()
    for row in rows {
      do {
        guard row.count == 6 else { throw Failure("expected 6 columns, found \(row.count)") }
        try run(
          Case(
            folder: folder, kind: row[0], train: row[1], order: row[2], options: row[3], query: row[4], expected: row[5]
          ))
        result.passed += 1
      } catch {
        result.failures.append((row.joined(separator: " "), "\(error)"))
      }
    }
    return result
  }

  private func run(_ test: Case) throws {
    switch test.kind {
    case "arpa": try compareNGrams(test.model(), test.expectedModel(), isSample: false)
    case "arpa-sample": try compareNGrams(test.model(), test.expectedModel(), isSample: true)
    case "stats": try compareStatistics(test)
    case "query", "words": try compareQuery(test)
    case "scores": try compareScores(test)
    case "log-linear":
      let merged = try LogLinear.merge(test.models(), weights: test.list("weights"))
      try compareNGrams(merged, test.expectedModel(), isSample: false)
    case "em-mixture": try compareMixture(test)
    default: throw Failure("the kind '\(test.kind)' is unknown")
    }
  }
}

/// Fails where two numbers differ by more than a tolerance.
func expectClose(_ found: Double, _ expected: Double, within tolerance: Double, _ what: String) throws {
  guard abs(found - expected) <= tolerance else {
    throw NGramSuite.Failure("\(what): expected \(expected), got \(found)")
  }
}

/// Fails where two values differ.
func expectEqual<T: Equatable>(_ found: T, _ expected: T, _ what: String) throws {
  guard found == expected else { throw NGramSuite.Failure("\(what): expected \(expected), got \(found)") }
}

/// A file's bytes, uncompressed if they are compressed.
func contents(of file: URL) throws -> [UInt8] {
  guard let handle = gzopen(file.path, "rb") else { throw NGramSuite.Failure("'\(file.lastPathComponent)' is missing") }
  defer { gzclose(handle) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = gzread(handle, &chunk, UInt32(chunk.count))
    guard count >= 0 else { throw NGramSuite.Failure("'\(file.lastPathComponent)' cannot be uncompressed") }
    if count == 0 { return bytes }
    bytes += chunk[..<Int(count)]
  }
}
