import ArgumentParser
import Core
import Host

struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check templates without rendering them.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what is wrong or doubtful in a manifest's templates, partials and locale files.",
      discussion: """
        Variables are compared with the fields that the manifest's profiles and products really have.

        Example:
          bespoke templates check manifests/demo.yaml
        """)

    @OptionGroup var manifest: ManifestArguments

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() throws {
      try reportingErrors(json: json) {
        let findings = try manifest.plan().checkTemplates()
        let errors = findings.count { $0.severity == .error }
        if json {
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
        if errors > 0 { throw ExitStatus.badInput }
      }
    }
  }
}
