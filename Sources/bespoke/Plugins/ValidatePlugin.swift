import ArgumentParser
import Core
import Host

struct ValidatePlugin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check that a plugin keeps the contract, each check in a process of its own.",
    discussion: """
      Checks: \(PluginValidator.checks.joined(separator: ", ")).
      Exit status: 0 all passed, 1 some failed. The seed decides the briefs that are made up.

      Example:
        bespoke plugins validate ./libHello.so
        bespoke plugins validate ./libHello.so --check odd-values --seed 7
      """)

  @OptionGroup var trial: TrialOptions

  @Option(help: ArgumentHelp("A brief that the plugin can use, as JSON; else one is made up.", valueName: "file"))
  var brief: String?

  @Option(help: "Seed of what is made up; else a new one.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("How long a check may take.", valueName: "seconds"))
  var timeout = 30.0

  @Option(help: ArgumentHelp("Run this check alone.", valueName: "name"))
  var check: String?

  @Flag(help: "Print the results as JSON.")
  var json = false

  func validate() throws {
    guard timeout.isFinite, timeout > 0 else { throw ValidationError("'--timeout' must be above 0, got \(timeout)") }
  }

  func run() throws {
    try reportingErrors(json: json) {
      let seed = seed ?? UInt64.random(in: 0..<1 << 53)
      let file = try pluginFile(trial.plugin)
      let validator = try PluginValidator(
        file: file, input: trial.input(brief: brief), seed: seed, program: "/proc/self/exe",
        timeoutSeconds: timeout)
      if !json { print("'\(file)', seed \(seed)") }
      let results = try validator.run(only: check) { result in
        if !json { print(result.words) }
      }
      let failed = results.count { $0.outcome == .failed }
      if json {
        print(Document { write(results, file: file, seed: seed, to: $0) }.json)
      } else {
        let passed = results.count { $0.outcome == .passed }
        print("\(passed) passed, \(failed) failed, \(results.count - passed - failed) skipped")
      }
      if failed > 0 { throw ExitStatus.someFailed }
    }
  }

  private func write(_ results: [PluginValidator.Result], file: String, seed: UInt64, to builder: DocumentBuilder) {
    builder.beginObject()
    builder.key("file")
    builder.string(file)
    builder.key("seed")
    builder.int(Int64(seed & UInt64(Int64.max)))
    builder.key("checks")
    builder.beginArray()
    for result in results {
      builder.beginObject()
      let members = [
        ("check", result.check), ("outcome", result.outcome.rawValue), ("detail", result.detail),
        ("help", result.help),
      ]
      for case (let key, let value?) in members {
        builder.key(key)
        builder.string(value)
      }
      builder.end()
    }
    builder.end()
    builder.end()
  }
}

/// The far side of `validate`; by hand it helps with a debugger.
struct RunCheck: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run-check", shouldDisplay: false)

  @OptionGroup var trial: TrialOptions
  @Argument var check: String
  @Option var brief: String?
  @Option var seed: UInt64 = 0
  @Option var timeout = 30.0

  func run() {
    CheckProcess.run(check, file: trial.plugin, input: trial.input(brief: brief), seed: seed, seconds: timeout)
  }
}

extension PluginValidator.Result {
  fileprivate var words: String {
    let mark =
      switch outcome {
      case .passed: "ok    "
      case .failed: "FAILED"
      case .skipped: "skip  "
      }
    let line = "\(mark)  \(check.padded(to: 12))  \(detail)"
    return help.map { "\(line)\n                      help: \($0)" } ?? line
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
