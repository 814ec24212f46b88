import ArgumentParser
import Core
import Dispatch
import Foundation
import Host

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a model file for a plugin out of your own texts or events.",
    discussion: """
      'bespoke plugins inspect PLUGIN' lists the options of training.

      Example:
        bespoke train ngram-model copy.txt --output models/copy.bin --set order=3
      """)

  @Argument(help: "A plugin's name, or the path of a shared object.")
  var plugin: String

  @Argument(help: "Files to learn from, in this order.", completion: .file())
  var inputs: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to make.", valueName: "file"))
  var output: String

  @OptionGroup var options: ToolOptions

  @Option(help: "The only source of chance.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Threads to work with; as many as there are processors where left out.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print the report as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("'--threads' must be in 1...1024, got \(threads)")
    }
  }

  func run() throws {
    try reportingErrors(json: json) {
      let plugin = try openPlugin(plugin)
      let training = Training(
        plugin, inputs: inputs, output: output,
        options: try options.document(schema: Training.schema(of: plugin), owner: plugin.shortName), seed: seed,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, log: { writeError($0) })
      let signals = stopOnSignals { training.cancel() }
      let line = ProgressLine(isShown: !quiet && !json && isatty(2) == 1) { training.progress.words(seconds: $0) }
      defer { signals.forEach { $0.cancel() } }
      let start = DispatchTime.now()
      let report: Training.Report
      do {
        report = try training.run()
        line.stop()
      } catch {
        line.stop()
        throw error
      }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
      print(json ? report.document(seconds: seconds).json : report.words(seconds: seconds))
    }
  }
}

/// Options of a plugin's tool.
struct ToolOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Options, as YAML or JSON.", valueName: "file"), completion: .file())
  var config: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("One option; it wins over the file.", valueName: "name=value"))
  var pairs: [String] = []

  func document(schema: ConfigSchema, owner: String) throws -> Document {
    try OptionsReader.read(file: config, pairs: pairs, schema: schema, owner: owner)
  }
}

extension Training.Progress {
  /// "[####....] 40 %  loss 2.31, 12 s left".
  fileprivate func words(seconds: Double) -> String {
    let measure = metric.isEmpty ? "" : "  \(metric) \(String(format: "%.4g", value))"
    guard total > 0 else { return "\(step) steps\(measure)" }
    let part = min(1, Double(step) / Double(total))
    let left = part > 0.01 ? ", \(Int(seconds / part - seconds + 0.5)) s left" : ""
    return "\(ProgressLine.bar(part))\(measure)\(left)"
  }
}

extension Training.Report {
  fileprivate func words(seconds: Double) -> String {
    (notes.map { "\($0.key): \($0.value)" }
      + ["'\(output)' holds \(bytes) bytes, made in \(String(format: "%.2f", seconds)) s"]).joined(separator: "\n")
  }

  fileprivate func document(seconds: Double) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("output")
      builder.string(output)
      builder.key("bytes")
      builder.int(Int64(bytes))
      builder.key("seconds")
      builder.double(seconds)
      builder.key("notes")
      builder.beginObject()
      for note in notes {
        builder.key(note.key)
        builder.string(note.value)
      }
      builder.end()
      builder.end()
    }
  }
}
