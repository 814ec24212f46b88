public import Core
import Glibc

/// The file `provenance.jsonl` of an output folder: how each asset came to be.
public struct ProvenanceFile {
  private let path: String

  /// The file of a folder.
  public init(folder: String) { path = "\(folder)/provenance.jsonl" }

  /// The entry of an asset.
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
        if let found { return found }
      }
    }
    throw Diagnostic(
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
