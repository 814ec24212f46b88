/// The text of an HTML fragment, for places that show no markup.
public enum PlainText {
  /// The words of a fragment: tags, comments, scripts and styles left out, common character references read, blanks
  /// folded to one, blocks on lines of their own.
  ///
  /// What only looks like markup, as `a < b`, stays. The result is text, not HTML: escape it where it lands.
  ///
  /// - Complexity: O(bytes).
  public static func of(html: Bytes) -> String {
    var reader = HTMLTextReader(html: html)
    reader.read()
    return String(decoding: reader.output, as: UTF8.self)
  }
}

private struct HTMLTextReader {
  let html: Bytes
  var output: [UInt8] = []
  private var index = 0
  /// What stands between the last word and the next: nothing, a blank or a line break.
  private var gap: UInt8?
  private var quotesCount = true
  private var tagsAreOver = false

  init(html: Bytes) { self.html = html }

  mutating func read() {
    while index < html.count {
      switch html[index] {
      case UInt8(ascii: "<"):
        if !skipMarkup() { append(html[index]) }
      case UInt8(ascii: "&"):
        if !readReference() { append(html[index]) }
      case 0...0x20:
        widenGap(to: UInt8(ascii: " "))
        index += 1
      default: append(html[index])
      }
    }
  }

  private mutating func append(_ byte: UInt8) {
    appendScalars([byte])
    index += 1
  }

  private mutating func appendScalars(_ bytes: some Sequence<UInt8>) {
    if let gap, !output.isEmpty { output.append(gap) }
    gap = nil
    output.append(contentsOf: bytes)
  }

  private mutating func widenGap(to byte: UInt8) {
    if gap != UInt8(ascii: "\n") { gap = byte }
  }

  /// Skips a tag, a comment or a declaration that begins here; false where it is mere text.
  private mutating func skipMarkup() -> Bool {
    let rest = Bytes(rebasing: html[index...])
    if rest.startsIgnoringCase(with: "<!--") {
      skip(past: "-->", from: index + 4)
      return true
    }
    let isEnd = rest.count > 1 && rest[1] == UInt8(ascii: "/")
    let nameStart = index + (isEnd ? 2 : 1)
    guard nameStart < html.count, html[nameStart].isLetter || "!?".utf8.contains(html[nameStart]) else { return false }
    var nameEnd = nameStart
    while nameEnd < html.count, html[nameEnd].isLetter || html[nameEnd] &- 48 < 10 { nameEnd += 1 }
    guard let close = endOfTag(from: nameEnd) else { return false }
    let name = String(decoding: html[nameStart..<nameEnd], as: UTF8.self).lowercased()
    index = close + 1
    if !isEnd {
      if name == "script" { skip(past: "</script", from: index) }
      if name == "style" { skip(past: "</style", from: index) }
    }
    if Self.blocks.contains(name) { widenGap(to: UInt8(ascii: "\n")) }
    return true
  }

  /// The index of the `>` that ends a tag, quoted attributes passed over.
  ///
  /// A quote that is never closed stops all quotes from counting, and a tag that is never closed all tags, so that no
  /// input is read more than three times.
  private mutating func endOfTag(from start: Int) -> Int? {
    if tagsAreOver { return nil }
    var quote: UInt8?
    for place in start..<html.count {
      let byte = html[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        return place
      } else if quotesCount, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
    if quote != nil {
      quotesCount = false
      return endOfTag(from: start)
    }
    tagsAreOver = true
    return nil
  }

  /// Goes on behind the next occurrence of text, with the tag it may begin, or to the end.
  private mutating func skip(past text: StaticString, from start: Int) {
    var place = start
    while place < html.count {
      if Bytes(rebasing: html[place...]).startsIgnoringCase(with: text) {
        index = place + text.utf8CodeUnitCount
        if text.utf8Start.pointee == UInt8(ascii: "<") { index = (endOfTag(from: index) ?? html.count - 1) + 1 }
        return
      }
      place += 1
    }
    index = html.count
  }

  /// Reads a character reference; false where it is none that is known.
  private mutating func readReference() -> Bool {
    guard let end = html[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return false }
    let name = String(decoding: html[(index + 1)..<end], as: UTF8.self)
    var scalar = Self.references[name].flatMap { $0.unicodeScalars.first }
    if name.hasPrefix("#x") || name.hasPrefix("#X") {
      scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    } else if name.hasPrefix("#") {
      scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
    }
    guard let scalar else { return false }
    index = end + 1
    if scalar.value <= 0x20 || scalar.value == 0xA0 {
      widenGap(to: UInt8(ascii: " "))
    } else {
      appendScalars(String(Character(scalar)).utf8)
    }
    return true
  }

  private static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "td", "th", "tr", "ul",
  ]

  private static let references: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "\u{A9}",
    "reg": "\u{AE}", "trade": "\u{2122}", "deg": "\u{B0}", "plusmn": "\u{B1}", "times": "\u{D7}", "middot": "\u{B7}",
    "ndash": "\u{2013}", "mdash": "\u{2014}", "lsquo": "\u{2018}", "rsquo": "\u{2019}", "ldquo": "\u{201C}",
    "rdquo": "\u{201D}", "laquo": "\u{AB}", "raquo": "\u{BB}", "bull": "\u{2022}", "hellip": "\u{2026}",
    "euro": "\u{20AC}", "pound": "\u{A3}", "yen": "\u{A5}", "cent": "\u{A2}", "frac12": "\u{BD}", "sup2": "\u{B2}",
    "sup3": "\u{B3}", "micro": "\u{B5}", "auml": "\u{E4}", "ouml": "\u{F6}", "uuml": "\u{FC}", "Auml": "\u{C4}",
    "Ouml": "\u{D6}", "Uuml": "\u{DC}", "szlig": "\u{DF}", "eacute": "\u{E9}", "egrave": "\u{E8}", "agrave": "\u{E0}",
    "ccedil": "\u{E7}", "ntilde": "\u{F1}",
  ]
}

extension UInt8 {
  fileprivate var isLetter: Bool { (self | 0x20) &- 97 < 26 }
}
