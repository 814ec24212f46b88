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
/// texts), `at_most_characters`, and `fails` (a part of the error's message).
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

  /// The tests of a file.
  public init(_ document: Document, file: String) {
    self.document = document
    self.file = file
  }

  /// Runs every test with templates of a set.
  public func run(in set: TemplateSet) -> [Outcome] {
    withExtendedLifetime(document) {
      let tests = document.root["tests"]
      guard let name = document.root["template"].string, tests.kind == .array, tests.count > 0 else {
        return [Outcome(name: file, problem: problem("the file needs 'template' and a list 'tests'"))]
      }
      let renderer = Renderer()
      return (0..<tests.count).map { index in
        let test = tests[index]
        let title = test["name"].string ?? "test \(index + 1)"
        return Outcome(name: title, problem: run(test, of: name, title, in: set, renderer))
      }
    }
  }

  private func run(
    _ test: Value, of name: String, _ title: String, in set: TemplateSet, _ renderer: Renderer
  ) -> Diagnostic? {
    let expected = test["expect"]
    let fails = expected["fails"].string
    var scope = Scope(root: test["data"].raw, access: Accessors.table)
    scope.locale = test["locale"].string ?? set.options.defaultLocale
    if let currency = test["currency"].string { scope.currency = currency }
    scope.now = test["now"].int ?? 0
    do {
      let output = try renderer.text(set.template(named: name), scope: scope)
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
        for text in texts(value) where output.contains(text) != isWanted {
          return problem(
            "'\(title)' printed \(shown(output)), expected it \(isWanted ? "to contain" : "without") \(shown(text))")
        }
      case "at_most_characters":
        let most = Int(value.int ?? 0)
        if output.count > most {
          return problem("'\(title)' printed \(output.count) characters, expected at most \(most)")
        }
      default:
        let known = ["equals", "contains", "lacks", "at_most_characters", "fails"]
        return problem(
          "'\(rule)' is not a rule", help: nearestName(to: rule, among: known).map { "did you mean '\($0)'?" })
      }
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
