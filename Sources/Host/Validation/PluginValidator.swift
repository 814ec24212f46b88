public import Core
import Glibc

/// Runs the checks of the plugin contract, each in a process of its own, so that no plugin can harm the others.
public struct PluginValidator: Sendable {
  /// How a check came out.
  public struct Result: Sendable {
    /// The three ways.
    public enum Outcome: String, Sendable {
      case passed, failed, skipped
    }

    /// The check.
    public let check: String
    /// How it came out.
    public let outcome: Outcome
    /// What was found.
    public let detail: String
    /// How to mend it.
    public let help: String?
  }

  /// Names of all checks, in their order.
  public static let checks = Check.all.map(\.name)

  private let file: String
  private let input: TrialInput
  private let seed: UInt64
  private let program: String
  private let timeoutSeconds: Double

  /// - Parameters:
  ///   - program: the command, whose hidden `plugins run-check` runs a check.
  ///   - timeoutSeconds: what a check may take.
  /// - Throws: `Diagnostic` of kind "plugin not found" where there is no file.
  public init(
    file: String, input: TrialInput, seed: UInt64, program: String, timeoutSeconds: Double = 30
  ) throws(Diagnostic) {
    guard access(file, F_OK) == 0 else { throw Diagnostic("plugin not found", "there is no file '\(file)'") }
    self.file = file
    self.input = input
    self.seed = seed
    self.program = program
    self.timeoutSeconds = timeoutSeconds
  }

  /// Runs all checks, or the one of a name, and hands on each result as it comes.
  ///
  /// - Throws: `Diagnostic` where there is no such check, or no process can be made.
  public func run(only name: String? = nil, report: (Result) -> Void = { _ in }) throws(Diagnostic) -> [Result] {
    if let name, !Self.checks.contains(name) {
      throw Diagnostic(
        "unknown check", "'\(name)' is not a check",
        help: nearestName(to: name, among: Self.checks).map { "did you mean '\($0)'?" }
          ?? "checks are \(quoted(Self.checks))")
    }
    var results: [Result] = []
    var stopped: String?
    for check in Check.all where name == nil || check.name == name {
      let result: Result
      if let stopped, check.needsInstance || stopped == "loads" {
        result = Result(
          check: check.name, outcome: .skipped, detail: "as '\(stopped)' failed", help: nil)
      } else {
        result = try run(check)
      }
      if result.outcome == .failed, check.name == "loads" || check.name == "create" { stopped = stopped ?? check.name }
      report(result)
      results.append(result)
    }
    return results
  }

  private func run(_ check: Check) throws(Diagnostic) -> Result {
    var result = try runOnce(check)
    for _ in 1..<check.attempts where result.outcome == .failed { result = try runOnce(check) }
    guard check.isRepeated, result.outcome == .passed else { return result }
    let again = try runOnce(check)
    guard again.outcome == .passed, again.detail != result.detail else { return again }
    return Result(
      check: check.name, outcome: .failed, detail: "another process wrote other bytes for the same requests and seeds",
      help: "take chance from the request's seed alone; hash tables and addresses differ between processes")
  }

  private func runOnce(_ check: Check) throws(Diagnostic) -> Result {
    var arguments = ["plugins", "run-check", file, check.name, "--seed", "\(seed)", "--resources", input.resources]
    arguments += ["--timeout", "\(timeoutSeconds)"]
    if let config = input.config { arguments += ["--config", config] }
    if let brief = input.brief { arguments += ["--brief", brief] }
    let child = try ChildProcess(program: program, arguments: arguments)
    let end = child.wait(seconds: timeoutSeconds)
    if let report = child.report, let result = Result(check: check.name, line: report) { return result }
    let last = child.note.map { " \($0)" } ?? ""
    let detail =
      switch end {
      case .exited(let status): "the plugin ended the process with status \(status)\(last)"
      case .signalled(let signal): "crashed\(last): \(String(cString: strsignal(signal)).lowercased())"
      case .timedOut: "did not end within \(Int(timeoutSeconds)) s\(last)"
      }
    let words = child.lastWords
    var help: String?
    if case .timedOut = end { help = "where the plugin is slow by nature, give each check more time with --timeout" }
    return Result(
      check: check.name, outcome: .failed, detail: words.isEmpty ? detail : "\(detail); it said '\(words)'", help: help)
  }
}

/// The far side: one check, in this process.
public enum CheckProcess {
  /// Runs a check, writes what came of it to descriptor 3, and ends the process.
  public static func run(_ name: String, file: String, input: TrialInput, seed: UInt64, seconds: Double) -> Never {
    guard let check = Check.all.first(where: { $0.name == name }) else { _exit(64) }
    let context = CheckContext(file: file, input: input, seed: seed, seconds: seconds) { ChildProcess.send("note", $0) }
    do {
      let detail = try check.run(context)
      ChildProcess.send("passed", detail)
    } catch let fault as Check.Fault {
      ChildProcess.send("failed", fault.detail, fault.help)
    } catch let skip as Check.Skip {
      ChildProcess.send("skipped", skip.detail)
    } catch let diagnostic as Diagnostic {
      let place = diagnostic.location.map { " (in \($0))" } ?? ""
      ChildProcess.send("failed", "\(diagnostic.kind): \(diagnostic.detail)\(place)", diagnostic.help)
    } catch {
      ChildProcess.send("failed", "\(error)")
    }
    // Nothing of the plugin runs any more: neither its exit handlers nor its destructors.
    _exit(0)
  }
}

extension PluginValidator.Result {
  /// A line that `ChildProcess.send` made.
  fileprivate init?(check: String, line: String) {
    let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let outcome = Outcome(rawValue: parts[0]) else { return nil }
    self.init(check: check, outcome: outcome, detail: parts[1], help: parts[2].isEmpty ? nil : parts[2])
  }
}
