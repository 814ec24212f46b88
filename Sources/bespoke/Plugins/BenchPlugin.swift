import ArgumentParser
import Core
import Host

struct BenchPlugin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how long a plugin takes for a request, in batches of 1, 16 and 256.",
    discussion: """
      The time is the least of several sweeps of 256 requests in this process, the host's copying of the output included.
      Allocations are counted in another process; the host itself makes none.

      Example:
        bespoke plugins bench ./libHello.so --brief brief.json
      """)

  @OptionGroup var trial: TrialOptions

  @Option(help: ArgumentHelp("The brief, as JSON; else one is made up.", valueName: "file"))
  var brief: String?

  @Option(help: "Seed of the first request.")
  var seed: UInt64 = 0

  @Flag(help: "Print the figures as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let bench = try PluginBench(openPlugin(trial.plugin), input: trial.input(brief: brief), seed: seed)
      let options = ["--resources", trial.resources] + (trial.config.map { ["--config", $0] } ?? [])
      let allocations = AllocationCount(
        program: "/proc/self/exe", folder: programFolder,
        arguments: ["plugins", "count-allocations", trial.plugin, "--seed", "\(seed)"] + options
          + (brief.map { ["--brief", $0] } ?? []))?.perRequest
      if json {
        print(Document { bench.write(allocations: allocations, to: $0) }.json)
      } else {
        print("batch  ns per request  bytes written")
        for row in bench.rows {
          print(
            pad("\(row.batch)", 5) + pad("\(Int(row.nanosecondsPerRequest.rounded()))", 16)
              + pad("\(Int(row.bytesPerRequest.rounded()))", 15))
        }
        print(
          allocations.map { "\($0) allocations a request" } ?? "allocations were not counted")
      }
    }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension PluginBench {
  fileprivate func write(allocations: Double?, to builder: DocumentBuilder) {
    builder.beginObject()
    if let allocations {
      builder.key("allocations_per_request")
      builder.double(allocations)
    }
    builder.key("batches")
    builder.beginArray()
    for row in rows {
      builder.beginObject()
      builder.key("batch")
      builder.int(Int64(row.batch))
      builder.key("nanoseconds_per_request")
      builder.double(row.nanosecondsPerRequest)
      builder.key("bytes_per_request")
      builder.double(row.bytesPerRequest)
      builder.end()
    }
    builder.end()
    builder.end()
  }
}

/// The far side of `bench`, with the counter of allocations preloaded.
struct CountAllocations: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "count-allocations", shouldDisplay: false)

  @OptionGroup var trial: TrialOptions
  @Option var brief: String?
  @Option var seed: UInt64 = 0

  func run() throws {
    try reportingErrors(json: false) {
      try AllocationCount.report(openPlugin(trial.plugin), input: trial.input(brief: brief), seed: seed)
    }
  }
}
