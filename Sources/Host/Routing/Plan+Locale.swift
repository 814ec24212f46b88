import Core

extension Plan {
  /// The supported locale of a profile: its own, one of its language, or the default.
  func locale(of profile: Value) -> Int {
    supportedLocale(of: profile) ?? manifest.locales.supported.firstIndex(of: manifest.locales.fallback) ?? 0
  }

  /// The locale that a profile names and that is not supported, nor one of its language.
  func unsupportedLocale(of profile: Value) -> String? {
    guard let wanted = namedLocale(of: profile), !wanted.text.isEmpty, supportedLocale(of: profile) == nil else {
      return nil
    }
    return wanted.string
  }

  private func namedLocale(of profile: Value) -> Value? {
    guard manifest.locales.from.first == "profile" else { return nil }
    let named = profile.value(at: Array(manifest.locales.from.dropFirst()))
    return named.kind == .string ? named : nil
  }

  private func supportedLocale(of profile: Value) -> Int? {
    guard let text = namedLocale(of: profile)?.text else { return nil }
    let supported = manifest.locales.supported
    if let exact = supported.firstIndex(where: { $0.utf8.elementsEqual(text) }) { return exact }
    let language = text.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    return supported.firstIndex { $0.utf8.prefix { $0 != UInt8(ascii: "-") }.elementsEqual(language) }
  }
}
