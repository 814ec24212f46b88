public import Core
import Glibc

/// The file `provenance.jsonl` of an output folder: how each asset came to be.
public struct ProvenanceFile {
  private let path: String
  private let stepsPath: String

  /// The file of a folder.
  public init(folder: String) {
    path = "\(folder)/provenance.jsonl"
    stepsPath = "\(folder)/provenance-steps.json"
  }

  /// The line of a file that no stage made: its path, and one member more.
  static func line(_ path: String, _ key: String, _ json: String) -> [UInt8] {
    var line: [UInt8] = []
    line.append("{\"path\":", string: path)
    line.append(",\"\(key)\":\(json)}\n")
    return line
  }

  /// Writes what its lines refer to.
  func writeSteps(_ bytes: [UInt8]) throws(Diagnostic) {
    let file = try LogFile(path: stepsPath)
    try file.append(bytes)
    try file.finish()
  }

  /// The entry of an asset, with what its stages refer to in its place.
  ///
  /// - Parameter asset: its path below the folder.
  /// - Throws: `Diagnostic` of kind "missing file" where the folder has no provenance, and "unknown asset".
  public func entry(of asset: String) throws -> Document {
    guard access(path, R_OK) == 0 else {
      throw Diagnostic(
        "missing file", "'\(path)' does not exist",
        help: "name the folder that 'bespoke generate' wrote with '--output'")
    }
    let reader = try RowReader(path: path)
    var wanted: [UInt8] = Array(#"{"path":"#.utf8)
    var name = asset
    name.withUTF8 { wanted.appendJSONString($0) }
    var similar = SimilarPath(to: asset)
    var chunk = RowChunk()
    while try reader.next(into: &chunk) {
      for row in chunk.rows {
        let found: Document? = try chunk.withBytes(of: row) { line in
          if line.starts(with: wanted) { return try Document(json: String(decoding: line, as: UTF8.self)) }
          similar.look(at: line)
          return nil
        }
        if let found { return found.root["stages"].exists ? try resolved(found) : found }
      }
    }
    throw unknown(asset, similar)
  }

  /// The entry with the members of each step that it refers to.
  private func resolved(_ entry: Document) throws -> Document {
    let steps = try Document(json: String(decoding: try readBytes(stepsPath), as: UTF8.self))
    return withExtendedLifetime((entry, steps)) {
      Document { builder in
        builder.beginObject()
        for (key, value) in members(of: entry.root) where key != "stages" {
          builder.key(key)
          builder.copy(value)
        }
        builder.key("stages")
        builder.beginArray()
        for stage in entry.root["stages"].elements {
          let known = Set(members(of: stage).map(\.key))
          builder.beginObject()
          let added = members(of: steps.root[stage["step"].string ?? ""]).filter { !known.contains($0.key) }
          for (key, value) in members(of: stage) + added where key != "step" {
            builder.key(key)
            builder.copy(value)
          }
          builder.end()
        }
        builder.end()
        builder.end()
      }
    }
  }

  private func members(of object: Value) -> [(key: String, value: Value)] {
    (0..<object.count).map { (String(decoding: object.key(at: $0), as: UTF8.self), object[$0]) }
  }

  private func unknown(_ asset: String, _ similar: SimilarPath) -> Diagnostic {
    Diagnostic(
      "unknown asset", "'\(path)' has no entry for '\(asset)'",
      help: similar.best.map { "did you mean '\($0)'?" } ?? "an asset is named by its path below the folder")
  }
}

/// The path that is most like one that does not exist: the first with the same end, else the nearest of the first many.
private struct SimilarPath {
  private let wanted: String
  private let end: [UInt8]
  private var withSameEnd: String?
  private var paths: [String] = []
  private static let most = 20_000

  init(to wanted: String) {
    self.wanted = wanted
    end = Array(wanted.split(separator: "/").last.map { "/\($0)\"," }?.utf8 ?? "\",".utf8)
  }

  var best: String? { withSameEnd ?? nearestName(to: wanted, among: paths) }

  mutating func look(at line: UnsafeBufferPointer<UInt8>) {
    guard withSameEnd == nil else { return }
    // `{"path":"` comes first, and the path ends at the next quotation mark that no backslash precedes.
    let text = line.dropFirst(9)
    guard let close = text.firstIndex(of: UInt8(ascii: "\"")), close + 1 < line.endIndex else { return }
    let path = String(decoding: text[..<close], as: UTF8.self)
    if text[...(close + 1)].suffix(end.count).elementsEqual(end)
      || path == wanted.split(separator: "/").last.map(String.init)
    {
      withSameEnd = path
    } else if paths.count < Self.most {
      paths.append(path)
    }
  }
}
