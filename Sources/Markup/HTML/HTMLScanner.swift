/// Finds the tags of an HTML text, one after the other.
struct HTMLScanner {
  struct Tag {
    var name: String
    var isEnd: Bool
    var isSelfClosing = false
    var id: String?
    var place: Int
  }

  let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The next tag; nil at the end.
  mutating func next() throws(HTMLMistake) -> Tag? {
    while let start = find("<", from: at) {
      at = start + 1
      if starts("!--") {
        guard let end = find("-->", from: at + 3) else { throw HTMLMistake("the comment is not closed", at: start) }
        at = end + 3
      } else if starts("!") {
        guard let end = find(">", from: at), starts("!doctype") || starts("![cdata[") else {
          throw HTMLMistake("'<!' begins neither a comment nor a document type", at: start)
        }
        at = end + 1
      } else {
        let isEnd = starts("/")
        if isEnd { at += 1 }
        guard at < bytes.count, Self.isLetter(bytes[at]) else {
          throw HTMLMistake("'<' begins no tag, expected '&lt;'", at: start)
        }
        var tag = Tag(name: word(until: " \t\n\u{0C}\r/>").lowercased(), isEnd: isEnd, place: start)
        try attributes(of: &tag)
        return tag
      }
    }
    return nil
  }

  /// Goes on behind the text of `script`, `style`, `textarea` or `title`, at its end tag.
  mutating func skipRaw(_ name: String, from place: Int) throws(HTMLMistake) {
    guard let end = find("</" + name, from: at) else { throw HTMLMistake("'<\(name)>' is not closed", at: place) }
    at = end
  }

  private mutating func attributes(of tag: inout Tag) throws(HTMLMistake) {
    var seen: Set<String> = []
    while true {
      let before = at
      skipSpace()
      guard at < bytes.count else { throw HTMLMistake("the tag '<\(tag.name)' is not closed", at: tag.place) }
      let byte = bytes[at]
      if byte == UInt8(ascii: ">") {
        at += 1
        return
      }
      if byte == UInt8(ascii: "/") {
        at += 1
        tag.isSelfClosing = at < bytes.count && bytes[at] == UInt8(ascii: ">")
        if tag.isSelfClosing { continue }
        throw HTMLMistake("'/' stands inside the tag '<\(tag.name)'", at: at - 1)
      }
      guard before < at else { throw HTMLMistake("there is no space before an attribute of '<\(tag.name)'", at: at) }
      let place = at
      if let odd = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: "=")].first(where: {
        $0 == byte
      }) {
        throw HTMLMistake("'\(Character(Unicode.Scalar(odd)))' stands where an attribute begins", at: place)
      }
      let name = word(until: " \t\n\u{0C}\r/>=\"'<").lowercased()
      if !seen.insert(name).inserted {
        throw HTMLMistake("the attribute '\(name)' stands twice in '<\(tag.name)'", at: place)
      }
      if let value = try value(of: name, in: tag), name == "id" { tag.id = value }
    }
  }

  private mutating func value(of name: String, in tag: Tag) throws(HTMLMistake) -> String? {
    let mark = at
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
      at = mark
      return nil
    }
    at += 1
    skipSpace()
    guard at < bytes.count else { throw HTMLMistake("the tag '<\(tag.name)' is not closed", at: tag.place) }
    let quote = bytes[at]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let place = at
      at += 1
      let text = word(until: quote == UInt8(ascii: "'") ? "'" : "\"")
      guard at < bytes.count else { throw HTMLMistake("the value of '\(name)' is not closed", at: place) }
      at += 1
      return text
    }
    let place = at
    let text = word(until: " \t\n\u{0C}\r>")
    if text.isEmpty || text.utf8.contains(where: { "\"'<=`".utf8.contains($0) }) {
      throw HTMLMistake("the value of '\(name)' needs quotes", at: place)
    }
    return text
  }

  private mutating func skipSpace() {
    while at < bytes.count, " \t\n\u{0C}\r".utf8.contains(bytes[at]) { at += 1 }
  }

  private mutating func word(until ends: String) -> String {
    let start = at
    while at < bytes.count, !ends.utf8.contains(bytes[at]) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// Whether this text follows, in letters of any case.
  private func starts(_ text: String) -> Bool { starts(text, at: at) }

  private func starts(_ text: String, at place: Int) -> Bool {
    guard place + text.utf8.count <= bytes.count else { return false }
    for (index, byte) in text.utf8.enumerated() where bytes[place + index] | Self.caseBit(byte) != byte {
      return false
    }
    return true
  }

  private func find(_ text: String, from start: Int) -> Int? {
    guard let first = text.utf8.first else { return nil }
    var place = start
    while place < bytes.count {
      if bytes[place] == first, starts(text, at: place) { return place }
      place += 1
    }
    return nil
  }

  /// The bit in which letters of either case differ, for lower-case letters.
  private static func caseBit(_ byte: UInt8) -> UInt8 { isLetter(byte) ? 0x20 : 0 }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
