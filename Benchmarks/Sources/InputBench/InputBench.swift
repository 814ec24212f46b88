import Core
import Foundation
import Host

/// `InputBench products|profiles FILE.jsonl [rows|parsed|records|foundation]` reads a file of JSON lines on one thread and prints MB/s: rows
/// cut, rows parsed, rows decoded and cleaned under a plain map, and Foundation's parser over the same lines; best of three.
@main
struct InputBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    let wanted = arguments.count == 4 ? [arguments[3]] : ["rows", "parsed", "records", "foundation"]
    guard 3...4 ~= arguments.count, ["products", "profiles"].contains(arguments[1]) else {
      print("usage: InputBench products|profiles FILE.jsonl [rows|parsed|records|foundation]")
      exit(64)
    }
    let path = arguments[2]
    let input = arguments[1] == "products" ? "catalogue" : "profiles"
    let manifest = try Manifest(
      path: "bench.yaml",
      text: """
        manifest: 1
        name: bench
        inputs: { \(input): { path: "\(path)" } }
        pipelines: { p: { stages: [ { id: s, use: template-filler } ] } }
        """)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let works: [String: () throws -> Int] = [
      "rows": { try cut(path) },
      "parsed": { try parse(path) },
      "records": { try (manifest.catalogue ?? manifest.profiles)?.trial(rows: .max, currency: "EUR").records ?? 0 },
      "foundation": { try parseWithFoundation(path) },
    ]
    for name in wanted {
      if let work = works[name] { print(name, try rate(size, work)) }
    }
  }

  /// MB/s of the fastest of three.
  private static func rate(_ size: Int, _ work: () throws -> Int) throws -> Int {
    var best = Double.infinity
    var rows = 0
    for _ in 0..<3 {
      let start = ContinuousClock.now
      rows = try work()
      best = min(best, (ContinuousClock.now - start) / .seconds(1))
    }
    guard rows > 0 else {
      print("nothing was read")
      exit(65)
    }
    return Int(Double(size) / best / 1e6)
  }

  private static func cut(_ path: String) throws -> Int {
    let reader = try RowReader(path: path)
    var chunk = RowChunk()
    while try reader.next(into: &chunk) {}
    return reader.rowCount
  }

  private static func parse(_ path: String) throws -> Int {
    let reader = try RowReader(path: path)
    let builder = DocumentBuilder()
    var chunk = RowChunk()
    var rows = 0
    while try reader.next(into: &chunk) {
      builder.reset()
      for row in chunk.rows {
        if try chunk.withBytes(of: row, { try builder.parseJSON($0).kind == .object }) { rows += 1 }
      }
    }
    return rows
  }

  private static func parseWithFoundation(_ path: String) throws -> Int {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    var rows = 0
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, let end = memchr(start, 0x0A, rest.count) {
        let count = UnsafeRawPointer(end) - start
        let line = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: count, deallocator: .none)
        if try JSONSerialization.jsonObject(with: line) is [String: Any] { rows += 1 }
        rest = rest.dropFirst(count + 1)
      }
    }
    return rows
  }
}
