import ArgumentParser
import Core
import Glibc
import Host

struct RenderTemplate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Render one template with the data of a profile and a product; nothing is written.",
    discussion: """
      The template need not be in the manifest: a new file is rendered as it is. With '--watch' it is rendered again \
      whenever a template, partial or locale file changes. What was missing is said on standard error.

      Example:
        bespoke templates render Templates/subject.liquid --profile p0007 --product PK-001
        bespoke templates render subject --manifest manifests/demo.yaml --locale de-DE --watch
      """)

  @Argument(
    help: "The template: a path, or its name in the manifest's folders.", completion: .file(extensions: ["liquid"]))
  var file: String

  @Option(help: ArgumentHelp("The manifest; the only one here or in 'manifests' where left out.", valueName: "file"))
  var manifest: String?

  @Option(help: ArgumentHelp("Id of the profile; the first where left out.", valueName: "id"))
  var profile: String?

  @Option(help: ArgumentHelp("Id of the product; none where left out.", valueName: "id"))
  var product: String?

  @Option(help: ArgumentHelp("The locale; the profile's own where left out.", valueName: "locale"))
  var locale: String?

  @Option(
    name: .customLong("slot"),
    help: ArgumentHelp("A text that stands in for what another stage writes.", valueName: "name=text"))
  var slots: [String] = []

  @Flag(help: "Render again whenever a file changes, until interrupted.")
  var watch = false

  @Flag(help: "Print text and missing values as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let plan = try Plan(
        Manifest(path: manifest ?? Self.onlyManifest()), registry: PluginRegistry(folder: programFolder))
      let preview = try TemplatePreview(
        plan, file: file, profile: profile, product: product, locale: locale, slots: slots.map(Self.slot))
      guard watch else { return show(try preview.render()) }
      while true {
        do { show(try preview.render()) } catch { writeError("\(error)") }
        fflush(nil)
        while !preview.isStale { usleep(150_000) }
        if isatty(STDOUT_FILENO) == 1 { print("\u{1B}[2J\u{1B}[H", terminator: "") } else { print("---") }
      }
    }
  }

  private func show(_ output: TemplatePreview.Output) {
    if json { return print(output.document.json) }
    print(output.text)
    for gap in output.gaps {
      writeError(
        "missing: '\(gap.variable)' in '\(gap.template)' \(gap.fellBack ? "fell back to its default" : "was empty")")
    }
  }

  private static func slot(_ option: String) throws -> (name: String, text: String) {
    let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw ValidationError("'--slot' must be 'NAME=TEXT', got '\(option)'") }
    return (parts[0], parts[1])
  }

  /// The manifest where there is but one.
  private static func onlyManifest() throws -> String {
    let found = ["", "manifests/"].flatMap { folder in
      entries(of: folder.isEmpty ? "." : folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map {
        folder + $0
      }
    }
    guard let first = found.first, found.count == 1 else {
      let listed = found.isEmpty ? "there is none here" : "there are \(found.map { "'\($0)'" }.joined(separator: ", "))"
      throw ValidationError("say which manifest with '--manifest': \(listed)")
    }
    return first
  }

  private static func entries(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.sorted()
  }
}

extension TemplatePreview.Output {
  fileprivate var document: Document {
    Document { builder in
      builder.beginObject()
      builder.key("text")
      builder.string(text)
      builder.key("gaps")
      builder.beginArray()
      for gap in gaps {
        builder.beginObject()
        for (key, text) in [
          ("template", gap.template), ("variable", gap.variable), ("outcome", gap.fellBack ? "default" : "empty"),
        ] {
          builder.key(key)
          builder.string(text)
        }
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}
