import ArgumentParser
import Core
import Host

struct CheckTemplates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong or doubtful in a manifest's templates, partials and locale files.",
    discussion: """
      Variables are compared with the fields that the manifest's profiles and products really have.

      Example:
        bespoke templates check manifests/demo.yaml
        bespoke templates check manifests/demo.yaml --sarif > templates.sarif
      """)

  @OptionGroup var manifest: ManifestArguments

  @Flag(help: "Print the findings as JSON.")
  var json = false

  @Flag(help: "Print the findings as SARIF 2.1.0, for code review tools.")
  var sarif = false

  @Flag(help: "Warnings, too, make the exit status 65.")
  var strict = false

  func validate() throws {
    if json, sarif { throw ValidationError("'--json' and '--sarif' exclude each other") }
  }

  func run() throws {
    try reportingErrors(json: json || sarif) {
      let plan = try manifest.plan()
      let findings = try plan.checkTemplates()
      let errors = findings.count { $0.severity == .error }
      if sarif {
        print(SARIF.document(of: findings) { plan.templateFile($0) ?? $0 }.json)
      } else if json {
        print(
          Document { builder in
            builder.beginArray()
            for finding in findings { builder.add(finding) }
            builder.end()
          }.json)
      } else {
        for finding in findings { print(finding.severity == .warning ? "warning: \(finding)" : "\(finding)") }
        print("\(errors) errors, \(findings.count - errors) warnings")
      }
      if errors > 0 || (strict && !findings.isEmpty) { throw ExitStatus.badInput }
    }
  }
}
