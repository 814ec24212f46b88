import Foundation
import Host

/// `InputBench products|profiles FILE.jsonl` reads a file of JSON lines on one thread and prints MB/s: rows cut, rows decoded and
/// cleaned under a plain map, and Foundation's parser over the same lines; best of three.
@main
struct InputBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, ["products", "profiles"].contains(arguments[1]) else {
      print("usage: InputBench products|profiles FILE.jsonl")
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
    print("rows \(try rate(size) { try cut(path) })")
    print(
      "records \(try rate(size) { try (manifest.catalogue ?? manifest.profiles)?.trial(rows: .max, currency: "EUR").records ?? 0 })"
    )
    print("foundation \(try rate(size) { try parse(path) })")
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
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    var rows = 0
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard try JSONSerialization.jsonObject(with: line) is [String: Any] else { continue }
      rows += 1
    }
    return rows
  }
}
