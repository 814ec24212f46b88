public import Core

/// What a plugin says of itself, read from its `describe` text.
public final class PluginDescription: Sendable {
  /// Something that a stage of this plugin writes.
  public struct Port: Sendable, Equatable {
    /// Empty for the stage's own slot; else the slot is `stage.name`.
    public let name: String
    /// The kind of the slot.
    public let kind: SlotKind
    /// For people; may be empty.
    public let summary: String
  }

  /// The whole text, parsed.
  public let document: Document
  /// One line for people; may be empty.
  public let summary: String
  /// What the options must look like.
  public let schema: ConfigSchema
  /// Paths of the brief that it reads.
  public let reads: [String]
  /// What it writes.
  public let writes: [Port]
  /// Whether the same request and seed always give the same bytes.
  public let isDeterministic: Bool
  /// How many requests a call should have.
  public let preferredBatch: Int

  /// Reads a `describe` text.
  ///
  /// - Throws: `Diagnostic` of kind "invalid plugin" that says what is wrong with it.
  init(json: String, file: String) throws(Diagnostic) {
    func invalid(_ detail: String) -> Diagnostic { Diagnostic("invalid plugin", "'\(file)': describe \(detail)") }
    do throws(JSONError) {
      document = try Document(json: json)
    } catch {
      throw invalid("is not JSON: \(error)")
    }
    let root = document.root
    guard root.kind == .object else { throw invalid("must be an object, got \(root.kind)") }
    summary = root["summary"].string ?? ""
    guard root["config"].kind == .object else { throw invalid("lacks 'config', a JSON Schema object") }
    schema = ConfigSchema(document, root["config"])
    reads = root["reads"].elements.compactMap(\.string)
    var ports: [Port] = []
    for port in root["writes"].elements {
      guard let name = port["kind"].string, let kind = SlotKind(rawValue: name) else {
        throw invalid("has a port whose kind is not one of \(SlotKind.allNames)")
      }
      ports.append(Port(name: port["name"].string ?? "", kind: kind, summary: port["summary"].string ?? ""))
    }
    guard !ports.isEmpty else { throw invalid("lists nothing under 'writes'") }
    writes = ports
    isDeterministic = root["deterministic"].bool ?? true
    preferredBatch = Int(max(1, min(4096, root["batch"]["preferred"].int ?? 64)))
  }

  /// Whether it reads this key of the brief, wholly or in part.
  func reads(_ key: String) -> Bool {
    reads.contains { $0 == key || $0.hasPrefix("\(key).") }
  }
}

/// The kinds of slots.
public enum SlotKind: String, Sendable, CaseIterable {
  case text, html, url, json, xml, number, products, candidates, media

  static var allNames: String { allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") }

  /// Whether its content is a text rather than a structure.
  var isText: Bool { self == .text || self == .html || self == .url || self == .xml }
}

extension Value {
  /// The elements of an array, or the member values of an object.
  public var elements: [Value] { (0..<count).map { self[$0] } }
}
