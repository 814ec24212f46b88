public import Core

extension TemplateLinter {
  /// Compares the keys that templates ask for with those of the default locale's file: keys that it lacks, keys that
  /// nothing asks for, and names that a text fills in and is not given.
  ///
  /// - Parameter names: the templates that are rendered; what they call is looked at, too.
  public func checkKeys(_ names: [String], of file: (name: String, content: Document)) -> [Diagnostic] {
    let texts = Self.texts(file.content)
    var findings: [Diagnostic] = []
    var used: Set<TranslationKeys.Pattern> = []
    for template in reachable(from: names) + optionTemplates {
      for call in TranslationKeys(of: template).calls {
        used.insert(call.pattern)
        if call.pattern.isAnything { continue }
        let found = texts.keys.filter { Self.answers($0, call.pattern) }
        if found.isEmpty {
          let key = call.pattern.shown
          let near = nearestName(to: key, among: Array(texts.keys)).map { "did you mean '\($0)'?" }
          add(
            template.warning(
              "missing translation", "'\(key)' has no text in '\(file.name)'", at: call.place,
              help: near ?? "add it to \(file.name)"), to: &findings)
        }
        guard let key = call.pattern.key, let wanted = texts[key] else { continue }
        for name in wanted.subtracting(call.names).sorted() {
          add(
            template.warning(
              "missing argument", "the text of '\(key)' fills in '\(name)', which it is not given", at: call.place,
              help: "add '\(name): VALUE' to the filter"), to: &findings)
        }
      }
    }
    // What a template that cannot be read asks for is not known.
    guard names.allSatisfy({ (try? set.template(named: $0)) != nil }) else { return findings }
    for key in texts.keys.sorted() where !used.contains(where: { Self.answers(key, $0) }) {
      findings.append(
        Diagnostic(
          "unused translation", "no template asks for '\(key)'", at: SourceLocation(file: file.name),
          help: "delete it from all locale files", severity: .warning))
    }
    return findings
  }

  /// Whether a key, or one of its plural forms, is what a pattern asks for.
  private static func answers(_ key: String, _ pattern: TranslationKeys.Pattern) -> Bool {
    pattern.matches(key) || pattern.key.map { asked in plurals.contains { asked == "\(key).\($0)" } } ?? false
  }

  /// The templates that can be read, and all that they call.
  private func reachable(from names: [String]) -> [Template] {
    var found: [Template] = []
    var seen: Set<String> = []
    var pending = names.compactMap { try? set.template(named: $0) }
    while let template = pending.popLast() {
      guard seen.insert(template.name).inserted else { continue }
      found.append(template)
      for case .template(let target) in template.links { pending.append(target) }
    }
    return found.sorted { $0.name < $1.name }
  }
}
