import Core
import Foundation
import GRDB
import Glibc
import Host

/// The beginning of a file and what stood at its end, by which a later run knows it again: a file that grew is still the
/// same, one that was written anew with other rows in between is not.
struct FileHead {
  let name: String
  let size: Int?
  fileprivate let bytes: [UInt8]

  private static let block = 4096

  init(path: String, size: Int?) throws {
    name = path
    self.size = size
    guard size != nil, let file = fopen(path, "rb") else {
      bytes = []
      return
    }
    defer { fclose(file) }
    bytes = Self.block(of: file, at: 0)
  }

  private static func block(of file: UnsafeMutablePointer<FILE>, at start: Int) -> [UInt8] {
    fseek(file, start, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: block) { buffer, count in
      count = fread(buffer.baseAddress, 1, block, file)
    }
  }

  /// The hash of the first bytes, and of those before what was the file's size.
  fileprivate func hash(first count: Int, size: Int?) -> Int64 {
    var all = Array(bytes.prefix(count))
    if let size, size > Self.block, let file = fopen(name, "rb") {
      defer { fclose(file) }
      all += Self.block(of: file, at: size - Self.block)
    }
    return all.withUnsafeBufferPointer { Int64(bitPattern: hash64($0)) }
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
    let size: Int? = row["size"]
    guard length <= head.bytes.count, head.hash(first: length, size: size) == hash else { return }
    let json: String = row["report"]
    report = try CleaningReport(json: json)
    measures = NumberMeasures(bytes: Array(row["measures"] as Data))
    rows = row["rows"]
    isFinished = row["finished"] && size == head.size
  }

  func save(_ db: Database, _ head: FileHead) throws {
    guard head.size != nil else { return }
    let length = head.bytes.count
    try db.execute(
      sql: "INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        head.name, length, head.hash(first: length, size: head.size), head.size, rows, isFinished, report.json,
        Data(measures.bytes),
      ])
  }
}
