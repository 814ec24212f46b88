/// What a plugin says of itself: what the host checks before it makes an instance.
public struct PluginInfo: Sendable {
  /// The kinds of slots.
  public enum Kind: String, Sendable {
    case text, html, url, json, xml, number, products, candidates, media
  }

  /// Something that a stage writes.
  public struct Port: Sendable {
    /// Empty for the stage's own slot; else the slot is `stage.name`.
    public var name: String
    /// The kind of the slot.
    public var kind: Kind
    /// For people.
    public var summary: String

    /// A port; without a name it is the stage's own slot.
    public init(_ kind: Kind, name: String = "", summary: String = "") {
      self.name = name
      self.kind = kind
      self.summary = summary
    }
  }

  /// Reverse DNS, such as "com.example.hello"; the last part is the short name.
  public var id: String
  /// Semantic version.
  public var version: String
  /// One line for people.
  public var summary: String
  /// JSON Schema (2020-12) of the options, as JSON text.
  public var config: String
  /// Paths of the brief that it reads: "profile.first_name", "product", "slots".
  public var reads: [String]
  /// What it writes.
  public var writes: [Port]
  /// Whether the same configuration, request and seed always give the same bytes.
  public var deterministic: Bool
  /// How many requests a call should have.
  public var preferredBatch: Int
  /// Memory an instance wants, in MiB; 0 where it is nothing to speak of.
  public var memoryMiB: Int
  /// Shared libraries it links beyond libc, libm, libstdc++ and libgcc_s: "libxml2.so.2".
  public var libraries: [String]

  /// A description; by default a deterministic plugin without options that writes one text.
  public init(
    id: String, version: String, summary: String = "",
    config: String = #"{"type":"object","additionalProperties":false}"#,
    reads: [String] = [], writes: [Port] = [Port(.text)], deterministic: Bool = true, preferredBatch: Int = 64,
    memoryMiB: Int = 0, libraries: [String] = []
  ) {
    self.id = id
    self.version = version
    self.summary = summary
    self.config = config
    self.reads = reads
    self.writes = writes
    self.deterministic = deterministic
    self.preferredBatch = preferredBatch
    self.memoryMiB = memoryMiB
    self.libraries = libraries
  }

  /// The `describe` text of the ABI.
  public var describe: String {
    let ports = writes.map { port in
      var members = [#""kind":"\#(port.kind.rawValue)""#]
      if !port.name.isEmpty { members.insert(#""name":\#(json(port.name))"#, at: 0) }
      if !port.summary.isEmpty { members.append(#""summary":\#(json(port.summary))"#) }
      return "{\(members.joined(separator: ","))}"
    }
    let needs = #"{"memory_mb":\#(memoryMiB),"libraries":[\#(libraries.map(json).joined(separator: ","))]}"#
    return """
      {"summary":\(json(summary)),"config":\(config),"reads":[\(reads.map(json).joined(separator: ","))],\
      "writes":[\(ports.joined(separator: ","))],"deterministic":\(deterministic),\
      "batch":{"preferred":\(preferredBatch)},"needs":\(needs)}
      """
  }
}

/// A JSON string.
func json(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\u{0}"..<" ":
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
