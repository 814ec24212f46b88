import ArgumentParser
import Core
import Foundation

struct NewPlugin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Begin a plugin of your own: what is written builds and passes its tests.",
    discussion: """
      Example:
        bespoke plugins new spring-greeting
        bespoke plugins new spring-greeting --language c --output plugins/spring
      """)

  /// The languages that there is a beginning for.
  enum Language: String, ExpressibleByArgument, CaseIterable {
    case swift, c, rust
  }

  @Argument(help: "Its short name: lower-case letters, digits and hyphens.")
  var name: String

  @Option(help: "The language: swift, c or rust.")
  var language = Language.swift

  @Option(help: ArgumentHelp("Folder of the SDK; else the one that came with this program.", valueName: "folder"))
  var sdk: String?

  @Option(help: ArgumentHelp("Folder to write; else one called as the plugin.", valueName: "folder"))
  var output: String?

  func run() throws {
    try reportingErrors(json: false) {
      let beginning = try Beginning(name: name, sdk: findSDK())
      let (files, steps) =
        switch language {
        case .swift: (beginning.swiftFiles, beginning.swiftSteps)
        case .c: (beginning.cFiles, beginning.cSteps)
        case .rust: (beginning.rustFiles, beginning.rustSteps)
        }
      let folder = output ?? name
      try write(files, to: folder)
      print("'\(folder)' holds \(files.count) files; next:")
      for step in ["cd \(folder)"] + steps { print("  \(step)") }
    }
  }

  private func findSDK() throws -> String {
    var candidates = sdk.map { [$0] } ?? []
    if sdk == nil {
      // Installed, the program lies in PREFIX/lib/bespoke; built in a clone, somewhere below .build.
      var folder = programFolder
      while let slash = folder.lastIndex(of: "/") {
        candidates += ["\(folder)/share/bespoke/PluginAPI", "\(folder)/Sources/PluginAPI"]
        folder = String(folder[..<slash])
      }
    }
    let header = "CPluginABI/include/bespoke/plugin.h"
    guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(header)") }) else {
      throw Diagnostic(
        "missing sdk", sdk.map { "'\($0)' does not hold '\(header)'" } ?? "no SDK came with this program",
        help:
          "name its folder with '--sdk': 'Sources/PluginAPI' of a clone, 'share/bespoke/PluginAPI' of an installation")
    }
    return URL(fileURLWithPath: found).resolvingSymlinksInPath().path
  }

  private func write(_ files: [Beginning.File], to folder: String) throws {
    let manager = FileManager.default
    let isFree = !manager.fileExists(atPath: folder) || (try? manager.contentsOfDirectory(atPath: folder)) == []
    guard isFree else {
      throw Diagnostic(
        "cannot write", "'\(folder)' exists and is not an empty folder", help: "name another folder with --output")
    }
    do {
      for file in files {
        let target = URL(fileURLWithPath: "\(folder)/\(file.path)")
        try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: target)
      }
    } catch {
      throw Diagnostic("cannot write", "'\(folder)': \(error.localizedDescription)")
    }
  }
}
