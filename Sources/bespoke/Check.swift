import ArgumentParser
import Core
import Host

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a manifest, its options and its templates, and run its tests.",
    discussion: """
      The tests that stand beside templates are run, too. Exit status: 0 all is right, 65 a template is wrong, 1 a test \
      failed, 78 the manifest is wrong.

      Example:
        bespoke check manifests/demo.yaml
      """)

  @OptionGroup var manifest: ManifestArguments

  @Flag(help: "Print the result as JSON.")
  var json = false

  /// What was found, beyond a manifest that can be read.
  private struct Findings {
    var errors: [Diagnostic]
    var warnings: [Diagnostic]
    var failures: [Diagnostic]
    var tests: Int
  }

  func run() throws {
    try reportingErrors(json: json) {
      let plan = try manifest.plan()
      try plan.checkInstances()
      let templates = try plan.checkTemplates()
      let templateTests = try plan.testTemplates()
      let outcomes = try plan.runTests()
      let findings = Findings(
        errors: templates.filter { $0.severity == .error }, warnings: templates.filter { $0.severity == .warning },
        failures: templateTests.compactMap(\.problem) + outcomes.compactMap(\.problem),
        tests: templateTests.count + outcomes.count)
      let status =
        !findings.errors.isEmpty ? ExitStatus.badInput : findings.failures.isEmpty ? .success : ExitStatus.someFailed
      if json {
        print(document(findings, status: status).json)
      } else {
        for problem in findings.errors + findings.failures { writeError("\(problem)") }
        // A warning may well be why a test failed.
        for warning in shownWarnings(findings) { writeError("\(warning)") }
        print(words(plan, findings))
      }
      if status != .success { throw status }
    }
  }

  private func shownWarnings(_ findings: Findings) -> ArraySlice<Diagnostic> {
    findings.failures.isEmpty ? [] : findings.warnings.prefix(5)
  }

  private func words(_ plan: Plan, _ findings: Findings) -> String {
    let manifest = plan.manifest
    let passed = findings.tests - findings.failures.count
    var parts = [findings.tests == 0 ? "no tests" : "\(passed) of \(counted(findings.tests, "test")) passed"]
    if !findings.errors.isEmpty { parts.append("\(counted(findings.errors.count, "error")) in templates") }
    if findings.warnings.count > shownWarnings(findings).count {
      parts.append("\(counted(findings.warnings.count, "warning")), which 'bespoke templates check' shows")
    }
    let isRight = findings.errors.isEmpty && findings.failures.isEmpty
    let sizes = [
      (manifest.pipelines.count, "pipeline"), (manifest.routes.count, "route"), (plan.plugins.count, "plugin"),
      (manifest.assets.count, "asset"), (manifest.feeds.count, "feed"),
    ].map(counted)
    return "'\(manifest.file)' is \(isRight ? "right" : "not right"): \(sizes.joined(separator: ", ")); "
      + parts.joined(separator: "; ")
  }

  /// "1 route", "2 routes".
  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private func document(_ findings: Findings, status: ExitCode) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("status")
      builder.int(Int64(status.rawValue))
      for (key, found) in [
        ("errors", findings.errors + findings.failures), ("warnings", findings.warnings),
      ] {
        builder.key(key)
        builder.beginArray()
        for diagnostic in found { builder.add(diagnostic) }
        builder.end()
      }
      builder.key("tests")
      builder.int(Int64(findings.tests))
      builder.end()
    }
  }
}
