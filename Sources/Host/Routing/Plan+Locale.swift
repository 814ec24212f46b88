import Core

extension Plan {
  /// The place of the default among the supported locales.
  var fallbackLocale: Int { manifest.locales.supported.firstIndex(of: manifest.locales.fallback) ?? 0 }

  /// The supported locale of a profile: its own, one of its language, or the default.
  func locale(of profile: Value) -> Int { supportedLocale(of: profile) ?? fallbackLocale }

  /// The locale that a profile names, where it is supported, or one of its language.
  func supportedLocale(of profile: Value) -> Int? {
    guard let text = namedLocale(of: profile)?.text else { return nil }
    let supported = manifest.locales.supported
    if let exact = supported.firstIndex(where: { $0.utf8.elementsEqual(text) }) { return exact }
    let language = text.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    return supported.firstIndex { $0.utf8.prefix { $0 != UInt8(ascii: "-") }.elementsEqual(language) }
  }

  /// The locale that a profile names, supported or not; nil where it names none.
  func namedLocale(of profile: Value) -> Value? {
    guard manifest.locales.from.first == "profile" else { return nil }
    let named = profile.value(at: Array(manifest.locales.from.dropFirst()))
    return named.kind == .string && !named.text.isEmpty ? named : nil
  }
}
