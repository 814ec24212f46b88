import ArgumentParser
import Core
import Host

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with a manifest, its options and its templates, without running it.",
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
      if json {
        print(#"{"status":0,"errors":[]}"#)
      } else {
        let manifest = plan.manifest
        print(
          "'\(manifest.file)' is right: \(manifest.pipelines.count) pipelines, \(manifest.routes.count) routes, "
            + "\(plan.plugins.count) plugins, \(manifest.assets.count) assets, \(manifest.feeds.count) feeds")
      }
    }
  }
}
