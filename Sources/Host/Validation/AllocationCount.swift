public import Core
import Glibc

/// How many allocations a request makes.
public struct AllocationCount {
  /// Allocations of one request.
  public let perRequest: Double

  /// Counts in a child into which the counter is preloaded; nil where that cannot be done.
  ///
  /// - Parameters:
  ///   - folder: where the counter lies.
  ///   - arguments: of the program, to make requests and report.
  public init?(program: String, folder: String, arguments: [String]) {
    let counter = "\(folder)/libbespoke-allocation-counter.so"
    guard access(counter, R_OK) == 0,
      let child = try? ChildProcess(program: program, arguments: arguments, variables: ["LD_PRELOAD=\(counter)"]),
      case .exited(0) = child.wait(seconds: 60), let report = child.report,
      let count = report.split(separator: "\t").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    perRequest = count
  }

  /// In the child: makes requests, and reports the mean of what they allocated.
  ///
  /// - Throws: `Diagnostic` where a file cannot be used, no instance can be made, or the counter is not there.
  public static func report(_ plugin: LoadedPlugin, input: TrialInput, seed: UInt64) throws(Diagnostic) {
    guard let symbol = dlsym(nil, "bespoke_allocations") else {
      throw Diagnostic("cannot count", "the counter of allocations is not preloaded")
    }
    typealias Counter = @convention(c) () -> UInt64
    let counter = unsafeBitCast(symbol, to: Counter.self)
    // The first requests make room that later ones use again.
    try PluginBench.repeatRequests(64, plugin, input: input, seed: seed) {
      counter()
    } done: { before, count in
      ChildProcess.send("allocations", "\(Double(counter() - before) / Double(count))")
    }
  }
}
