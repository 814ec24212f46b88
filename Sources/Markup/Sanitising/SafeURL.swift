/// URLs of untrusted links.
enum SafeURL {
  /// The URL as it may be written, or nil where its scheme is not among the allowed ones.
  ///
  /// Read as the URL standard (url.spec.whatwg.org, "basic URL parser") reads it: control characters and blanks at both
  /// ends go, tabs and line breaks go wherever they stand, and what comes before the first colon is a scheme unless a
  /// slash, question mark or hash comes first. A relative URL stays one.
  static func read(_ text: Bytes, schemes: Set<String>) -> [UInt8]? {
    let kept = text.trimmed.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    if kept.isEmpty || kept.count > 4096 || kept.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return nil }
    if let end = kept.firstIndex(where: { ":/?#".utf8.contains($0) }), kept[end] == UInt8(ascii: ":") {
      guard schemes.contains(String(decoding: kept[..<end], as: UTF8.self).lowercased()) else { return nil }
    }
    return Escaping.url.escaped(kept)
  }
}
