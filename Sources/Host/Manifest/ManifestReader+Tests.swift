import Core

extension ManifestReader {
  func readTests(_ root: ConfigNode, pipelines: [PipelineSpec], locales: Manifest.Locales) -> [Manifest.TestSpec] {
    array(root, "tests", of: "manifest").map { readTest($0, pipelines, locales) }
  }

  private func readTest(
    _ node: ConfigNode, _ pipelines: [PipelineSpec], _ locales: Manifest.Locales
  ) -> Manifest.TestSpec {
    checkKeys(node, ["name", "profile", "product", "locale", "expect"], of: "test")
    let name = string(node, "name", of: "test")
    let subject = name.map { "test '\($0)'" } ?? "test"
    let locale = string(node, "locale", of: subject)
    if let locale, !locales.supported.contains(locale) {
      choiceFault(subject, "locale", locale, locales.supported, at: node["locale"]?.location ?? node.location)
    }
    let expect = node["expect"] ?? ConfigNode(.object([]), at: node.location)
    checkKeys(expect, ["route", "slot", "path", "equals", "contains", "lacks", "at_most_characters"], of: subject)
    let route = string(expect, "route", of: subject)
    if let route, !pipelines.contains(where: { $0.name == route }) {
      choiceFault(subject, "route", route, pipelines.map(\.name), at: expect["route"]?.location ?? expect.location)
    }
    var rules: [Manifest.TestSpec.Rule] = []
    if let text = option(expect, "path", of: subject) { rules.append(.path(text)) }
    if let text = option(expect, "equals", of: subject) { rules.append(.equals(text)) }
    rules += options(expect, "contains", of: subject).map { .contains($0) }
    rules += options(expect, "lacks", of: subject).map { .lacks($0) }
    if let most = number(expect, "at_most_characters", of: subject, in: 0...1_000_000_000) {
      rules.append(.atMostCharacters(Int(most)))
    }
    let slot = string(expect, "slot", of: subject)
    if slot == nil, !rules.isEmpty {
      fault(
        subject, "lacks 'slot', which the rules under 'expect' are about", at: expect.location,
        help: "write the id of a stage, as in 'slot: page'")
    }
    if route == nil, slot == nil, rules.isEmpty {
      fault(
        subject, "expects nothing", at: node.location,
        help: "for example 'expect: { slot: page, contains: \"{{ product.name }}\" }'")
    }
    return Manifest.TestSpec(
      name: name, profile: string(node, "profile", of: subject), product: string(node, "product", of: subject),
      locale: locale, route: route,
      slot: slot.map { .init(text: $0, location: expect["slot"]?.location ?? expect.location) },
      rules: rules, location: node.location)
  }

  /// The texts of a member that holds one or a list of them.
  private func options(_ node: ConfigNode, _ key: String, of subject: String) -> [Manifest.Option] {
    array(node, key, of: subject, orOne: true).compactMap { element in
      switch element.content {
      case .string(let text), .number(let text): return Manifest.Option(text: text, location: element.location)
      default:
        fault(subject, "'\(key)' must be a text or a list of texts, got \(element.typeName)", at: element.location)
        return nil
      }
    }
  }
}
