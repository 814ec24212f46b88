import ArgumentParser
import Core
import Host

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a manifest, its options and its templates, and run its tests.",
    discussion: """
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
      let outcomes = try plan.runTests()
      let problems = outcomes.compactMap(\.problem)
      if json {
        print(document(problems, tests: outcomes.count).json)
      } else if !problems.isEmpty {
        for problem in problems { writeError("\(problem)") }
        writeError("\(outcomes.count - problems.count) tests passed, \(problems.count) failed")
      } else {
        let manifest = plan.manifest
        let tests = outcomes.isEmpty ? "" : ", \(outcomes.count) tests passed"
        print(
          "'\(manifest.file)' is right: \(manifest.pipelines.count) pipelines, \(manifest.routes.count) routes, "
            + "\(plan.plugins.count) plugins, \(manifest.assets.count) assets, \(manifest.feeds.count) feeds\(tests)")
      }
      if !problems.isEmpty { throw ExitStatus.someFailed }
    }
  }

  private func document(_ problems: [Diagnostic], tests: Int) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("status")
      builder.int(problems.isEmpty ? 0 : 1)
      builder.key("errors")
      builder.beginArray()
      for problem in problems { builder.add(problem) }
      builder.end()
      builder.key("tests")
      builder.int(Int64(tests))
      builder.end()
    }
  }
}
