import Core
import Markup

/// Slugs in the form that WordPress leaves as they are: lower case, single hyphens, other scripts percent-encoded in
/// lower case, at most 200 bytes, and none that WordPress keeps for itself.
final class WordPressSlug {
  private static let limit = 200
  private let used = KeySet()

  init() {
    // Names of WordPress's own feeds and embeds, which no page may have.
    for name in ["feed", "rdf", "rss", "rss2", "atom", "embed"] { _ = used.insert(name) }
  }

  /// The slug of a text: its letters and digits, Latin accents taken off, all else a hyphen; empty where nothing is left.
  static func make(from text: String) -> String {
    var slug: [UInt8] = []
    var encoded: [UInt8] = []
    for scalar in text.unicodeScalars {
      encoded.removeAll(keepingCapacity: true)
      append(scalar, to: &encoded)
      if encoded.isEmpty {
        if slug.last != UInt8(ascii: "-"), !slug.isEmpty, !vanishes(scalar) { slug.append(UInt8(ascii: "-")) }
      } else if slug.count + encoded.count > limit {
        break
      } else {
        slug += encoded
      }
    }
    if slug.last == UInt8(ascii: "-") { slug.removeLast() }
    return String(decoding: slug, as: UTF8.self)
  }

  /// Takes the first of some slugs that is free; where none is, numbers the last.
  func take(_ candidates: [String]) -> String {
    let candidates = candidates.filter { !$0.isEmpty }.map { Self.isReserved($0) ? "item-\($0)" : $0 }
    for candidate in candidates where used.insert(candidate) { return candidate }
    let base = candidates.last ?? "item"
    var number = 2
    while true {
      let suffix = "-\(number)"
      let candidate = Self.shorten(base, to: Self.limit - suffix.utf8.count) + suffix
      if used.insert(candidate) { return candidate }
      number += 1
    }
  }

  /// Takes a slug for an item: its own, that of its name or that of its path; with the language behind it where that is
  /// not the site's first.
  func take(of item: FeedItem, defaultLocale: String) -> String {
    let stated = Self.make(from: item.product["slug"].line)
    let named = stated.isEmpty ? Self.make(from: item.product["name"].plainLine) : stated
    let path = Self.make(from: item.path.split(separator: ".").first.map(String.init) ?? "")
    let inLocale =
      named.isEmpty || item.locale == defaultLocale
      ? named : "\(Self.shorten(named, to: 150))-\(Self.make(from: item.locale))"
    return take([inLocale, path, "item-\(item.path.fingerprint.hexadecimal)"])
  }

  /// Whether WordPress takes the slug for a number of a page or a year.
  private static func isReserved(_ slug: String) -> Bool {
    let rest = slug.hasPrefix("page") ? slug.dropFirst(4) : slug[...]
    return !rest.isEmpty && rest.utf8.allSatisfy { 48...57 ~= $0 }
  }

  /// At most so many bytes of a slug, cut between characters.
  static func shorten(_ slug: String, to limit: Int) -> String {
    let bytes = Array(slug.utf8)
    var end = 0
    while end < bytes.count {
      var width = 1
      if bytes[end] == UInt8(ascii: "%"), end + 1 < bytes.count {
        // The first hexadecimal digit of a character's first byte tells how many bytes it has.
        width = bytes[end + 1] == UInt8(ascii: "f") ? 12 : bytes[end + 1] == UInt8(ascii: "e") ? 9 : 6
      }
      if end + width > limit { break }
      end += width
    }
    while end > 0, bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// Whether a character goes without leaving a hyphen: apostrophes and combining accents.
  private static func vanishes(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "\u{2019}" || 0x300...0x36F ~= scalar.value
  }

  /// Appends what a slug holds for a character: nothing for one that is neither letter nor digit.
  private static func append(_ scalar: Unicode.Scalar, to slug: inout [UInt8]) {
    switch scalar.value {
    case 48...57, 97...122: slug.append(UInt8(scalar.value))
    case 65...90: slug.append(UInt8(scalar.value) | 0x20)
    case 0..<0x80: break
    case 0xC0...0x17F:
      if scalar.value != 0xD7, scalar.value != 0xF7 { slug.append(raw: latin[Int(scalar.value - 0xC0)]) }
    default:
      guard !vanishes(scalar), isKept(scalar.properties.generalCategory) else { return }
      for byte in scalar.properties.lowercaseMapping.utf8 {
        slug.append(UInt8(ascii: "%"))
        slug.append(raw: (byte < 16 ? "0" : "") + String(byte, radix: 16))
      }
    }
  }

  /// Letters, their marks and digits.
  private static func isKept(_ category: Unicode.GeneralCategory) -> Bool {
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .decimalNumber, .letterNumber:
      true
    default: false
    }
  }

  /// The base letters of U+00C0 to U+017F.
  private static let latin: [String] = """
    a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th ss
    a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th y
    a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h
    i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n
    o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u
    w w y y y z z z z z z s
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
}
