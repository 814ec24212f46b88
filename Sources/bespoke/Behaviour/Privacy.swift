import ArgumentParser
import Core
import Host

struct Privacy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say who sees what of a person.", subcommands: [AuditPrivacy.self])
}

struct AuditPrivacy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "List which part of a manifest reads which field of a profile.",
    discussion: """
      Plugins by what they declare, those that render templates by what their templates read. '*' is all of a profile.

      Example:
        bespoke privacy audit manifests/demo.yaml
      """)

  @OptionGroup var manifest: ManifestArguments

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let reads = try manifest.plan().personalReads()
      if json {
        print(document(reads).json)
      } else {
        for read in reads {
          print(
            "\(read.reader.padded(24))\(read.fields.isEmpty ? "nothing personal" : read.fields.joined(separator: ", "))"
          )
        }
      }
    }
  }

  private func document(_ reads: [PersonalReads]) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("readers")
      builder.beginArray()
      for read in reads {
        builder.beginObject()
        builder.key("reader")
        builder.string(read.reader)
        builder.key("fields")
        builder.beginArray()
        for field in read.fields { builder.string(field) }
        builder.end()
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}
