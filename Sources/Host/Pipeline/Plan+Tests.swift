public import Core

extension Plan {
  /// What a test of the manifest came to.
  public struct TestOutcome: Sendable {
    /// Its name, or what it is about.
    public let name: String
    /// What is wrong; nil where it passed.
    public let problem: Diagnostic?
  }

  /// Runs the manifest's tests in their order; nothing is written.
  ///
  /// - Throws: `Diagnostic` where an input cannot be read.
  public func runTests() throws -> [TestOutcome] {
    if tests.isEmpty { return [] }
    let catalogue = try Preview.catalogue(of: self)
    let yaml = YAMLReader(file: manifest.file, text: try readText(manifest.file))
    return try tests.map { test in
      let problem = try run(test, catalogue).map { problem in
        var diagnostic = manifest.environment.hidden(in: problem)
        diagnostic.location = test.spec.location
        diagnostic.excerpt = yaml.excerpt(test.spec.location)
        return diagnostic
      }
      return TestOutcome(name: test.spec.title, problem: problem)
    }
  }

  private func run(_ test: CompiledTest, _ catalogue: Catalogue?) throws -> Diagnostic? {
    let spec = test.spec
    let preview: Preview
    do {
      preview = try Preview(
        self, catalogue: catalogue, profile: spec.profile, product: spec.product, locale: spec.locale, limit: 1,
        texts: test.texts.compactMap(\.self))
    } catch let error as Diagnostic
      where ["unknown profile", "unknown product", "nothing to preview"].contains(error.kind)
    {
      return spec.failure("\(error.kind): \(error.detail)")
    }
    if let route = spec.route, route != preview.pipeline {
      return spec.failure("the profile takes '\(preview.pipeline)', expected '\(route)'")
    }
    guard let slot = spec.slot?.text else { return nil }
    guard let brief = preview.briefs.first else { return spec.failure("there is no brief in this locale") }
    if let problem = brief.problem { return spec.failure(problem) }
    guard let text = brief.slots.first(where: { $0.name == slot })?.text else {
      return spec.failure("slot '\(slot)' is empty")
    }
    var texts = brief.texts[...]
    for rule in spec.rules {
      if case .atMostCharacters(let most) = rule {
        if text.count > most {
          return spec.failure("slot '\(slot)' has \(text.count) characters, expected at most \(most)")
        }
        continue
      }
      do throws(Diagnostic) {
        let expected = try texts.removeFirst().get()
        if let fault = rule.fault(of: text, brief.assets.first { $0.slot == slot }?.path, expected) {
          return spec.failure("slot '\(slot)' \(fault)")
        }
      } catch {
        return error
      }
    }
    return nil
  }
}

extension Manifest.TestSpec {
  /// Its name, or what it is about.
  var title: String {
    if let name { return name }
    let parts = [profile.map { "profile '\($0)'" }, product.map { "product '\($0)'" }, locale].compactMap(\.self)
    return parts.isEmpty ? "the first brief" : parts.joined(separator: ", ")
  }

  fileprivate func failure(_ detail: String) -> Diagnostic {
    var command = "bespoke preview \(location.file)"
    if let profile { command += " --profile \(profile)" }
    if let product { command += " --product \(product)" }
    if let locale { command += " --locale \(locale)" }
    if let slot { command += " --slot \(slot.text)" }
    return Diagnostic("test failed", "\(title): \(detail)", help: "see it with '\(command)'")
  }
}

extension Manifest.TestSpec.Rule {
  /// What is wrong with the text or the path of a slot, in words that follow its name; nil where nothing is.
  fileprivate func fault(of text: String, _ path: String?, _ expected: String) -> String? {
    switch self {
    case .path:
      path == expected ? nil : "goes to '\(path ?? "no file")', expected '\(expected)'"
    case .equals:
      text == expected ? nil : "is \(shown(text)), expected \(shown(expected))"
    case .contains:
      text.contains(expected) ? nil : "does not contain \(shown(expected)); it is \(shown(text))"
    case .lacks:
      text.contains(expected) ? "contains \(shown(expected)), expected it without" : nil
    case .atMostCharacters: nil
    }
  }

  private func shown(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 120 ? "'\(line.prefix(120))...'" : "'\(line)'"
  }
}
