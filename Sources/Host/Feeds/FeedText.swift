import Core
import Markup

extension String {
  /// The text on one line: blanks folded to one, none at the ends, nothing that XML cannot hold.
  var onOneLine: String {
    if isTidy { return self }
    var result = String.UnicodeScalarView()
    var needsBlank = false
    for scalar in unicodeScalars {
      if scalar.isBlank {
        needsBlank = !result.isEmpty
      } else if scalar.value != 0xFFFE, scalar.value != 0xFFFF {
        if needsBlank { result.append(" ") }
        needsBlank = false
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Whether the text is ASCII that is on one line already.
  private var isTidy: Bool {
    var last: UInt8 = 0x20
    for byte in utf8 {
      if byte < 0x20 || byte > 0x7E || byte == 0x20 && last == 0x20 { return false }
      last = byte
    }
    return last != 0x20 || isEmpty
  }

  /// At most so many code points from the start, cut between characters that people see as one, without blanks at the
  /// new end.
  func cut(to limit: Int) -> String {
    // Every code point is at least a byte.
    if utf8.count <= limit { return self }
    var room = limit
    var end = startIndex
    for character in self {
      room -= character.unicodeScalars.count
      if room < 0 { return String(self[..<end].trimmingEnd) }
      end = index(after: end)
    }
    return self
  }

  /// 64 bits that stand for the text in sets which must stay small; two texts share them once in 10^19 pairs.
  var fingerprint: UInt64 {
    var hash = SeedHash(0)
    hash.combine(self)
    return hash.value
  }
}

extension Unicode.Scalar {
  /// Whether the character is white space of Unicode, or a control character of ASCII.
  fileprivate var isBlank: Bool {
    switch value {
    case 0...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}

extension Substring {
  fileprivate var trimmingEnd: Substring {
    let end = unicodeScalars.lastIndex { !$0.isBlank }
    return end.map { self[...$0] } ?? ""
  }
}

extension UInt64 {
  /// Sixteen hexadecimal digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Value {
  /// The text of a string or number on one line; empty where there is none.
  var line: String { text.string.onOneLine }

  /// The words of a text that may hold HTML, on one line.
  var plainLine: String { PlainText.of(html: text).onOneLine }

  /// The parts of a category path, "A > B", which may hold HTML.
  var categoryPath: [String] {
    PlainText.of(html: text).split(separator: ">").map { String($0).onOneLine }.filter { !$0.isEmpty }
  }

  /// The absolute URLs of the product's first fifty pictures, the main one first, each once.
  func imageURLs(base: String) -> [String] {
    var urls: [String] = []
    for index in -1..<min(self["images"].count, 50) {
      let image = index < 0 ? self["image"] : self["images"][index]
      if let url = WebAddress.resolve(image.text, base: base), !urls.contains(url) { urls.append(url) }
    }
    return urls
  }
}
