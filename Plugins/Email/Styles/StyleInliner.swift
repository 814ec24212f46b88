public import Markup

/// Writes the rules of style elements into `style` attributes, for mail programs that read no style elements.
///
/// One pass over the text without a tree: whether a rule takes an element is decided at its start tag, from the elements
/// around and before it. At-rules and rules for states stay in one style element and are marked important, as they could
/// not win over a `style` attribute otherwise. Conditional comments are left as they are. Source of the cascade: CSS
/// Cascading and Inheritance Level 4, section 6.
public struct StyleInliner {
  // Messages of a template share their styles, so the last sheet and its merged declarations are kept.
  private var css: [UInt8] = []
  private var sheet = Stylesheet([])
  private var merged: [UInt64: [UInt8]] = [:]

  /// An inliner that has read nothing.
  public init() {}

  /// The text with its styles inlined.
  public mutating func inline(_ html: Bytes) -> [UInt8] {
    read(Self.styles(of: html))
    var output: [UInt8] = []
    output.reserveCapacity(html.count * 2)
    var elements = ElementList()
    var scanner = HTMLScanner(html)
    var matched: [Int] = []
    var names: [UInt64] = []
    var isInStyle = false
    var hasRest = false
    while let piece = scanner.next() {
      switch piece.kind {
      case .startTag:
        let tag = html.tagHash(piece.name)
        if tag == Tags.style, Self.isScreen(piece, html) {
          isInStyle = true
          if !hasRest { appendRest(to: &output) }
          hasRest = true
          continue
        }
        if let closed = Tags.closed[tag] { elements.closeInnermost(closed) }
        let found = Attributes(piece, html, classes: &names)
        elements.append(
          tag: tag, id: found.id, classes: names, attributes: piece.name.upperBound..<piece.range.upperBound)
        match(tag, found.id, names, elements, html, into: &matched)
        if !Tags.void.contains(tag) { elements.openLast() }
        write(piece, found.style, matched, html, to: &output)
      case .endTag:
        let tag = html.tagHash(piece.name)
        if isInStyle, tag == Tags.style {
          isInStyle = false
          continue
        }
        elements.close(tag)
        output.append(contentsOf: html[piece.range])
      case .rawText where isInStyle: continue
      default: output.append(contentsOf: html[piece.range])
      }
    }
    return output
  }

  private mutating func read(_ styles: [UInt8]) {
    if styles == css { return }
    css = styles
    sheet = Stylesheet(styles)
    merged = [:]
  }

  /// The rules, by their place in the cascade, that take the last element.
  private func match(
    _ tag: UInt64, _ id: UInt64, _ classes: [UInt64], _ elements: ElementList, _ html: Bytes, into matched: inout [Int]
  ) {
    matched.removeAll(keepingCapacity: true)
    func add(_ list: [Int]) {
      for index in list where elements.matches(sheet.rules[index].selector, in: html) { matched.append(index) }
    }
    if !sheet.universal.isEmpty { add(sheet.universal) }
    if let list = sheet.candidates[tag] { add(list) }
    if id != 0, let list = sheet.candidates[id] { add(list) }
    for name in classes { if let list = sheet.candidates[name] { add(list) } }
    if matched.count > 1 { matched.sort() }
  }

