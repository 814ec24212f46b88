import Core

/// The environment variables that a manifest declares, and their values, which no message may show.
public struct Environment: Sendable {
  private var values: [(name: String, value: String)] = []

  /// No variables.
  public init() {}

  /// The names, in the order in which they were declared.
  public var names: [String] { values.map(\.name) }

  /// The value of a declared variable.
  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  mutating func declare(_ name: String, value: String) { values.append((name, value)) }

  /// A text without the values: each is replaced by the variable's name, as in `${SHOP_URL}`.
  public func hidden(in text: String) -> String {
    // Longest first, as one value may be a part of another.
    values.sorted { $0.value.utf8.count > $1.value.utf8.count }.reduce(text) { text, entry in
      entry.value.isEmpty ? text : text.replacing(entry.value, with: "${\(entry.name)}")
    }
  }

  /// A message without the values.
  func hidden(in diagnostic: Diagnostic) -> Diagnostic {
    var result = diagnostic
    result.detail = hidden(in: diagnostic.detail)
    result.help = diagnostic.help.map { hidden(in: $0) }
    return result
  }
}
