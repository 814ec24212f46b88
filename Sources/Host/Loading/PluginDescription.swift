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
    func invalid(_ detail: String, help: String? = nil) -> Diagnostic {
      Diagnostic("invalid plugin", "'\(file)': describe \(detail)", help: help)
    }
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
    func expect(_ value: Value, _ kind: Value.Kind, _ name: String) throws(Diagnostic) {
      guard value.kind == .missing || value.kind == kind else {
        throw invalid("has '\(name)' of type \(value.kind), expected \(kind)")
      }
    }
    try expect(root["reads"], .array, "reads")
    try expect(root["writes"], .array, "writes")
    try expect(root["deterministic"], .boolean, "deterministic")
    try expect(root["batch"], .object, "batch")
    try expect(root["batch"]["preferred"], .integer, "batch.preferred")
    try expect(root["needs"], .object, "needs")
    try expect(root["needs"]["libraries"], .array, "needs.libraries")
    for (index, path) in root["reads"].elements.enumerated() { try expect(path, .string, "reads[\(index)]") }
    reads = root["reads"].elements.compactMap(\.string)
    var ports: [Port] = []
    for (index, port) in root["writes"].elements.enumerated() {
      try expect(port, .object, "writes[\(index)]")
      try expect(port["name"], .string, "writes[\(index)].name")
      let name = port["name"].string ?? ""
      guard let written = port["kind"].string, let kind = SlotKind(rawValue: written) else {
        let found = port["kind"].exists ? "has \(port["kind"].json) as its kind" : "has no kind"
        let nearest = port["kind"].string.flatMap { nearestName(to: $0, among: SlotKind.allCases.map(\.rawValue)) }
        throw invalid(
          "lists a port '\(name)' that \(found), expected one of \(SlotKind.allNames)",
          help: nearest.map { "did you mean '\($0)'?" })
      }
      if ports.contains(where: { $0.name == name }) {
        throw invalid("lists the port '\(name)' twice under 'writes'", help: "give each port a name of its own")
      }
      ports.append(Port(name: name, kind: kind, summary: port["summary"].string ?? ""))
    }
    guard !ports.isEmpty else { throw invalid("lists nothing under 'writes'") }
    writes = ports
    isDeterministic = root["deterministic"].bool ?? true
    let preferred = root["batch"]["preferred"].int ?? 64
    guard 1...4096 ~= preferred else { throw invalid("has 'batch.preferred' \(preferred), expected 1...4096") }
    preferredBatch = Int(preferred)
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

  /// Whether its content is built value by value.
  var isStructured: Bool { !isText && self != .media }

  /// The calls of the sink that it is written with.
  var calls: String { isText ? "'write' and 'append'" : self == .media ? "'bytes'" : "'open'" }
}

extension Value {
  /// The elements of an array, or the member values of an object.
  public var elements: [Value] { (0..<count).map { self[$0] } }
}
