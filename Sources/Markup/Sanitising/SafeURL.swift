/// URLs of untrusted links.
enum SafeURL {
  /// The URL as it may be written, or nil where its scheme is not among the allowed ones.
  ///
  /// Read as the URL standard (url.spec.whatwg.org, "basic URL parser") reads it: control characters and blanks at both
  /// ends go, tabs and line breaks go wherever they stand, and what comes before the first colon is a scheme unless a
  /// slash, question mark or hash comes first. A relative URL stays one.
  static func read(_ text: Bytes, schemes: [[UInt8]]) -> [UInt8]? {
    let trimmed = text.trimmed
    if trimmed.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) {
      return trimmed.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }.withUnsafeBufferPointer {
        readTight($0, schemes: schemes)
      }
    }
    return readTight(trimmed, schemes: schemes)
  }

  /// Reads a URL without tabs and line breaks.
  private static func readTight(_ text: Bytes, schemes: [[UInt8]]) -> [UInt8]? {
    if text.isEmpty || text.count > 4096 || text.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return nil }
    let end = text.firstIndex {
      $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
    }
    if let end, text[end] == UInt8(ascii: ":") {
      let scheme = text[..<end]
      let isAllowed = schemes.contains { allowed in
        allowed.count == scheme.count
          && zip(allowed, scheme).allSatisfy { $0 == $1 || 65...90 ~= $1 && $0 == $1 | 0x20 }
      }
      if !isAllowed { return nil }
    }
    return Escaping.url.escaped(text)
  }
}
