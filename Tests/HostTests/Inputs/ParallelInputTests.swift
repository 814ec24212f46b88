import Core
import Synchronization
import Testing

@testable import Host

struct ParallelInputTests {
  /// What one chunk gave.
  private struct Batch: Sendable {
    let index: Int
    let document: DocumentRoots
    let report: DirtReport
  }

  /// The records of a chunk and the memory in which they lie; nothing is written to it any more.
  private final class DocumentRoots: @unchecked Sendable {
    let builder = DocumentBuilder()
    var records: [Record] = []
  }

  private final class SharedReader: Sendable {
    let reader: Mutex<RowReader>

    init(path: String) throws { reader = Mutex(try RowReader(path: path)) }
  }

  @Test func recordsAndReportsDoNotDependOnThreads() async throws {
    let rows = (0..<3000).map { number in
      number % 11 == 0
        ? "{\"id\":\(number / 2)," : "{\"id\":\(number % 2500),\"name\":\" n\(number % 2900)\",\"price\":\"x\"}"
    }
    let text = rows.joined(separator: "\n")
    let results = try await [1, 2, 5].asyncMap { try await run(Array(text.utf8), threads: $0) }
    #expect(results[0].ids.count == results[0].report.records)
    #expect(results[0].report.rows == 3000 && results[0].report[.duplicateID].count > 0)
    for result in results.dropFirst() {
      #expect(result.ids == results[0].ids)
      #expect(result.report == results[0].report)
      #expect(result.report.description == results[0].report.description)
    }
  }

  private func run(_ bytes: [UInt8], threads: Int) async throws -> (ids: [String], report: DirtReport) {
    let input = try withFile(bytes, named: "a.jsonl") { try SharedReader(path: $0) }
    let batches = try await withThrowingTaskGroup(of: [Batch].self) { group in
      for _ in 0..<threads {
        group.addTask {
          var batches: [Batch] = []
          var chunk = RowChunk(maxRows: 40)
          var decoder = RowDecoder(map: FieldMap(for: .product), layout: input.reader.withLock { $0.layout })
          while try input.reader.withLock({ try $0.next(into: &chunk) }) {
            var report = RowDecoder.emptyReport(for: .product)
            let document = DocumentRoots()
            for row in chunk.rows {
              let record = decoder.decode(row, in: chunk, into: document.builder, report: &report)
              if let record { document.records.append(record) }
            }
            batches.append(Batch(index: chunk.index, document: document, report: report))
            await Task.yield()
          }
          return batches
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    var filter = DuplicateFilter()
    var report = RowDecoder.emptyReport(for: .product)
    var ids: [String] = []
    for batch in batches.sorted(by: { $0.index < $1.index }) {
      report.merge(batch.report)
      for record in batch.document.records where filter.accept(record, report: &report) {
        ids.append(record.root["id"].scalarText ?? "")
      }
    }
    return (ids, report)
  }
}

extension Array {
  fileprivate func asyncMap<R>(_ transform: (Element) async throws -> R) async throws -> [R] {
    var results: [R] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
