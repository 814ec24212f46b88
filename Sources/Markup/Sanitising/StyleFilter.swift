/// Keeps of a `style` attribute the declarations that a policy allows.
///
/// A value may hold names, numbers, colours, quoted font names and the functions that make a colour or a length; no
/// escape, comment, URL or at-rule can be written with what is left.
struct StyleFilter {
  let allowed: Set<String>

  private static let functions: Set<String> = ["rgb", "rgba", "hsl", "hsla", "calc"]
  private static let longest = 256

  /// Appends the declarations that are harmless.
  ///
  /// - Returns: how many were left out.
  func append(_ style: Bytes, to output: inout [UInt8]) -> Int {
    var removed = 0
    var isFirst = true
    for piece in style.split(separator: UInt8(ascii: ";")) {
      let declaration = Bytes(rebasing: piece).trimmed
      if declaration.isEmpty { continue }
      guard let (name, value) = Self.parts(of: declaration), allowed.contains(name), Self.isHarmless(value) else {
        removed += 1
        continue
      }
      if !isFirst { output.append(UInt8(ascii: ";")) }
      isFirst = false
      output.append(raw: name)
      output.append(UInt8(ascii: ":"))
      output.append(contentsOf: value)
    }
    return removed
  }

  private static func parts(of declaration: Bytes) -> (name: String, value: Bytes)? {
    guard let colon = declaration.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = Bytes(rebasing: declaration[..<colon]).trimmed
    let value = Bytes(rebasing: declaration[(colon + 1)...]).trimmed
    return value.isEmpty || value.count > longest ? nil : (name.string.lowercased(), value)
  }

  private static func isHarmless(_ value: Bytes) -> Bool {
    var quote: UInt8?
    var wordStart = 0
    var depth = 0
    for (index, byte) in value.enumerated() {
      let isWord = (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "-")
      if let open = quote {
        if byte == open { quote = nil } else if !isWord, !" .,".utf8.contains(byte) { return false }
        wordStart = index + 1
        continue
      }
      switch byte {
      case UInt8(ascii: "("):
        let function = Bytes(rebasing: value[wordStart..<index]).string.lowercased()
        guard functions.contains(function), depth == 0 else { return false }
        depth = 1
        wordStart = index + 1
      case UInt8(ascii: ")"):
        guard depth == 1 else { return false }
        depth = 0
        wordStart = index + 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        quote = byte
      case UInt8(ascii: "!"):
        return quote == nil && depth == 0
          && Bytes(rebasing: value[(index + 1)...]).trimmed.string.lowercased() == "important"
      default:
        if isWord { continue }
        guard " #.,%+*/".utf8.contains(byte) else { return false }
        // A comment would begin with two of these.
        if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "*"), index > 0, "/*".utf8.contains(value[index - 1]) {
          return false
        }
        wordStart = index + 1
      }
    }
    return quote == nil && depth == 0
  }
}
