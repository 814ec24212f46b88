import ArgumentParser

struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check templates, run the tests that stand beside them, and render one while it is written.",
    subcommands: [CheckTemplates.self, TestTemplates.self, RenderTemplate.self])
}
