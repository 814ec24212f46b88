internal import Core
internal import Synchronization

/// The texts of `locales/LANG.json`, read when first asked for.
///
/// Thread-safe.
final class Translations: Sendable {
  let defaultLocale: String
  private let load: @Sendable (String) throws -> [UInt8]?
  private let state = Mutex(State())

  private struct State {
    var files: [String: TranslationTable?] = [:]
    var chains: [Key: TranslationChain] = [:]
  }

  private struct Key: Hashable {
    var locale: String
    var fallback: String
  }

  init(defaultLocale: String, load: @escaping @Sendable (String) throws -> [UInt8]?) {
    self.defaultLocale = defaultLocale
    self.load = load
  }

  func forget() { state.withLock { $0 = State() } }

  /// The texts of a locale, and of those that stand in for it: `de-AT`, `de`, the default.
  func chain(_ locale: String, fallback: String? = nil) -> TranslationChain {
    let fallback = fallback ?? defaultLocale
    let key = Key(locale: locale, fallback: fallback)
    if let found = state.withLock({ $0.chains[key] }) { return found }
    var names: [String] = []
    for start in [locale, fallback] {
      var parts = start.replacing("_", with: "-").split(separator: "-")
      while !parts.isEmpty {
        let name = parts.joined(separator: "-")
        if !names.contains(name) { names.append(name) }
        parts.removeLast()
      }
    }
    let made = TranslationChain(locale: locale, tables: names.compactMap { table($0) })
    state.withLock { state in
      // Locales come from data; a run has few, so a wild list of them is not kept.
      if state.chains.count >= 256 { state.chains.removeAll() }
      state.chains[key] = made
    }
    return made
  }

  private func table(_ locale: String) -> TranslationTable? {
    if let found = state.withLock({ $0.files[locale] }) { return found }
    var made: TranslationTable?
    if let bytes = try? load("locales/\(locale).json"),
      let document = try? Document(json: String(decoding: bytes, as: UTF8.self))
    {
      made = TranslationTable(locale: locale, document)
    }
    state.withLock { state in
      if state.files.count >= 256 { state.files.removeAll() }
      state.files[locale] = made
    }
    return made
  }
}

/// The tables in which a text is looked for, the reader's own first.
final class TranslationChain: Sendable {
  let locale: String
  private let tables: [TranslationTable]

  init(locale: String, tables: [TranslationTable]) {
    self.locale = locale
    self.tables = tables
  }

  /// The text of a key, for a count where there is one.
  func text(_ key: Bytes, count: PluralOperands?) -> [UInt8]? {
    for table in tables {
      if let found = table.text(key, count: count) { return found }
    }
    return nil
  }
}

/// One locale file, its nested keys joined by dots.
final class TranslationTable: Sendable {
  private let locale: String
  private let keys: ByteTable
  private let texts: [[UInt8]]

  init(locale: String, _ document: Document) {
    self.locale = locale
    var keys = ByteTable()
    var texts: [[UInt8]] = []
    func collect(_ value: Value, _ path: String) {
      guard value.kind == .object else {
        guard let text = value.scalarText else { return }
        if keys.number(of: Array(path.utf8)) == texts.count { texts.append(Array(text.utf8)) }
        return
      }
      for index in 0..<value.count {
        let key = String(decoding: value.key(at: index), as: UTF8.self)
        collect(value[index], path.isEmpty ? key : "\(path).\(key)")
      }
    }
    withExtendedLifetime(document) { collect(document.root, "") }
    self.keys = keys
    self.texts = texts
  }

  func text(_ key: Bytes, count: PluralOperands?) -> [UInt8]? {
    if let number = keys.existing(key) { return texts[number] }
    guard let count else { return form("other", of: key) }
    if count.isZero, let none = form("zero", of: key) { return none }
    let category = PluralRules.category(of: count, language: locale)
    return form(category.rawValue, of: key) ?? form("other", of: key)
  }

  private func form(_ category: String, of key: Bytes) -> [UInt8]? {
    let path = Array(key) + [UInt8(ascii: ".")] + Array(category.utf8)
    return path.withUnsafeBufferPointer { keys.existing($0) }.map { texts[$0] }
  }
}
