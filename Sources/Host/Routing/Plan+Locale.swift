import Core

extension Plan {
  /// The supported locale of a profile: its own, one of its language, or the default.
  func locale(of profile: Value) -> Int {
    let locales = manifest.locales
    let fallback = locales.supported.firstIndex(of: locales.fallback) ?? 0
    guard locales.from.first == "profile" else { return fallback }
    let wanted = profile.value(at: Array(locales.from.dropFirst()))
    guard wanted.kind == .string else { return fallback }
    let text = wanted.text
    if let exact = locales.supported.firstIndex(where: { $0.utf8.elementsEqual(text) }) { return exact }
    let language = text.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    return locales.supported.firstIndex {
      $0.utf8.prefix { $0 != UInt8(ascii: "-") }.elementsEqual(language)
    } ?? fallback
  }
}
