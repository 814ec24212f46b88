public import Core

/// How an input is to be read, as the manifest states it; what is not stated is found out from the file.
public struct InputOptions: Sendable {
  /// The form of an input.
  public enum Format: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case jsonl
    /// One array of JSON objects, or objects one after another.
    case json
    /// Cells between separators (RFC 4180), a row of column names first.
    case csv
    /// Cells between tabs, quoted as in CSV.
    case tsv
  }

  /// The form; by the file's name or its first bytes where nil.
  public var format: Format?
  /// The byte between two cells; a blank stands for any run of blanks.
  public var separator: UInt8?
  /// The names of the columns of a file that has no row of them.
  public var columns: [String]?
  /// The encoding; guessed where nil.
  public var encoding: TextEncoding?
  /// A longer row is rejected, without being held in memory.
  public var maxRowBytes = 16 << 20
  /// How many times its size a `.gz` file may inflate to.
  public var maxInflateRatio = 250

  /// Options that state nothing.
  public init() {}

  /// The manifest keys that `init(_:locate:problems:)` reads; others belong to its caller.
  public static let keys = ["format", "separator", "columns", "encoding", "max_row_bytes", "max_inflate_ratio"]

  /// Reads the options of an input's object in a manifest.
  ///
  /// - Parameters:
  ///   - value: the input's object.
  ///   - locate: where a value stands in the manifest.
  ///   - problems: gets what is wrong.
  public init(_ value: Value, locate: (Value) -> SourceLocation? = { _ in nil }, problems: inout [Diagnostic]) {
    func refuse(_ key: StaticString, _ expected: String) {
      let found = value[key]
      problems.append(
        Diagnostic(
          "invalid input", "'\(key)' must be \(expected), got \(shown(found))", at: locate(found)))
    }
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: StaticString, _: Choice.Type) -> Choice? {
      guard value[key].exists else { return nil }
      if let choice = value[key].string.flatMap({ Choice(rawValue: $0) }) { return choice }
      refuse(key, "one of " + Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))
      return nil
    }
    func size(_ key: StaticString, default fallback: Int) -> Int {
      guard value[key].exists else { return fallback }
      if value[key].kind == .integer, let number = value[key].int, 1...(1 << 30) ~= number { return Int(number) }
      refuse(key, "a whole number in 1...1073741824")
      return fallback
    }
    format = choice("format", Format.self)
    encoding = value["encoding"].string == "latin-1" ? .windows1252 : choice("encoding", TextEncoding.self)
    maxRowBytes = size("max_row_bytes", default: maxRowBytes)
    maxInflateRatio = size("max_inflate_ratio", default: maxInflateRatio)
    if value["separator"].exists {
      let named: [String: UInt8] = ["tab": 9, "blank": 32]
      let text = value["separator"].string ?? ""
      if let byte = named[text] ?? (text.utf8.count == 1 ? text.utf8.first : nil), byte != 10, byte != 13, byte != 34 {
        separator = byte
      } else {
        refuse("separator", "one ASCII character, 'tab' or 'blank'")
      }
    }
    if value["columns"].exists {
      let names = (0..<value["columns"].count).compactMap { value["columns"][$0].string }
      if value["columns"].kind == .array, !names.isEmpty, names.count == value["columns"].count {
        columns = names
      } else {
        refuse("columns", "a list of names")
      }
    }
  }
}

/// A value in a message.
func shown(_ value: Value) -> String {
  switch value.kind {
  case .missing: "nothing"
  case .null: "null"
  case .array: "a list"
  case .object: "an object"
  case .string: "'\(value.scalarText ?? "")'"
  case .boolean, .integer, .double: value.scalarText ?? ""
  }
}
