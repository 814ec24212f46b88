import ArgumentParser

struct Publish: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring what was generated to where people read it.", subcommands: [PublishWordPress.self])
}
