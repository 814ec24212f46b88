import Core
import Foundation
import Liquid

/// `LiquidBench KIT [SECONDS]` renders and parses the kit's e-mail, and prints one line of JSON with the CPU time of
/// each in microseconds, best of 20 windows.
///
/// Writes the output to the path in OUT. `LiquidBench KIT --renders COUNT` renders so often and prints nothing, for
/// tools that count allocations.
@main
struct LiquidBench {
  static func main() throws {
    guard CommandLine.arguments.count > 1 else {
      print("usage: LiquidBench KIT [SECONDS]")
      exit(64)
    }
    let kit = URL(fileURLWithPath: CommandLine.arguments[1])
    let seconds = CommandLine.arguments.count > 2 ? Double(CommandLine.arguments[2]) ?? 1 : 1
    func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: kit.appendingPathComponent(path))) }
    let email = try read("templates/liquid/email.liquid")
    let card = try read("templates/liquid/card.liquid")
    let data = try Document(json: String(decoding: read("data/data.json"), as: UTF8.self))

    // The kit's prices are in cents, and its templates escape for themselves.
    var options = TemplateOptions(kind: .text)
    options.moneyUnit = .minor
    let settings = options
    let load: @Sendable (String) -> [UInt8]? = { $0 == "email" ? email : $0 == "card" ? card : nil }
    let set = TemplateSet(options: settings, load: load)
    let template = try set.template(named: "email")
    // As small as the paths of assets: what starting a render costs.
    let path = try set.parse("{{ locale }}/{{ campaign }}.html", name: "path")
    let renderer = Renderer()
    let scope = Scope(root: data.root.raw, access: Accessors.table)

    let output = try renderer.render(template, scope: scope)
    let bytes = output.count
    if CommandLine.arguments.count > 3, CommandLine.arguments[2] == "--renders" {
      for _ in 0..<(Int(CommandLine.arguments[3]) ?? 0) { _ = try renderer.render(template, scope: scope) }
      return withExtendedLifetime(data) {}
    }
    if let path = ProcessInfo.processInfo.environment["OUT"] {
      try Data(output).write(to: URL(fileURLWithPath: path))
    }
    let rendering = try measure(seconds) { try renderer.render(template, scope: scope).count }
    let starting = try measure(seconds / 4) { try renderer.render(path, scope: scope).count }
    let parsing = try measure(seconds) {
      try TemplateSet(options: settings, load: load).template(named: "email").partials.count
    }
    withExtendedLifetime(data) {}
    print(
      """
      {"engine":"bespoke-liquid","version":"1","host":"Swift -O","render_us":\(rendering.best),\
      "render_median":\(rendering.median),"parse_us":\(parsing.best),"path_us":\(starting.best),"bytes":\(bytes)}
      """)
  }

  /// CPU seconds of this process.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Microseconds of one call: the best and the middle one of 20 windows.
  private static func measure(_ seconds: Double, _ body: () throws -> Int) rethrows -> (best: Double, median: Double) {
    var sink = try body()
    var count = 1
    var spent = 0.0
    while spent < 0.05 {
      count *= 2
      let start = processorTime()
      for _ in 0..<count { sink &+= try body() }
      spent = processorTime() - start
    }
    count = max(1, Int(Double(count) * seconds / 20 / spent))
    var windows: [Double] = []
    for _ in 0..<20 {
      let start = processorTime()
      for _ in 0..<count { sink &+= try body() }
      windows.append((processorTime() - start) / Double(count) * 1e6)
    }
    windows.sort()
    precondition(sink != 0, "something was rendered")
    return (windows[0], windows[10])
  }
}
