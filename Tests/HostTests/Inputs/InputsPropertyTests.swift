import Core
import Testing

@testable import Host

struct InputsPropertyTests {
  private let map = #"""
    {"description":{"from":"name","strip_html":true,"repair":"mojibake","drop_tables":true,"inspect":true,"language":"en"},
     "category":{"from":"price","split":";","with":" > "},"attributes":{"from":"name","parse":"json"},
     "all":{"join":["id","name"]},"mpn":{"hash":["id"]}}
    """#

  @Test(arguments: ["a.csv", "a.tsv", "a.jsonl", "a.json", "a"])
  func everyRowIsARecordOrStandsInTheReport(name: String) throws {
    for seed in 0..<80 {
      var random = SeededBytes(seed: UInt64(seed))
      let bytes = head(name) + (seed % 3 == 0 ? random.mixture(count: 400) : random.rows(pieces: 120))
      for kind in RecordKind.allCases {
        let input = try decode(bytes, named: name, as: kind, map: seed % 2 == 0 ? map : nil)
        #expect(input.rowCount == input.records.count + input.report.rejected, "seed \(seed)")
        #expect(input.report.rows == input.rowCount, "seed \(seed)")
        for record in input.records where kind != .event { #expect(!record["id"].text.isEmpty, "seed \(seed)") }
        for record in input.records { #expect(try isSound(record), "seed \(seed)") }
      }
    }
  }

  @Test func recordsAndReportsDoNotDependOnChunks() throws {
    for seed in 0..<40 {
      var random = SeededBytes(seed: UInt64(seed))
      let bytes = head("a.csv") + random.rows(pieces: 300)
      let whole = try decode(bytes, named: "a.csv")
      for chunk in [RowChunk(targetBytes: 1, maxRows: 1), RowChunk(targetBytes: 100, maxRows: 3)] {
        let parts = try decode(bytes, named: "a.csv", chunk: chunk)
        #expect(parts.report == whole.report)
        #expect(parts.records.map { $0["id"].scalarText } == whole.records.map { $0["id"].scalarText })
      }
    }
  }

  @Test func aLimitOnRowsChangesNothingForTheOthers() throws {
    var options = InputOptions()
    options.maxRowBytes = 60
    for seed in 0..<60 {
      var random = SeededBytes(seed: UInt64(seed))
      for name in ["a.csv", "a.jsonl", "a.json"] {
        let input = try decode(head(name) + random.rows(pieces: 200), named: name, options: options)
        #expect(input.rowCount == input.records.count + input.report.rejected, "seed \(seed), \(name)")
      }
    }
  }

  /// A row of column names for files that need one: a broken one is an error of its own.
  private func head(_ name: String) -> [UInt8] {
    let separators = ["a.csv": ",", "a.tsv": "\t", "a": "|"]
    let separator = separators[name] ?? ""
    return separator.isEmpty ? [] : Array(["id", "name", "price"].joined(separator: separator).utf8) + [10]
  }

  /// Whether all text of a record is UTF-8 and all its numbers are JSON.
  private func isSound(_ value: Value) throws -> Bool {
    switch value.kind {
    case .string: return UTF8Check.isValid(value.text)
    case .integer, .double:
      let document = try Document(json: value.scalarText ?? "")
      return withExtendedLifetime(document) { document.root.kind == value.kind }
    case .array: return try (0..<value.count).allSatisfy { try isSound(value[$0]) }
    case .object:
      return try (0..<value.count).allSatisfy { try UTF8Check.isValid(value.key(at: $0)) && isSound(value[$0]) }
    default: return true
    }
  }
}
