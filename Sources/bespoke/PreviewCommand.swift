import ArgumentParser
import Core
import Host

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what one profile would get; nothing is written.",
    discussion: """
      Example:
        bespoke preview manifests/demo.yaml --profile p0007
        bespoke preview manifests/demo.yaml --profile visitor --product PK-001 --explain
      """)

  @OptionGroup var manifest: ManifestArguments

  @Option(help: ArgumentHelp("Id of the profile; the first where left out.", valueName: "id"))
  var profile: String?

  @Option(help: ArgumentHelp("Show the brief about this product only.", valueName: "id"))
  var product: String?

  @Option(help: ArgumentHelp("Show this locale only.", valueName: "locale"))
  var locale: String?

  @Option(help: ArgumentHelp("Show only this slot, as it is.", valueName: "name"))
  var slot: String?

  @Option(help: ArgumentHelp("Most briefs to show.", valueName: "n"))
  var limit: Int = 1

  @Flag(help: "Say which route and stages made it, and which plugin filled each.")
  var explain = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let preview = try Preview(
        manifest.plan(), profile: profile, product: product, locale: locale, limit: max(1, limit))
      if json {
        print(preview.document.json)
      } else {
        for brief in preview.briefs { show(brief, pipeline: preview.pipeline) }
      }
      if preview.briefs.contains(where: { $0.problem != nil }) { throw ExitStatus.someFailed }
    }
  }

  private func show(_ brief: Preview.Brief, pipeline: String) {
    if let slot {
      if let found = brief.slots.first(where: { $0.name == slot }) {
        print(found.text)
      } else {
        writeError("slot '\(slot)' is empty; filled are \(brief.slots.map { "'\($0.name)'" }.joined(separator: ", "))")
      }
    } else {
      if explain {
        let product = brief.product.map { ", product '\($0)'" } ?? ""
        print("profile '\(brief.profile)'\(product), \(brief.locale): pipeline '\(pipeline)'")
        for stage in brief.stages {
          print("  stage '\(stage.id)': \(stage.plugin.map { "filled by '\($0)'" } ?? "left empty")")
        }
        for asset in brief.assets {
          print("  asset '\(asset.path)' from slot '\(asset.slot)', \(asset.content.utf8.count) bytes")
        }
      }
      for slot in brief.slots { print("--- \(slot.name)\n\(slot.text)") }
    }
    if let problem = brief.problem { writeError(problem) }
  }
}

extension Preview {
  /// The preview for machines.
  var document: Document {
    Document { builder in
      builder.beginObject()
      builder.key("pipeline")
      builder.string(pipeline)
      builder.key("briefs")
      builder.beginArray()
      for brief in briefs { brief.write(to: builder) }
      builder.end()
      builder.end()
    }
  }
}

extension Preview.Brief {
  fileprivate func write(to builder: DocumentBuilder) {
    func text(_ key: StaticString, _ text: String?) {
      guard let text else { return }
      builder.key(key)
      builder.string(text)
    }
    builder.beginObject()
    text("profile", profile)
    text("product", product)
    text("locale", locale)
    text("problem", problem)
    builder.key("stages")
    builder.beginArray()
    for stage in stages {
      builder.beginObject()
      text("id", stage.id)
      text("plugin", stage.plugin)
      builder.end()
    }
    builder.end()
    builder.key("slots")
    builder.beginObject()
    for slot in slots {
      builder.key(slot.name)
      builder.string(slot.text)
    }
    builder.end()
    builder.key("assets")
    builder.beginArray()
    for asset in assets {
      builder.beginObject()
      text("path", asset.path)
      text("slot", asset.slot)
      text("content", asset.content)
      builder.end()
    }
    builder.end()
    builder.end()
  }
}
