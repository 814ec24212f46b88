/// Addresses of the web: what a page or a feed may link to.
public enum WebAddress {
  /// Whether text is an absolute http or https URL with a host.
  public static func isAbsolute(_ text: Bytes) -> Bool {
    for scheme in ["https://", "http://"] as [StaticString] where text.startsIgnoringCase(with: scheme) {
      guard text.count > scheme.utf8CodeUnitCount else { return false }
      return !"/?#".utf8.contains(text[scheme.utf8CodeUnitCount])
    }
    return false
  }

  /// The absolute URL that text means on a site, with only characters that a URL may hold.
  ///
  /// Absolute URLs and `//host/path` stand for themselves; a path, relative or not, is appended to the site's base.
  ///
  /// - Parameter base: the site's absolute URL, with or without a path and a slash at the end.
  /// - Returns: nil where the text is empty or names another scheme, as `javascript:` and `data:` do.
  public static func resolve(_ text: Bytes, base: String) -> String? {
    let text = text.trimmed
    if text.isEmpty { return nil }
    var url: [UInt8] = []
    if text.startsIgnoringCase(with: "//") {
      url.append(raw: "https:" as StaticString)
    } else if !isAbsolute(text) {
      if namesScheme(text) { return nil }
      url.append(raw: base)
      while url.last == UInt8(ascii: "/") { url.removeLast() }
      url.append(UInt8(ascii: "/"))
    }
    let isPath = !url.isEmpty && !text.startsIgnoringCase(with: "//")
    Escaping.url.append(isPath ? withoutLeadingSlash(text) : text, to: &url)
    encodeBrackets(in: &url)
    return url.withBytes { isAbsolute($0) ? $0.string : nil }
  }

  /// Percent-encodes brackets behind the host, the only place where RFC 3986 has them.
  private static func encodeBrackets(in url: inout [UInt8]) {
    guard url.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }),
      let host = url.firstIndex(of: UInt8(ascii: ":")).map({ $0 + 3 }), host < url.count,
      let end = url[host...].firstIndex(where: { "/?#".utf8.contains($0) })
    else { return }
    let rest = url[end...]
    url.removeSubrange(end...)
    for byte in rest {
      switch byte {
      case UInt8(ascii: "["): url.append(raw: "%5B" as StaticString)
      case UInt8(ascii: "]"): url.append(raw: "%5D" as StaticString)
      default: url.append(byte)
      }
    }
  }

  /// The lower-case file extension of a URL's path, without the dot; empty where there is none.
  public static func fileExtension(of url: String) -> String {
    let path = url.utf8.prefix { !"?#".utf8.contains($0) }
    let name = path.suffix(while: { $0 != UInt8(ascii: "/") })
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(decoding: name[name.index(after: dot)...], as: UTF8.self).lowercased()
  }

  private static func withoutLeadingSlash(_ text: Bytes) -> Bytes {
    var start = 0
    if text.startsIgnoringCase(with: "./") { start = 2 }
    while start < text.count, text[start] == UInt8(ascii: "/") { start += 1 }
    return Bytes(rebasing: text[start...])
  }

  /// Whether text begins with a scheme of RFC 3986; blanks and control characters, which browsers skip, count for it.
  private static func namesScheme(_ text: Bytes) -> Bool {
    for byte in text {
      if byte == UInt8(ascii: ":") { return true }
      if "/?#".utf8.contains(byte) { return false }
    }
    return false
  }
}

extension BidirectionalCollection {
  fileprivate func suffix(while keeps: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start != startIndex, keeps(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes begin with lower-case ASCII text, whatever the case of theirs.
  func startsIgnoringCase(with prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for index in 0..<prefix.utf8CodeUnitCount {
      let byte = self[index]
      let lowered = 65...90 ~= byte ? byte | 0x20 : byte
      if lowered != prefix.utf8Start[index] { return false }
    }
    return true
  }
}
