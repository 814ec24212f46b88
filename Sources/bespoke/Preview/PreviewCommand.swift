import ArgumentParser
import Core
import Foundation
import Host

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what one profile would get; nothing is written.",
    discussion: """
      Example:
        bespoke preview manifests/demo.yaml --profile p0007
        bespoke preview manifests/demo.yaml --profile visitor --product PK-001 --explain
        bespoke preview manifests/demo.yaml --profile p0007 --profile p0009 --open
      """)

  @OptionGroup var manifest: ManifestArguments

  @Option(
    name: .customLong("profile"),
    help: ArgumentHelp("Id of a profile; the first where left out, several stand side by side.", valueName: "id"))
  var profiles: [String] = []

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

  @Flag(help: "Show it in a page that loads itself anew on every save, on this machine only.")
  var serve = false

  @Flag(help: "The same, and open the page in the browser.")
  var open = false

  @Option(help: ArgumentHelp("Port of the page; 0 for any that is free.", valueName: "port"))
  var port: UInt16?

  func run() throws {
    try reportingErrors(json: json) {
      if serve || open { return try servePage() }
      let plan = try manifest.plan()
      let previews = try (profiles.isEmpty ? [nil] : profiles.map(Optional.init)).map {
        try Preview(plan, profile: $0, product: product, locale: locale, limit: max(1, limit))
      }
      if let slot {
        let names = previews.flatMap(\.slots)
        guard names.contains(slot) else {
          throw Diagnostic(
            "unknown slot", "no stage of pipeline '\(previews.first?.pipeline ?? "")' writes a slot '\(slot)'",
            help: nearestName(to: slot, among: names).map { "did you mean '\($0)'?" }
              ?? "slots are \(names.map { "'\($0)'" }.joined(separator: ", "))")
        }
      }
      for preview in previews {
        if json {
          print(preview.document.json)
        } else {
          for brief in preview.briefs { show(brief, of: preview) }
        }
      }
      if previews.contains(where: { $0.briefs.contains { $0.problem != nil } }) { throw ExitStatus.someFailed }
    }
  }

  private func servePage() throws {
    var options = manifest.inputs.flatMap { ["--input", $0] }
    for (name, value) in [("--product", product), ("--locale", locale)] { if let value { options += [name, value] } }
    let pages = PreviewPages(manifest: manifest.manifest, inputs: manifest.inputs, profiles: profiles, options: options)
    // A parent may have blocked the signals that end a server.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    let server = try LoopbackServer(port: port)
    print("the preview is at \(server.address) (this machine only; stop with control-c)")
    fflush(nil)
    if open { openBrowser(server.address) }
    try server.run { pages.answer($0) }
  }

  private func openBrowser(_ address: String) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard let opener = folders.map({ "\($0)/xdg-open" }).first(where: FileManager.default.isExecutableFile) else {
      return writeError("there is no 'xdg-open' here: open the address in a browser yourself")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: opener)
    process.arguments = [address]
    do { try process.run() } catch {
      writeError("'\(opener)' cannot be started: open the address in a browser yourself")
    }
  }

  private func show(_ brief: Preview.Brief, of preview: Preview) {
    if let slot {
      if let found = brief.slots.first(where: { $0.name == slot }) {
        print(found.text)
      } else {
        writeError("slot '\(slot)' is empty; filled are \(brief.slots.map { "'\($0.name)'" }.joined(separator: ", "))")
      }
    } else {
      if explain {
        let product = brief.product.map { ", product '\($0)'" } ?? ""
        print("profile '\(brief.profile)'\(product), \(brief.locale): pipeline '\(preview.pipeline)'")
        let reason = preview.condition.map { "as \($0) holds" } ?? "which takes whoever no other route took"
        print("  route \(preview.route), \(reason)")
        for stage in brief.stages {
          for entry in brief.passedOver where entry.stage == stage.id {
            print("  stage '\(stage.id)': '\(entry.plugin)' was passed over: \(entry.reason)")
          }
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
      builder.key("route")
      builder.int(Int64(route))
      if let condition {
        builder.key("condition")
        builder.string(condition)
      }
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
    builder.key("passed_over")
    builder.beginArray()
    for entry in passedOver {
      builder.beginObject()
      text("stage", entry.stage)
      text("plugin", entry.plugin)
      text("reason", entry.reason)
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
