import Glibc
public import Markup

/// Reads an HTML text piece by piece, as it stands: tags, comments and what lies between them.
///
/// It builds no tree and mends nothing; every byte of the text belongs to exactly one piece.
public struct HTMLScanner {
  /// What a piece is.
  public enum Kind: Sendable {
    case text, startTag, endTag, comment
    /// The inside of style, script, title or textarea.
    case rawText
  }

  /// A part of the text.
  public struct Piece: Sendable {
    /// What it is.
    public var kind: Kind
    /// Where it lies.
    public var range: Range<Int>
    /// A tag's name, or the name of the element whose raw text this is.
    public var name: Range<Int>
  }

  /// An attribute of a start tag.
  public struct Attribute: Sendable {
    /// The name and, where there is one, the value with its quotes.
    public var range: Range<Int>
    /// The name.
    public var name: Range<Int>
    /// The value without its quotes; empty where there is none.
    public var value: Range<Int>
  }

  let html: Bytes
  private var index = 0
  private var rawElement: Range<Int>?

  /// A scanner at the start of a text, which must outlive it.
  public init(_ html: Bytes) { self.html = html }

  /// The next piece; nil at the end.
  public mutating func next() -> Piece? {
    guard index < html.count else { return nil }
    if let raw = rawElement {
      rawElement = nil
      let end = endOfRawText(raw)
      if end > index { return piece(.rawText, to: end, name: raw) }
    }
    guard html[index] == UInt8(ascii: "<") else { return piece(.text, to: find("<", from: index)) }
    if html.starts("<!--", at: index) {
      return piece(.comment, to: endOfComment())
    }
    let next = index + 1 < html.count ? html[index + 1] : 0
    if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
      return piece(.comment, to: min(find(">", from: index) + 1, html.count))
    }
    let isEnd = next == UInt8(ascii: "/")
    let nameStart = index + (isEnd ? 2 : 1)
    guard nameStart < html.count, html[nameStart].isLetter else { return piece(.text, to: find("<", from: index + 1)) }
    var nameEnd = nameStart
    while nameEnd < html.count, !html[nameEnd].endsName { nameEnd += 1 }
    let name = nameStart..<nameEnd
    var end = nameEnd
    while let attribute = attribute(after: end, before: html.count) { end = attribute.range.upperBound }
    end = min(find(">", from: end) + 1, html.count)
    if !isEnd, ["style", "script", "title", "textarea"].contains(where: { html.equalsIgnoringCase(name, $0) }) {
      rawElement = name
    }
    return piece(isEnd ? .endTag : .startTag, to: end, name: name)
  }

  /// The attribute that follows a place in a tag; nil where the tag ends.
  public func attribute(after place: Int, before limit: Int) -> Attribute? {
    var start = place
    while start < limit, html[start] <= 0x20 || html[start] == UInt8(ascii: "/") { start += 1 }
    guard start < limit, html[start] != UInt8(ascii: ">") else { return nil }
    var end = start + 1
    while end < limit, !html[end].endsName, html[end] != UInt8(ascii: "=") { end += 1 }
    let name = start..<end
    var next = end
    while next < limit, html[next] <= 0x20 { next += 1 }
    guard next < limit, html[next] == UInt8(ascii: "=") else {
      return Attribute(range: name, name: name, value: end..<end)
    }
    next += 1
    while next < limit, html[next] <= 0x20 { next += 1 }
    guard next < limit else { return Attribute(range: start..<limit, name: name, value: limit..<limit) }
    let quote = html[next]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      var close = next + 1
      while close < limit, html[close] != quote { close += 1 }
      return Attribute(range: start..<min(close + 1, limit), name: name, value: (next + 1)..<close)
    }
    var close = next
    while close < limit, html[close] > 0x20, html[close] != UInt8(ascii: ">") { close += 1 }
    return Attribute(range: start..<close, name: name, value: next..<close)
  }

  private mutating func piece(_ kind: Kind, to end: Int, name: Range<Int> = 0..<0) -> Piece {
    defer { index = end }
    return Piece(kind: kind, range: index..<end, name: name)
  }

  /// The place of the next such character, or the end.
  private func find(_ character: Unicode.Scalar, from start: Int) -> Int {
    guard start < html.count, let base = html.baseAddress else { return html.count }
    // The bytes searched lie between start and count.
    guard let found = memchr(base + start, Int32(character.value), html.count - start) else { return html.count }
    return UnsafeRawPointer(base).distance(to: found)
  }

  private func endOfComment() -> Int {
    var place = index + 2
    while place < html.count {
      place = find("-", from: place)
      if html.starts("-->", at: place) { return place + 3 }
      place += 1
    }
    return html.count
  }

  private func endOfRawText(_ name: Range<Int>) -> Int {
    var place = index
    while place < html.count {
      place = find("<", from: place)
      let after = place + 2
      if html.starts("</", at: place), after + name.count <= html.count,
        html.equalsIgnoringCase(after..<(after + name.count), String(decoding: html[name], as: UTF8.self).lowercased())
      {
        return place
      }
      place += 1
    }
    return html.count
  }
}

extension Bytes {
  func starts(_ text: StaticString, at place: Int) -> Bool {
    guard place + text.utf8CodeUnitCount <= count else { return false }
    for index in 0..<text.utf8CodeUnitCount where self[place + index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether a part of the bytes is this lower-case text, whatever the case of theirs.
  func equalsIgnoringCase(_ range: Range<Int>, _ text: String) -> Bool {
    var at = range.lowerBound
    guard range.count == text.utf8.count else { return false }
    for byte in text.utf8 {
      if self[at].lowered != byte { return false }
      at += 1
    }
    return true
  }

  /// A hash of an element's name, whose case does not count.
  ///
  /// FNV-1a.
  func tagHash(_ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in range { hash = (hash ^ UInt64(self[index].lowered)) &* 0x100_0000_01B3 }
    return hash
  }

  /// A hash of a class or an id; never that of an element's name but by a chance of 1 in 10^19.
  func nameHash(_ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0x8422_2325_CBF2_9CE4
    for index in range { hash = (hash ^ UInt64(self[index])) &* 0x100_0000_01B3 }
    return hash
  }
}

extension UInt8 {
  var isLetter: Bool { (self | 0x20) &- 97 < 26 }
  var lowered: UInt8 { self &- 65 < 26 ? self | 0x20 : self }
  var endsName: Bool { self <= 0x20 || self == UInt8(ascii: "/") || self == UInt8(ascii: ">") }
}
