public import Core

/// Reads options for a plugin's tool, such as training, from a file and from `name=value` pairs.
public enum OptionsReader {
  /// The options as one object that fits the schema.
  ///
  /// - Parameters:
  ///   - file: YAML or JSON; nil for none.
  ///   - pairs: `name=value`, the value in YAML; a later one wins, and all win over the file.
  ///   - owner: whose options they are, for messages.
  /// - Throws: `Diagnostic` that names the place in the file, or the pair.
  public static func read(
    file: String?, pairs: [String], schema: ConfigSchema, owner: String
  ) throws(Diagnostic) -> Document {
    var members: [ConfigNode.Member] = []
    var reader: YAMLReader?
    if let file {
      let text = try readText(file)
      let yaml = YAMLReader(file: file, text: text)
      let root = try yaml.read(text)
      guard case .object(let found) = root.content else {
        throw Diagnostic(
          "invalid options", "options must be an object, got \(root.typeName)", at: root.location,
          excerpt: yaml.excerpt(root.location))
      }
      members = found
      reader = yaml
    }
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Diagnostic("invalid options", "an option is given as 'name=value', got '\(pair)'")
      }
      let value = try YAMLReader(file: "--set \(parts[0])", text: parts[1]).read(parts[1])
      members.removeAll { $0.key == parts[0] }
      members.append(.init(key: parts[0], keyLocation: value.location, value: value))
    }
    let root = ConfigNode(.object(members), at: SourceLocation(file: file ?? "--set"))
    let options = root.document
    guard let fault = schema.faults(of: options.root).first else { return options }
    let place = file == nil ? nil : root.node(at: fault.path).location
    throw Diagnostic(
      "invalid options", "'\(owner)': \(fault.words)", at: place, excerpt: reader?.excerpt(place), help: fault.help)
  }
}

extension ConfigSchema.Fault {
  /// "option 'order' must be in 1...6, got 9".
  var words: String { path.isEmpty ? "they \(detail)" : "option '\(path.joined(separator: "."))' \(detail)" }
}
