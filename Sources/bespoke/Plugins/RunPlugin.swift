import ArgumentParser
import Core
import Host

struct RunPlugin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Put one brief through a plugin and show what it writes.",
    discussion: """
      Exit status: 0 written or skipped, 1 the plugin failed on the brief.

      Example:
        bespoke plugins run ./libHello.so --brief brief.json --config options.json
      """)

  @OptionGroup var trial: TrialOptions

  @Option(help: ArgumentHelp("The brief, as JSON.", valueName: "file"))
  var brief: String

  @Option(help: "Seed of the request.")
  var seed: UInt64 = 0

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let result = try PluginTrial(openPlugin(trial.plugin), input: trial.input(brief: brief), seed: seed)
      if json {
        print(Document { result.write(to: $0) }.json)
      } else {
        for slot in result.slots {
          let name = slot.port.isEmpty ? "the stage's slot" : "'\(slot.port)'"
          print("--- \(name) (\(slot.kind.rawValue))\(slot.content == nil ? ": nothing" : "")")
          if let content = slot.content { print(content) }
        }
        writeError("\(result.status)\(result.message.map { ": \($0)" } ?? "") in \(result.nanoseconds / 1000) us")
      }
      if !result.isWritten, result.status != "skip" { throw ExitStatus.someFailed }
    }
  }
}

extension PluginTrial {
  fileprivate func write(to builder: DocumentBuilder) {
    builder.beginObject()
    builder.key("status")
    builder.string(status)
    if let message {
      builder.key("message")
      builder.string(message)
    }
    builder.key("slots")
    builder.beginObject()
    for slot in slots {
      guard let content = slot.content else { continue }
      builder.key(slot.port)
      builder.string(content)
    }
    builder.end()
    builder.key("nanoseconds")
    builder.int(Int64(nanoseconds))
    builder.end()
  }
}
