import ArgumentParser
import Foundation
import Host

/// Where the assets of a run go.
struct Destination: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: """
      Where to write: a folder, made where it is missing; one archive 'FILE.tar'; one file 'FILE.jsonl' with a line an asset; \
      '-' for standard output, with '--sink'. (default: out)
      """,
    completion: .file())
  var output: String?

  @Option(
    help: """
      How to write, where the name does not say it: 'folder', 'tar', 'jsonl', or 'null' to write nothing (for measuring).
      """)
  var sink: SinkName?

  enum SinkName: String, ExpressibleByArgument, CaseIterable {
    case folder, tar, jsonl, null
  }

  /// What was asked for, or what the name of the output says.
  private var sinkName: SinkName {
    if let sink { return sink }
    guard let output, !isFolder else { return .folder }
    return SinkName.allCases.first { [.tar, .jsonl].contains($0) && output.hasSuffix(".\($0.rawValue)") } ?? .folder
  }

  private var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: output ?? "out", isDirectory: &isFolder) && isFolder.boolValue
  }

  func validate() throws {
    guard let output else { return }
    if output.isEmpty { throw ValidationError("'--output' is empty, expected a folder or a file") }
    let isStream = [.tar, .jsonl].contains(sinkName)
    if output == "-", !isStream, sinkName != .null {
      throw ValidationError("'--output -' needs '--sink tar' or '--sink jsonl': a folder is no stream")
    }
    let ending = [".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".zip", ".jsonl.gz", ".jsonl.zst"].first(
      where: output.hasSuffix)
    if sink == nil, let ending, !isFolder {
      let name = ending.hasPrefix(".jsonl") ? "jsonl" : "tar"
      throw ValidationError(
        "'--output' ends in '\(ending)', and nothing is compressed here: "
          + "write '--output - --sink \(name) | gzip > ...', or '--sink folder' for a folder of that name")
    }
    if isStream, isFolder { throw ValidationError("'\(output)' is a folder, expected a file for '--sink \(sinkName)'") }
  }
}

extension Destination {
  /// The sink.
  var kind: SinkKind {
    switch sinkName {
    case .folder: .folder(output ?? "out")
    case .tar: .tar(output ?? "out.tar")
    case .jsonl: .jsonLines(output ?? "out.jsonl")
    case .null: .null
    }
  }

  /// The file or folder as reports name it; nil where there is none.
  var name: String? {
    switch kind {
    case .folder(let name), .tar(let name), .jsonLines(let name): name == "-" ? nil : name
    case .null: nil
    }
  }

  /// Whether assets go to standard output.
  var isStandardOutput: Bool { output == "-" }
}
