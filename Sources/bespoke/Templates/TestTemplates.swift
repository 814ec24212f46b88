import ArgumentParser
import Core
import Host

struct TestTemplates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand beside a manifest's templates, the files NAME.test.json.",
    discussion: """
      'bespoke check' runs them, too.

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