  private mutating func write(
    _ piece: HTMLScanner.Piece, _ style: HTMLScanner.Attribute?, _ matched: [Int], _ html: Bytes,
    to output: inout [UInt8]
  ) {
    if matched.isEmpty {
      output.append(contentsOf: html[piece.range])
      return
    }
    output.append(contentsOf: html[piece.range.lowerBound..<piece.name.upperBound])
    output.append(raw: #" style=""# as StaticString)
    if let style {
      let own = CharacterReferences.decoded(html[style.value]).withBytes { Declaration.list($0) }
      // An attribute wins over every rule that is not important.
      Declaration.append(Declaration.cascade(matched.map { sheet.rules[$0].declarations } + [own]), to: &output)
    } else {
      output.append(contentsOf: declarations(of: matched))
    }
    output.append(UInt8(ascii: "\""))
    guard let style else {
      output.append(contentsOf: html[piece.name.upperBound..<piece.range.upperBound])
      return
    }
    var end = style.range.lowerBound
    while end > piece.name.upperBound, html[end - 1] <= 0x20 { end -= 1 }
    output.append(contentsOf: html[piece.name.upperBound..<end])
    output.append(contentsOf: html[style.range.upperBound..<piece.range.upperBound])
  }

  private mutating func declarations(of matched: [Int]) -> [UInt8] {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in matched { key = (key ^ UInt64(index)) &* 0x100_0000_01B3 }
    if let known = merged[key] { return known }
    var text: [UInt8] = []
    Declaration.append(Declaration.cascade(matched.map { sheet.rules[$0].declarations }), to: &text)
    merged[key] = text
    return text
  }

  private func appendRest(to output: inout [UInt8]) {
    if sheet.rest.isEmpty { return }
    output.append(raw: "<style>" as StaticString)
    output.append(contentsOf: sheet.rest)
    output.append(raw: "</style>" as StaticString)
  }

  /// The text of the style elements for screens.
  private static func styles(of html: Bytes) -> [UInt8] {
    var css: [UInt8] = []
    var scanner = HTMLScanner(html)
    var isWanted = false
    while let piece = scanner.next() {
      if piece.kind == .startTag { isWanted = html.equalsIgnoringCase(piece.name, "style") && isScreen(piece, html) }
      if piece.kind == .rawText, isWanted { css.append(contentsOf: html[piece.range]) }
    }
    return css
  }

  /// Whether a style element is for any screen, not for print or some widths.
  private static func isScreen(_ piece: HTMLScanner.Piece, _ html: Bytes) -> Bool {
    let scanner = HTMLScanner(html)
    var place = piece.name.upperBound
    while let attribute = scanner.attribute(after: place, before: piece.range.upperBound) {
      place = attribute.range.upperBound
      if html.equalsIgnoringCase(attribute.name, "media") {
        return ["all", "screen"].contains { html.equalsIgnoringCase(attribute.value, $0) }
      }
    }
    return true
  }
}

/// The attributes of a start tag that styles need.
private struct Attributes {
  var id: UInt64 = 0
  var style: HTMLScanner.Attribute?

  init(_ piece: HTMLScanner.Piece, _ html: Bytes, classes: inout [UInt64]) {
    classes.removeAll(keepingCapacity: true)
    let scanner = HTMLScanner(html)
    var place = piece.name.upperBound
    while let attribute = scanner.attribute(after: place, before: piece.range.upperBound) {
      place = attribute.range.upperBound
      if html.equalsIgnoringCase(attribute.name, "class") {
        var start = attribute.value.lowerBound
        for index in attribute.value.lowerBound...attribute.value.upperBound {
          guard index == attribute.value.upperBound || html[index] <= 0x20 else { continue }
          if index > start { classes.append(html.nameHash(start..<index)) }
          start = index + 1
        }
      } else if html.equalsIgnoringCase(attribute.name, "id") {
        id = ~html.nameHash(attribute.value)
      } else if html.equalsIgnoringCase(attribute.name, "style"), style == nil {
        style = attribute
      }
    }
  }
}

/// Types of elements by the hashes of their names.
private enum Tags {
  static let style = hash("style")
  static let void = hashes("area base br col embed hr img input link meta source track wbr")
  /// Innermost open elements that a start tag ends, as HTML lets their end tags be left out.
  static let closed: [UInt64: Set<UInt64>] = {
    var result: [UInt64: Set<UInt64>] = [:]
    let blocks =
      "address article aside blockquote div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul"
    for tag in hashes(blocks) { result[tag] = hashes("p") }
    result[hash("li")] = hashes("li p")
    for tag in hashes("dt dd") { result[tag] = hashes("dt dd p") }
    for tag in hashes("td th") { result[tag] = hashes("td th p") }
    result[hash("tr")] = hashes("tr td th p")
    for tag in hashes("tbody tfoot thead") { result[tag] = hashes("tbody tfoot thead tr td th p") }
    return result
  }()

  private static func hash(_ name: String) -> UInt64 { name.withBytes { $0.tagHash(0..<$0.count) } }

  private static func hashes(_ names: String) -> Set<UInt64> {
    Set(names.split(separator: " ").map { hash(String($0)) })
  }
}
