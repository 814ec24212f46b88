import ABIBenchPlugins
import CPluginABI
import Core
import Foundation
import PluginAPI

/// `ABIBench [SECONDS]` reads 8 of 50 fields and writes 2 slots, through the accessors (C, Swift with views, Swift with
/// Strings) and from a JSON blob of the same profile (scanned in C, decoded in Swift), and prints nanoseconds a request and
/// ratios: best of 20 windows of CPU time each.
@main
struct ABIBench {
  static func main() throws {
    let seconds = CommandLine.arguments.count > 1 ? Double(CommandLine.arguments[1]) ?? 1 : 1
    let profile = Self.profile()
    let document = try Document(json: #"{"profile":\#(profile)}"#)
    let host = BenchHost()
    let request = bespoke_request_v1(brief: document.root.raw, seed: 1, deadline_ns: 0)
    let blob = Array(profile.utf8)

    var comparison = Comparison(host: host, request: request, seconds: seconds)
    try comparison.run("C, accessors", abibench_accessors())
    try comparison.run("Swift, views", export(ViewPlugin.self, to: host.pointer))
    try comparison.run("Swift, Strings", export(StringPlugin.self, to: host.pointer))
    comparison.run(
      "C, JSON blob",
      { output in
        blob.withUnsafeBufferPointer { blob in
          blob.withMemoryRebound(to: CChar.self) {
            _ = abibench_blob(host.sink, output.pointer, $0.baseAddress, $0.count)
          }
        }
      })
    try comparison.run("Swift, JSON blob", { output in try Self.decode(blob, host, output) })
    withExtendedLifetime(document) {}
    guard Set(comparison.outputs).count == 1 else { throw BenchError.different(comparison.outputs) }

    let rows = comparison.rows
    let c = rows[0].nanoseconds
    print("| plugin | ns a request | to C, accessors |\n|---|---|---|")
    for row in rows {
      print("| \(row.name) | \(Int(row.nanoseconds.rounded())) | \(String(format: "%.1f", row.nanoseconds / c)) |")
    }
    print("C: JSON blob / accessors = \(String(format: "%.1f", rows[3].nanoseconds / c))")
    print("Swift: JSON blob / views = \(String(format: "%.1f", rows[4].nanoseconds / rows[1].nanoseconds))")
  }

  enum BenchError: Error {
    case refused
    case different([String])
  }

  /// 50 fields, those that are read spread among them.
  private static func profile() -> String {
    let read: [Int: String] = [
      2: #""first_name":"Ada""#, 9: #""city":"Lisboa""#, 15: #""segment":"returning""#,
      22: #""last_product":"walking shoes""#, 28: #""last_price":"59.90""#, 33: #""loyalty_tier":"silver""#,
      40: #""language":"pt""#, 47: #""points":1240"#,
    ]
    let fields = (0..<50).map { read[$0] ?? #""attribute_\#($0)":"value number \#($0)""# }
    return "{\(fields.joined(separator: ","))}"
  }

  private struct Profile: Decodable {
    var first_name, city, segment, last_product, last_price, loyalty_tier, language: String
    var points: Int
  }

  private static func decode(_ blob: [UInt8], _ host: BenchHost, _ output: BenchOutput) throws {
    let profile = try JSONDecoder().decode(Profile.self, from: Data(blob))
    let sink = Output(output.pointer, host.sink)
    sink.write("\(profile.first_name), \(profile.last_product) for \(profile.last_price)", to: "headline")
    sink.write(
      "\(profile.city) / \(profile.segment) / \(profile.loyalty_tier) / \(profile.language) / \(profile.points)",
      to: "body")
  }
}

/// The measurements so far, and what each wrote.
struct Comparison {
  let host: BenchHost
  let request: bespoke_request_v1
  let seconds: Double
  private(set) var rows: [(name: String, nanoseconds: Double)] = []
  private(set) var outputs: [String] = []

  init(host: BenchHost, request: bespoke_request_v1, seconds: Double) {
    self.host = host
    self.request = request
    self.seconds = seconds
  }

  mutating func run(_ name: String, _ body: (BenchOutput) throws -> Void) rethrows {
    let output = BenchOutput()
    rows.append((name, try Self.measure(seconds) { try body(output) }))
    outputs.append(output.texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
  }

  mutating func run(_ name: String, _ plugin: UnsafePointer<bespoke_plugin_v1>?) throws {
    guard let plugin else { throw ABIBench.BenchError.refused }
    let instance = try host.instance(of: plugin)
    var request = request
    run(name) { output in
      var out: OpaquePointer? = output.pointer
      var status: bespoke_status = 0
      _ = plugin.pointee.process(instance, &request, &out, &status, 1)
    }
    plugin.pointee.destroy(instance)
  }

  /// CPU seconds of this process.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Nanoseconds of one call in the best of 20 windows.
  private static func measure(_ seconds: Double, _ body: () throws -> Void) rethrows -> Double {
    var count = 1
    var spent = 0.0
    while spent < 0.01 {
      count *= 2
      let start = processorTime()
      for _ in 0..<count { try body() }
      spent = processorTime() - start
    }
    count = max(1, Int(Double(count) * seconds / 20 / spent))
    var best = Double.infinity
    for _ in 0..<20 {
      let start = processorTime()
      for _ in 0..<count { try body() }
      best = min(best, (processorTime() - start) / Double(count) * 1e9)
    }
    return best
  }
}

/// The host's side: Core's documents and `BenchOutput`.
final class BenchHost {
  let pointer: UnsafePointer<bespoke_host_v1>
  let sink: UnsafePointer<bespoke_sink_v1>

  // Both tables live as long as the process.
  init() {
    let sink = UnsafeMutablePointer<bespoke_sink_v1>.allocate(capacity: 1)
    sink.initialize(to: BenchOutput.table())
    let host = UnsafeMutablePointer<bespoke_host_v1>.allocate(capacity: 1)
    host.initialize(to: bespoke_host_v1())
    host.pointee.access = Accessors.table
    host.pointee.sink = UnsafePointer(sink)
    host.pointee.log = { _, _, _ in }
    host.pointee.extension = { _, _ in nil }
    pointer = UnsafePointer(host)
    self.sink = UnsafePointer(sink)
  }

  func instance(of plugin: UnsafePointer<bespoke_plugin_v1>) throws -> UnsafeMutableRawPointer {
    let errors = BenchOutput()
    var with = bespoke_create_v1()
    with.host = pointer
    with.errors = errors.pointer
    with.threads = 1
    var instance: UnsafeMutableRawPointer?
    let status = plugin.pointee.create(plugin.pointee.ctx, &with, &instance)
    guard status == 0, let instance else { throw ABIBench.BenchError.refused }
    return instance
  }
}
