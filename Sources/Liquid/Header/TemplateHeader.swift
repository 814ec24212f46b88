/// What a template says about itself between two lines `---` at its top.
public struct TemplateHeader: Sendable, Equatable {
  /// A value that the template wants to be given.
  public struct Parameter: Sendable, Equatable {
    /// What sort of value it is.
    public enum Kind: String, Sendable, CaseIterable {
      case text, number, boolean, list, object
    }

    /// Its name.
    public var name: String
    /// What sort of value it is.
    public var kind: Kind
    /// Whether the template cannot do without it.
    public var isRequired: Bool
    /// The literal that stands in for it, as Liquid writes it.
    public var defaultValue: String?
    /// What it is for.
    public var description: String?
    /// Where the default stands in the source.
    var defaultRange: Range<Int>?
    /// Where the name stands.
    var place = 0
  }

  /// The number of the language that the template is written in.
  public var dialect = 1
  /// What the template makes.
  public var kind: OutputKind?
  /// What it is for.
  public var description: String?
  /// What it wants to be given.
  public var parameters: [Parameter] = []

  /// A header that says nothing.
  public init() {}

  /// Reads the header of a text; nil where it has none.
  ///
  /// The grammar is one setting a line: `dialect: 1`, `kind: html`, `description: ...`, then `parameters:` and below
  /// it, indented, `NAME: TYPE [required] [= LITERAL] [# description]`.
  static func read(_ source: Bytes) throws(MarkupError) -> (TemplateHeader, bodyStart: Int)? {
    guard source.starts(with: "---\n") || source.starts(with: "---\r\n") else { return nil }
    var reader = HeaderReader(source: source)
    let header = try reader.read()
    return (header, reader.at)
  }
}
