import Core
import Foundation
import GRDB
import Glibc
import Host

/// The beginning of a file, by which a later run knows it again: a file that grew is still the same.
struct FileHead {
  let name: String
  let size: Int?
  fileprivate let bytes: [UInt8]

  init(path: String, size: Int?) throws {
    name = path
    self.size = size
    guard size != nil, let file = fopen(path, "rb") else {
      bytes = []
      return
    }
    defer { fclose(file) }
    bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = fread(buffer.baseAddress, 1, 4096, file)
    }
  }

  fileprivate func hash(first count: Int) -> Int64 {
    bytes.withUnsafeBufferPointer { Int64(bitPattern: hash64(UnsafeBufferPointer(rebasing: $0.prefix(count)))) }
  }
}

/// How far the import of a file is, and what was found so far.
struct ImportState {
  var rows = 0
  var isFinished = false
  var report = CleaningReport()
  var measures = NumberMeasures()

  /// What an earlier run left of this file; nothing where it is another file of the same name.
  init(_ store: EventStore, _ head: FileHead, startsOver: Bool) throws {
    guard head.size != nil, !startsOver else { return }
    let row = try store.read {
      try Row.fetchOne($0, sql: "SELECT * FROM imports WHERE name = ?", arguments: [head.name])
    }
    guard let row else { return }
    let length: Int = row["head_length"]
    let hash: Int64 = row["head_hash"]
    guard length <= head.bytes.count, head.hash(first: length) == hash else { return }
    let json: String = row["report"]
    report = try CleaningReport(json: json)
    measures = NumberMeasures(bytes: Array(row["measures"] as Data))
    rows = row["rows"]
    let size: Int? = row["size"]
    isFinished = row["finished"] && size == head.size
  }

  func save(_ db: Database, _ head: FileHead) throws {
    guard head.size != nil else { return }
    let length = head.bytes.count
    try db.execute(
      sql: "INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        head.name, length, head.hash(first: length), head.size, rows, isFinished, report.json, Data(measures.bytes),
      ])
  }
}
