public import Core

extension TemplateLinter {
  /// Compares locale files: every key of the first one must be in the others, with the same `{{ names }}`, and the
  /// others must have no more.
  ///
  /// - Parameter files: name and content of each file; the first is the default locale's.
  public static func compare(_ files: [(name: String, content: Document)]) -> [Diagnostic] {
    guard let first = files.first else { return [] }
    var findings: [Diagnostic] = []
    let expected = texts(first.content)
    for file in files.dropFirst() {
      let found = texts(file.content)
      let location = SourceLocation(file: file.name)
      for (key, names) in expected.sorted(by: { $0.key < $1.key }) {
        guard let other = found[key] else {
          findings.append(
            Diagnostic(
              "missing translation", "'\(key)' is in '\(first.name)', but not here", at: location, severity: .warning))
          continue
        }
        if other != names {
          let (here, there) = (listed(other), listed(names))
          findings.append(
            Diagnostic(
              "mismatched translation", "'\(key)' fills in \(here), expected \(there)", at: location,
              severity: .warning))
        }
      }
      for key in found.keys.sorted() where expected[key] == nil {
        findings.append(
          Diagnostic(
            "unknown translation", "'\(key)' is here, but not in '\(first.name)'", at: location, severity: .warning))
      }
    }
    return findings
  }

  private static func listed(_ names: Set<String>) -> String {
    names.isEmpty ? "nothing" : names.sorted().map { "'\($0)'" }.joined(separator: ", ")
  }

  /// Every key with the names that its text fills in; the plural forms of one text are one key.
  static func texts(_ document: Document) -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    withExtendedLifetime(document) { collect(document.root, "", &result) }
    return result
  }

  static let plurals: Set<String> = ["zero", "one", "two", "few", "many", "other"]

  private static func collect(_ value: Value, _ key: String, _ result: inout [String: Set<String>]) {
    guard value.kind == .object else {
      var text = value.scalarText ?? ""
      // A form may leave the number out: "one product".
      result[key, default: []].formUnion(text.withUTF8 { names(in: $0) })
      return
    }
    for index in 0..<value.count {
      let member = String(decoding: value.key(at: index), as: UTF8.self)
      let isPlural = plurals.contains(member) && value[index].kind != .object
      collect(value[index], isPlural ? key : key.isEmpty ? member : "\(key).\(member)", &result)
    }
  }

  private static func names(in text: Bytes) -> Set<String> {
    var result: Set<String> = []
    var at = 0
    while let start = text.firstIndex(of: Datum("{{").text, from: at),
      let end = text.firstIndex(of: Datum("}}").text, from: start)
    {
      result.insert(text.part(start + 2..<end).trimmed.string)
      at = end + 2
    }
    return result
  }
}
