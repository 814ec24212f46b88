/// The rule that keeps asset paths inside the output folder, whatever the data.
///
/// A path is relative, parts separated by "/". Repaired: control characters and any of `\ : * ? " < > |` become "-";
/// blanks and dots at the end of a part are dropped; names that Windows reserves (CON, NUL, ...) get "_" in front; a part of more than 200
/// bytes is cut at a character and given a hash of the whole; a part that begins with ".bespoke", as files do that are not
/// whole yet, gets "_" in front. Refused: empty paths and parts, "." and "..", an absolute path.
enum AssetPath {
  enum Refusal: Error, Equatable {
    case empty
    case leavesFolder
  }

  /// A path as it may be written.
  static func clean(_ raw: UnsafeBufferPointer<UInt8>) throws(Refusal) -> String {
    if isClean(raw) { return String(decoding: raw, as: UTF8.self) }
    if raw.isEmpty { throw .empty }
    if raw.first == UInt8(ascii: "/") { throw .leavesFolder }
    var parts: [String] = []
    for part in raw.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let text = String(decoding: part, as: UTF8.self)
      if text == "." || text == ".." { throw .leavesFolder }
      parts.append(try clean(part: text))
    }
    return parts.joined(separator: "/")
  }

  /// Whether a path may be written as it is.
  static func isSafe(_ path: String) -> Bool {
    var copy = path
    return copy.withUTF8 { raw in
      do throws(Refusal) { return try clean(raw) == path } catch { return false }
    }
  }

  private static func clean(part: String) throws(Refusal) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in part.unicodeScalars {
      let isForbidden = scalar.value < 0x20 || scalar.value == 0x7F || "\\:*?\"<>|".unicodeScalars.contains(scalar)
      scalars.append(isForbidden ? "-" : scalar)
    }
    while let last = scalars.last, last == "." || last == " " { scalars.removeLast() }
    if scalars.isEmpty { throw .empty }
    var text = String(scalars)
    let stem = text.split(separator: ".", maxSplits: 1).first.map { $0.lowercased() } ?? ""
    if reserved.contains(stem) || text.lowercased().hasPrefix(".bespoke") { text = "_" + text }
    return text.utf8.count <= 200 ? text : shortened(text)
  }

  /// Cuts a name to 200 bytes; its hash keeps apart what was cut alike, its ending stays.
  private static func shortened(_ text: String) -> String {
    var ending = ""
    if let dot = text.lastIndex(of: "."), text.utf8.distance(from: dot, to: text.endIndex) <= 12 {
      ending = String(text[dot...])
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let tail = "-" + String(hash, radix: 16) + ending
    var head = text.unicodeScalars
    while String(head).utf8.count + tail.utf8.count > 200 { head.removeLast() }
    return String(head) + tail
  }

  private static let reserved: Set<String> =
    Set(["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

  /// Whether nothing needs repair: the common case, decided byte by byte.
  private static func isClean(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
    var length = 0
    var previous = UInt8(ascii: "/")
    for byte in raw {
      switch byte {
      case UInt8(ascii: "/"):
        if length == 0 || previous == UInt8(ascii: ".") { return false }
        length = -1
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        break
      case UInt8(ascii: "."):
        if length == 0 { return false }
      default: return false
      }
      length += 1
      if length > 200 { return false }
      previous = byte
    }
    // Reserved names are three or four letters; leave those to the slow way.
    return length > 4 && previous != UInt8(ascii: ".")
      && !raw.split(separator: UInt8(ascii: "/")).contains { $0.prefix { $0 != UInt8(ascii: ".") }.count <= 4 }
  }
}
