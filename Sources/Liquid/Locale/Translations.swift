internal import Core
internal import Synchronization

/// The texts of `locales/LANG.json`, read when first asked for.
///
/// Thread-safe.
final class Translations: Sendable {
  let defaultLocale: String
  private let load: @Sendable (String) throws -> [UInt8]?
  private let documents = Mutex<[String: Document?]>([:])

  init(defaultLocale: String, load: @escaping @Sendable (String) throws -> [UInt8]?) {
    self.defaultLocale = defaultLocale
    self.load = load
  }

  func forget() { documents.withLock { $0.removeAll() } }

  /// The locales in which a text is looked for, in order: `de-AT`, `de`, the default.
  func chain(_ locale: String) -> [String] {
    var result: [String] = []
    for start in [locale, defaultLocale] {
      var parts = start.replacing("_", with: "-").split(separator: "-")
      while !parts.isEmpty {
        let name = parts.joined(separator: "-")
        if !result.contains(name) { result.append(name) }
        parts.removeLast()
      }
    }
    return result
  }

  /// The document of one locale; nil where there is none.
  func document(_ locale: String) throws -> Document? {
    if let found = documents.withLock({ $0[locale] }) { return found }
    var made: Document?
    if let bytes = try load("locales/\(locale).json") {
      made = try Document(json: String(decoding: bytes, as: UTF8.self))
    }
    documents.withLock { $0[locale] = made }
    return made
  }

  /// The text of a key, for a count where there is one.
  func text(_ key: String, locale: String, count: PluralOperands?) -> String? {
    for candidate in chain(locale) {
      guard let document = try? document(candidate) else { continue }
      let found = withExtendedLifetime(document) { () -> String? in
        var value = document.root
        for part in key.split(separator: ".") { value = value[String(part)] }
        if let text = value.scalarText { return text }
        guard value.kind == .object else { return nil }
        let category = count.map { PluralRules.category(of: $0, language: candidate) } ?? .other
        if let count, count.isZero, let text = value["zero"].scalarText { return text }
        return value[category.rawValue].scalarText ?? value["other"].scalarText
      }
      if let found { return found }
    }
    return nil
  }
}
