import ArgumentParser
import Core
import Host

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a manifest, its options and its templates, without running it.",
    discussion: """
      The tests that stand beside templates are run, too.

      Example:
        bespoke check manifests/demo.yaml
      """)

  @OptionGroup var manifest: ManifestArguments

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let plan = try manifest.plan()
      try plan.checkInstances()
      let findings = try plan.checkTemplates()
      let tests = try plan.testTemplates()
      let errors = findings.filter { $0.severity == .error } + tests.compactMap(\.problem)
      let warnings = findings.filter { $0.severity == .warning }
      let status = errors.isEmpty ? ExitCode.success : ExitStatus.badInput
      if json {
        print(document(status: status, errors: errors, warnings: warnings).json)
      } else {
        for error in errors { writeError("\(error)") }
        print(words(plan, errors: errors.count, warnings: warnings.count, tests: tests.count))
      }
      if status != .success { throw status }
    }
  }

  private func words(_ plan: Plan, errors: Int, warnings: Int, tests: Int) -> String {
    let manifest = plan.manifest
    let doubts = warnings == 0 ? "" : "; \(warnings) warnings, which 'bespoke templates check' shows"
    if errors > 0 { return "'\(manifest.file)' has \(errors) errors in its templates or their tests\(doubts)" }
    return "'\(manifest.file)' is right: \(manifest.pipelines.count) pipelines, \(manifest.routes.count) routes, "
      + "\(plan.plugins.count) plugins, \(manifest.assets.count) assets, \(manifest.feeds.count) feeds, "
      + "\(tests) template tests\(doubts)"
  }

  private func document(status: ExitCode, errors: [Diagnostic], warnings: [Diagnostic]) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("status")
      builder.int(Int64(status.rawValue))
      for (key, found) in [("errors", errors), ("warnings", warnings)] {
        builder.key(key)
        builder.beginArray()
        for diagnostic in found { builder.add(diagnostic) }
        builder.end()
      }
      builder.end()
    }
  }
}
