import Core
import Glibc

/// Assets of former runs that a run no longer made.
struct StaleAssets {
  /// Calls `body` with the path of each asset that a folder's provenance names, those that were stale before included.
  ///
  /// Reads line by line, so that memory stays flat however many there are.
  static func formerPaths(in folder: String, _ body: (String) throws -> Void) throws {
    let path = "\(folder)/provenance.jsonl"
    guard access(path, R_OK) == 0 else { return }
    let reader = try RowReader(path: path)
    var chunk = RowChunk()
    while try reader.next(into: &chunk) {
      for row in chunk.rows {
        if let path = try chunk.withBytes(of: row, Self.path) { try body(path) }
      }
    }
  }

  /// The path with which a line begins.
  private static func path(_ line: UnsafeBufferPointer<UInt8>) throws -> String? {
    let start = Array("{\"path\":".utf8)
    guard line.starts(with: start) else { return nil }
    var end = start.count + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += line[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < line.count else { return nil }
    let document = try Document(json: String(decoding: line[start.count...end], as: UTF8.self))
    return withExtendedLifetime(document) { document.root.string }
  }
}
