import ArgumentParser
import Host

/// What `run`, `bench` and `validate` take alike.
struct TrialOptions: ParsableArguments {
  @Argument(help: "A plugin's name, or the path of a shared object.")
  var plugin: String

  @Option(help: ArgumentHelp("Options of the stage, as JSON.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("Folder in which the plugin finds its templates and models.", valueName: "folder"))
  var resources = "."

  func input(brief: String?) -> TrialInput { TrialInput(config: config, brief: brief, resources: resources) }
}
