import Core
import Markup

/// A title that WordPress keeps as it is, and that is inert where a theme prints it unescaped.
struct WordPressTitle {
  private(set) var text = ""
  private(set) var repairs: [String] = []

  init(_ item: FeedItem) {
    var words = item.title.onOneLine
    if words != item.title { repairs.append("blanks in the title folded") }
    if words.isEmpty {
      words = item.product["name"].plainLine
      if words.isEmpty { words = item.product["id"].line }
      if words.isEmpty { words = item.path.onOneLine }
      repairs.append("no title: name, id or path used")
    }
    let short = words.cut(to: 255)
    if short.utf8.count < words.utf8.count { repairs.append("title cut to 255 characters") }
    if short.utf8.contains(UInt8(ascii: "\\")) { repairs.append("backslashes in the title replaced") }
    text = Self.inert(short)
    if text.utf8.count > short.utf8.count { repairs.append("markup in the title escaped") }
  }

  /// WordPress prints titles as HTML, and drops backslashes.
  static func inert(_ words: String) -> String {
    var inert: [UInt8] = []
    let bytes = Array(words.utf8)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "<"): inert.append(raw: "&lt;")
      case UInt8(ascii: ">"): inert.append(raw: "&gt;")
      case UInt8(ascii: "\\"): inert.append(UInt8(ascii: "/"))
      case UInt8(ascii: "&"):
        // A lone ampersand stays: WordPress writes it right.
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        let beginsReference = next == UInt8(ascii: "#") || (next | 0x20) &- 97 < 26
        inert.append(raw: beginsReference ? "&amp;" : "&")
      default: inert.append(byte)
      }
    }
    return String(decoding: inert, as: UTF8.self)
  }
}
