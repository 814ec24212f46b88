import CPluginABI
package import Core

/// A YAML file that is no manifest, as a document whose values know their places.
package struct YAMLFile {
  /// What stands in the file.
  package let document: Document
  private let locations: [UInt32: SourceLocation]
  private let reader: YAMLReader

  /// - Throws: `Diagnostic` of kind "missing file", "unreadable file" or "invalid yaml".
  package init(path: String) throws(Diagnostic) {
    let text = try readText(path)
    reader = YAMLReader(file: path, text: text)
    let node = try reader.read(text)
    document = node.document
    locations = node.locations(in: document.root)
  }

  /// A message about a value, with its place and line.
  package func diagnostic(_ kind: String, _ detail: String, at value: Value, help: String? = nil) -> Diagnostic {
    let location = locations[value.raw.node]
    return Diagnostic(kind, detail, at: location, excerpt: reader.excerpt(location), help: help)
  }
}
