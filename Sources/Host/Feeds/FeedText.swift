import Core
import Markup

extension String {
  /// The text on one line: blanks folded to one, none at the ends, nothing that XML cannot hold.
  var onOneLine: String {
    var result = String.UnicodeScalarView()
    var needsBlank = false
    for scalar in unicodeScalars {
      if scalar.properties.isWhitespace || scalar.value < 0x20 {
        needsBlank = !result.isEmpty
      } else if scalar.value != 0xFFFE, scalar.value != 0xFFFF {
        if needsBlank { result.append(" ") }
        needsBlank = false
        result.append(scalar)
      }
    }
    return String(result)
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

extension Substring {
  fileprivate var trimmingEnd: Substring {
    let end = unicodeScalars.lastIndex { !$0.properties.isWhitespace }
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
