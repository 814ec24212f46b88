public import Core

/// Tests that stand beside a template: data in, and what must come out.
///
/// ```json
/// {"template": "card", "tests": [
///   {"name": "sold out", "locale": "de-DE", "data": {"stock": 0},
///    "expect": {"contains": "Ausverkauft", "lacks": "<b>", "at_most_characters": 80}}]}
/// ```
///
/// `expect` is the whole output as a text, or an object of rules: `equals`, `contains`, `lacks` (a text or a list of
/// texts), `at_most_characters`, `at_least_characters`, `valid_html`, and `fails` (a part of the error's message, or of
/// the reason that `abort` gives).
public struct TemplateTests {
  /// One test and what is wrong; nothing where it passed.
  public struct Outcome {
    /// The test's name.
    public var name: String
    /// What is wrong.
    public var problem: Diagnostic?
  }

  private let document: Document
  private let file: String
  private let markupProblem: (String) -> String?

  /// The tests of a file.
  ///
  /// - Parameter markupProblem: says what is wrong with a text as HTML, for the rule `valid_html`.
  public init(_ document: Document, file: String, markupProblem: @escaping (String) -> String?) {
    self.document = document
    self.file = file
    self.markupProblem = markupProblem
  }

  /// The name of the template that is tested; nil where the file gives none.
  public var template: String? { withExtendedLifetime(document) { document.root["template"].string } }

  /// Runs every test with templates of a set.
  ///
  /// - Parameter currency: what `money` uses in tests that give none.
  public func run(in set: TemplateSet, currency: String = "") -> [Outcome] {
    withExtendedLifetime(document) {
      let tests = document.root["tests"]
      guard let name = template, tests.kind == .array, tests.count > 0 else {
        return [Outcome(name: file, problem: problem("the file needs 'template' and a list 'tests'"))]
      }
      let renderer = Renderer()
      return (0..<tests.count).map { index in
        let test = tests[index]
        let title = test["name"].string ?? "test \(index + 1)"
        return Outcome(name: title, problem: run(test, of: name, title, in: set, currency, renderer))
      }
    }
  }

  private func run(
    _ test: Value, of name: String, _ title: String, in set: TemplateSet, _ currency: String, _ renderer: Renderer
  ) -> Diagnostic? {
    let expected = test["expect"]
    if let key = unknown(test, ["name", "locale", "currency", "now", "data", "expect"]) { return key }
    let fails = expected["fails"].string
    var scope = Scope(root: test["data"].raw, access: Accessors.table)
    scope.locale = test["locale"].string ?? set.options.defaultLocale
    if let given = test["currency"].string {
      scope.currency = given
    } else if !currency.isEmpty {
      scope.currency = currency
    }
    scope.now = test["now"].int ?? 0
    do {
      let template = try set.template(named: name)
      if let missing = template.problems(with: scope).first { throw missing }
      let output = try renderer.text(template, scope: scope)
      if let fails {
        return problem("'\(title)' printed \(shown(output)), expected an error with \(shown(fails))")
      }
      return compare(output, expected, title)
    } catch {
      let message = "\(error)"
      guard let fails else { return error as? Diagnostic ?? problem("'\(title)' failed: \(message)") }
      return message.contains(fails)
        ? nil : problem("'\(title)' failed with \(shown(message)), expected an error with \(shown(fails))")
    }
  }

  private func compare(_ output: String, _ expected: Value, _ title: String) -> Diagnostic? {
    if let whole = expected.string ?? expected["equals"].string {
      return output == whole ? nil : problem("'\(title)' printed \(shown(output)), expected \(shown(whole))")
    }
    guard expected.kind == .object, expected.count > 0 else {
      return problem("'\(title)' expects nothing", help: "add 'expect' with a text or with rules")
    }
    for index in 0..<expected.count {
      let rule = String(decoding: expected.key(at: index), as: UTF8.self)
      let value = expected[index]
      switch rule {
      case "contains", "lacks":
        let isWanted = rule == "contains"
        if texts(value).isEmpty { return problem("'\(rule)' must be a text or a list of texts") }
        for text in texts(value) where output.contains(text) != isWanted {
          return problem(
            "'\(title)' printed \(shown(output)), expected it \(isWanted ? "to contain" : "without") \(shown(text))")
        }
      case "at_most_characters", "at_least_characters":
        guard let limit = value.int, limit >= 0 else { return problem("'\(rule)' must be a whole number") }
        let isMost = rule == "at_most_characters"
        if isMost ? output.count > limit : output.count < limit {
          let wanted = "expected at \(isMost ? "most" : "least") \(limit)"
          return problem("'\(title)' printed \(output.count) characters, \(wanted)")
        }
      case "valid_html":
        guard value.bool == true else { return problem("'valid_html' must be true") }
        if let found = markupProblem(output) { return problem("'\(title)' printed \(shown(output)): \(found)") }
      default: return unknown(expected, Self.rules)
      }
    }
    return nil
  }

  private static let rules = [
    "equals", "contains", "lacks", "at_most_characters", "at_least_characters", "valid_html", "fails",
  ]

  /// The first member that is none of these.
  private func unknown(_ object: Value, _ known: [String]) -> Diagnostic? {
    for index in 0..<object.count where object.kind == .object {
      let key = String(decoding: object.key(at: index), as: UTF8.self)
      if known.contains(key) { continue }
      let allowed = "expected one of \(known.map { "'\($0)'" }.joined(separator: ", "))"
      return problem(
        "'\(key)' is not \(known == Self.rules ? "a rule" : "part of a test"), \(allowed)",
        help: nearestName(to: key, among: known).map { "did you mean '\($0)'?" })
    }
    return nil
  }

  private func texts(_ value: Value) -> [String] {
    value.kind == .array ? (0..<value.count).compactMap { value[$0].string } : [value.string].compactMap(\.self)
  }

  private func shown(_ text: String) -> String {
    "'\(text.count > 200 ? String(text.prefix(200)) + "..." : text)'"
  }

  private func problem(_ detail: String, help: String? = nil) -> Diagnostic {
    Diagnostic("template test", detail, at: SourceLocation(file: file), help: help)
  }
}
