import Email
import Foundation
import Markup

/// `EmailBench FILE.html [OUT.html]` inlines the styles of a page again and again, and prints the CPU time of one call in
/// microseconds, best of 20 windows.
@main
struct EmailBench {
  static func main() throws {
    guard CommandLine.arguments.count > 1 else {
      print("usage: EmailBench FILE.html [OUT.html]")
      exit(64)
    }
    let html = Array(try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
    if CommandLine.arguments.count > 2 {
      var inliner = StyleInliner()
      let output = html.withBytes { inliner.inline($0) }
      try Data(output).write(to: URL(fileURLWithPath: CommandLine.arguments[2]))
    }
    // A stage's inliner keeps the sheet of its template; a new one for each page is what a single message costs.
    var kept = StyleInliner()
    print("kept \(best { html.withBytes { kept.inline($0).count } })")
    print(
      "fresh \(best { var inliner = StyleInliner(); return html.withBytes { inliner.inline($0).count } })")
  }

  private static func best(_ body: () -> Int) -> Double {
    var best = Double.infinity
    for _ in 0..<20 {
      let start = processorTime()
      var count = 0
      var bytes = 0
      repeat {
        bytes += body()
        count += 1
      } while processorTime() - start < 0.05
      precondition(bytes > 0)
      best = min(best, (processorTime() - start) / Double(count) * 1e6)
    }
    return (best * 10).rounded() / 10
  }

  /// CPU seconds of this process.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
