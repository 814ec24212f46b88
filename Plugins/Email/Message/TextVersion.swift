import Markup

/// The plain version of an HTML message: its words in their order, blocks apart, links with their addresses.
struct TextVersion {
  private let html: Bytes
  private var output: [UInt8] = []
  private var breaks = 0
  private var needsBlank = false
  private var links: [(start: Int, url: String)] = []
  /// Elements within a hidden one, itself included.
  private var hiddenDepth = 0
  private var hiddenName = ""

  /// The text of a message.
  static func of(_ html: [UInt8]) -> [UInt8] {
    html.withBytes { bytes in
      var version = TextVersion(html: bytes)
      version.read()
      return version.output
    }
  }

  private init(html: Bytes) { self.html = html }

  private mutating func read() {
    var scanner = HTMLScanner(html)
    while let piece = scanner.next() {
      switch piece.kind {
      case .text: if hiddenDepth == 0 { words(html[piece.range]) }
      case .startTag: begin(piece)
      case .endTag: end(String(decoding: html[piece.name], as: UTF8.self).lowercased())
      case .rawText, .comment: break
      }
    }
    while let last = output.last, last <= 0x20 { output.removeLast() }
    output.append(0x0A)
  }

  private mutating func begin(_ piece: HTMLScanner.Piece) {
    let name = String(decoding: html[piece.name], as: UTF8.self).lowercased()
    if hiddenDepth > 0 {
      if name == hiddenName { hiddenDepth += 1 }
      return
    }
    if isHidden(piece) {
      (hiddenName, hiddenDepth) = (name, 1)
      return
    }
    switch name {
    case "br": breaks = max(breaks, 1)
    case "hr":
      separate(2)
      append("----".utf8)
      separate(2)
    case "li":
      separate(1)
      append("- ".utf8)
      needsBlank = false
    case "img": if let text = attribute("alt", of: piece), !text.isEmpty { words(text[...]) }
    case "a":
      links.append((output.count, attribute("href", of: piece).map { String(decoding: $0, as: UTF8.self) } ?? ""))
    case "td", "th": needsBlank = true
    default: separate(Self.distance(of: name))
    }
  }

  private mutating func end(_ name: String) {
    if hiddenDepth > 0 {
      if name == hiddenName { hiddenDepth -= 1 }
      return
    }
    if name == "a", let link = links.popLast() {
      let shown = String(decoding: output[min(link.start, output.count)...], as: UTF8.self).onOneLine
      let isAddress = link.url.hasPrefix("http") || link.url.hasPrefix("mailto:") || link.url.hasPrefix("tel:")
      // A link around a picture without words would be an address without a reason.
      if isAddress, !shown.isEmpty, !link.url.hasSuffix(shown) {
        needsBlank = true
        append("<\(link.url)>".utf8)
      }
    }
    separate(Self.distance(of: name))
  }

  /// How many line breaks stand before and after an element.
  private static func distance(of name: String) -> Int {
    switch name {
    case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "section", "article": 2
    case "div", "tr", "li", "address", "header", "footer", "caption", "dt", "dd": 1
    default: 0
    }
  }

  private mutating func words(_ text: some Collection<UInt8>) {
    let bytes = Array(text)
    let plain = bytes.withBytes { PlainText.of(html: $0) }
    if let first = bytes.first, first <= 0x20 { needsBlank = true }
    if !plain.isEmpty { append(plain.utf8) }
    if let last = bytes.last, last <= 0x20 { needsBlank = true }
  }

  private mutating func separate(_ count: Int) {
    if count == 0 { return }
    breaks = max(breaks, count)
    needsBlank = false
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    if !output.isEmpty {
      if breaks > 0 {
        output.append(contentsOf: repeatElement(0x0A, count: breaks))
      } else if needsBlank, let last = output.last, last > 0x20 {
        output.append(0x20)
      }
    }
    (breaks, needsBlank) = (0, false)
    output.append(contentsOf: bytes)
  }

  /// Whether nobody is meant to see an element: by the attribute `hidden`, or by a style that says so.
  private func isHidden(_ piece: HTMLScanner.Piece) -> Bool {
    guard let style = attribute("style", of: piece) else { return attribute("hidden", of: piece) != nil }
    return style.withBytes { Declaration.list($0) }.contains {
      $0.name.elementsEqual("display".utf8) && $0.value.elementsEqual("none".utf8)
    }
  }

  private func attribute(_ name: String, of piece: HTMLScanner.Piece) -> [UInt8]? {
    let scanner = HTMLScanner(html)
    var place = piece.name.upperBound
    while let attribute = scanner.attribute(after: place, before: piece.range.upperBound) {
      place = attribute.range.upperBound
      if html.equalsIgnoringCase(attribute.name, name) { return CharacterReferences.decoded(html[attribute.value]) }
    }
    return nil
  }
}
