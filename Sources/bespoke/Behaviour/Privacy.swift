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
    abstract: "List which plugin of a manifest reads which field of a profile, by what each declares.",
    discussion: """
      A plugin that reads 'profile' reads all of it. Routes and asset paths are the manifest's own and stand apart.

      Example:
        bespoke privacy audit manifests/demo.yaml
      """)

  @OptionGroup var manifest: ManifestArguments

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let plugins = try manifest.plan().plugins.sorted { $0.key < $1.key }.map { name, plugin in
        (name: name, fields: Self.personalFields(plugin.description.reads))
      }
      if json {
        print(document(plugins).json)
      } else {
        for (name, fields) in plugins {
          print("\(name.padded(24))\(fields.isEmpty ? "nothing personal" : fields.joined(separator: ", "))")
        }
      }
    }
  }

  /// The paths that are about a person; "profile" alone is all of them.
  static func personalFields(_ reads: [String]) -> [String] {
    let fields = reads.filter { $0 == "profile" || $0.hasPrefix("profile.") }
    return fields.contains("profile") ? ["profile (all of it)"] : fields.map { String($0.dropFirst(8)) }
  }

  private func document(_ plugins: [(name: String, fields: [String])]) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("plugins")
      builder.beginArray()
      for (name, fields) in plugins {
        builder.beginObject()
        builder.key("plugin")
        builder.string(name)
        builder.key("fields")
        builder.beginArray()
        for field in fields { builder.string(field) }
        builder.end()
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}
