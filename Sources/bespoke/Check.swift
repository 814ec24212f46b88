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
      let templates = try plan.checkInputs() + plan.checkTemplates()
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
        for warning in shownWarnings(findings) { writeError("warning: \(warning)") }
        print(words(plan, findings))
      }
      if status != .success { throw status }
    }
  }

  /// The first few that are likely slips of the pen, or that may well be why a test failed.
  ///
  /// Fields that no product has may well be ones that a template can do without.
  private func shownWarnings(_ findings: Findings) -> ArraySlice<Diagnostic> {
    let visible = ["missing column", "field map", "missing translation", "unclosed element"]
    return findings.warnings.filter {
      !findings.failures.isEmpty || visible.contains($0.kind) || $0.kind == "unknown variable" && $0.help != nil
    }.prefix(5)
  }

  private func words(_ plan: Plan, _ findings: Findings) -> String {
    let manifest = plan.manifest
    let passed = findings.tests - findings.failures.count
    var parts = [findings.tests == 0 ? "no tests" : "\(passed) of \(counted(findings.tests, "test")) passed"]
    if !findings.errors.isEmpty { parts.append("\(counted(findings.errors.count, "error")) in templates") }
    if !findings.warnings.isEmpty {
      let more = findings.warnings.count > shownWarnings(findings).count
      let hint = more ? "; 'bespoke templates check \(manifest.file)' shows all" : ""
      parts.append("\(counted(findings.warnings.count, "warning"))\(hint)")
    }
    let isRight = findings.errors.isEmpty && findings.failures.isEmpty
    let sizes = [
      (manifest.pipelines.count, "pipeline"), (manifest.routes.count, "route"), (plan.plugins.count, "plugin"),
      (manifest.assets.count, "asset"), (manifest.feeds.count, "feed"),
    ].map(counted)
    return "'\(manifest.file)' is \(isRight ? "right" : "not right"): \(sizes.joined(separator: ", ")); "
      + parts.joined(separator: "; ")
  }

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
