import ArgumentParser
import Core
import Host

struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check templates, and run the tests that stand beside them.", subcommands: [Check.self, Test.self])

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

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the tests that stand beside a manifest's templates, the files NAME.test.json.",
      discussion: """
        Example:
          bespoke templates test manifests/demo.yaml
        """)

    @OptionGroup var manifest: ManifestArguments

    @Flag(help: "Print the results as JSON.")
    var json = false

    func run() throws {
      try reportingErrors(json: json) {
        let tests = try manifest.plan().testTemplates()
        let failed = tests.count { $0.problem != nil }
        if json {
          print(
            Document { builder in
              builder.beginArray()
              for test in tests { test.write(to: builder) }
              builder.end()
            }.json)
        } else {
          for case let problem? in tests.map(\.problem) { print(problem) }
          print("\(tests.count - failed) passed, \(failed) failed")
        }
        if failed > 0 { throw ExitStatus.someFailed }
      }
    }
  }
}

extension Plan.TemplateTest {
  fileprivate func write(to builder: DocumentBuilder) {
    builder.beginObject()
    for (key, text) in [("file", file), ("name", name)] {
      builder.key(key)
      builder.string(text)
    }
    builder.key("passed")
    builder.bool(problem == nil)
    if let problem {
      builder.key("problem")
      builder.add(problem)
    }
    builder.end()
  }
}
