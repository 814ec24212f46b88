import Core

/// How one canonical field is likely made from the columns of a file.
public struct FieldGuess: Sendable {
  /// The canonical field.
  public let field: String
  /// The columns that it is made from.
  public let columns: [String]
  /// The rule as a manifest's `map` writes it; nil where the field is taken from the column of its own name.
  public let rule: String?
  /// What a person should look at; nil where there is no doubt.
  public let doubt: String?

  /// What the rule does, in words.
  public var words: String {
    let names = columns.map { "'\($0)'" }
    // A rule of its own shape takes all of its columns, any other the first that is filled.
    let last = isOfAll && names.count > 1 ? " and \(names[names.count - 1])" : ""
    let sources = (last.isEmpty ? names : names.dropLast()).joined(separator: isOfAll ? ", " : ", else ") + last
    return "from \(sources)\(options.isEmpty ? "" : " (\(options))")"
  }

  private let options: String
  private let isOfAll: Bool

  /// - Parameters:
  ///   - options: options of the rule beside its source, as YAML.
  ///   - shape: how the source is stated; `from` with the columns where nil.
  init(_ field: String, _ columns: [String], options: String = "", as shape: String? = nil, doubt: String? = nil) {
    self.field = field
    self.columns = columns
    self.doubt = doubt
    self.options = shape == nil ? options : ""
    isOfAll = shape != nil
    let source = columns.count == 1 ? Self.yaml(columns[0]) : "[\(columns.map(Self.yaml).joined(separator: ", "))]"
    if let shape {
      rule = shape
    } else if options.isEmpty {
      rule = columns == [field] ? nil : source
    } else {
      rule = "{ from: \(source), \(options) }"
    }
  }

  /// A text as YAML: plain where that is safe, else in double quotes.
  static func yaml(_ text: String) -> String {
    let isPlain = text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.]*/) != nil
    if isPlain, !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) {
      return text
    }
    var quoted: [UInt8] = []
    var text = text
    text.withUTF8 { quoted.appendJSONString($0) }
    return String(decoding: quoted, as: UTF8.self)
  }
}
