/// Where in HTML or XML an output lands, which decides how it must be escaped.
enum HTMLContext: Int32 {
  /// Text, or an attribute value in quotes: `& < > " '` are enough.
  case text
  /// The inside of a tag.
  case bare
  /// An attribute value without quotes.
  case unquoted
  /// An attribute that holds a URL, before its scheme is known; in quotes.
  case url
  /// As `url`, without quotes.
  case unquotedURL
  /// Inside `<script>`: the inside of a string of JavaScript.
  case script
  /// An attribute that holds JavaScript, `onclick` and its like.
  case handler
  /// Inside `<style>`.
  case style
}

/// Reads the text of an HTML or XML template from beginning to end, and notes at each output where it lands.
///
/// Branches of a condition begin where the condition stood; what they leave behind is taken from the last one.
/// Source of the states: WHATWG HTML, 13.2.5 "Tokenization", without what only broken pages need.
struct HTMLContextScanner {
  private enum State {
    case text, tagName, tag, attributeName, beforeValue, doubleQuoted, singleQuoted, unquoted, comment, rawText
  }

  private struct Position {
    var state = State.text
    /// The element whose tag is being read, or whose raw text this is.
    var element = ""
    var attribute = ""
    /// Nothing in the value so far says what scheme it has, if it is a URL.
    var isSchemeOpen = false
    var isEndTag = false
  }

  private let source: UnsafePointer<UInt8>
  private let isXML: Bool
  private var position = Position()

  init(source: UnsafePointer<UInt8>, isXML: Bool) {
    self.source = source
    self.isXML = isXML
  }

  /// Marks every output among the operations with its context.
  mutating func mark(_ operations: inout [Operation], clauses: [Clause]) {
    var branches: [Int32: Position] = [:]
    // Where a body ends that may have been passed over, with all that it says of a scheme.
    var openEnds: Set<Int32> = []
    for index in operations.indices {
      if let start = branches.removeValue(forKey: Int32(index)) { position = start }
      if openEnds.remove(Int32(index)) != nil { position.isSchemeOpen = true }
      let operation = operations[index]
      if position.isSchemeOpen, operation.c > Int32(index) { openEnds.insert(operation.c) }
      switch operation.code {
      case .literal: scan(Int(operation.a), Int(operation.a + operation.b))
      case .output:
        operations[index].b = context.rawValue
        noteOutput()
      case .test, .testNot: branches[operation.b] = branches[operation.b] ?? position
      case .jump: if position.isSchemeOpen { openEnds.insert(operation.b) }
      case .choose:
        for clause in clauses[Int(operation.a)..<Int(operation.a + operation.b)] {
          branches[clause.body.from] = position
        }
      default: break
      }
    }
  }

  private static let urlAttributes: Set<String> = [
    "href", "src", "action", "formaction", "poster", "cite", "background", "xlink:href", "manifest", "ping", "data",
  ]

  private var context: HTMLContext {
    switch position.state {
    case .text, .comment: return .text
    case .tagName, .tag, .attributeName: return .bare
    case .beforeValue, .unquoted: return isURL ? .unquotedURL : isHandler ? .handler : .unquoted
    case .doubleQuoted, .singleQuoted: return isURL ? .url : isHandler ? .handler : .text
    case .rawText: return position.element == "script" ? .script : position.element == "style" ? .style : .text
    }
  }

  private var isURL: Bool { position.isSchemeOpen && Self.urlAttributes.contains(position.attribute) }

  private var isHandler: Bool { position.attribute.hasPrefix("on") }

  private mutating func noteOutput() {
    if position.state == .beforeValue { position.state = .unquoted }
  }

  private mutating func scan(_ start: Int, _ end: Int) {
    var at = start
    while at < end {
      let byte = source[at]
      switch position.state {
      case .text:
        if byte == UInt8(ascii: "<") { beginMarkup(&at, end) }
      case .comment:
        if byte == UInt8(ascii: ">"), at >= start + 2, source[at - 1] == UInt8(ascii: "-"),
          source[at - 2] == UInt8(ascii: "-")
        {
          position.state = .text
        }
      case .rawText: endRawText(&at, end)
      case .tagName:
        if isWord(byte) || byte == UInt8(ascii: "-") {
          position.element.unicodeScalars.append(Unicode.Scalar(lower(byte)))
        } else {
          position.state = .tag
          continue
        }
      case .tag, .attributeName: readAttribute(byte)
      case .beforeValue:
        if byte == UInt8(ascii: "\"") {
          position.state = .doubleQuoted
        } else if byte == UInt8(ascii: "'") {
          position.state = .singleQuoted
        } else if byte == UInt8(ascii: ">") {
          endTag()
        } else if !isSpace(byte) {
          position.state = .unquoted
          continue
        }
      case .doubleQuoted, .singleQuoted:
        let quote = UInt8(ascii: position.state == .doubleQuoted ? "\"" : "'")
        if byte == quote { position.state = .tag } else if endsScheme(byte) { position.isSchemeOpen = false }
      case .unquoted:
        if isSpace(byte) {
          position.state = .tag
        } else if byte == UInt8(ascii: ">") {
          endTag()
        } else if endsScheme(byte) {
          position.isSchemeOpen = false
        }
      }
      at += 1
    }
  }

  private func endsScheme(_ byte: UInt8) -> Bool { ":/?#".utf8.contains(byte) }

  private func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  private mutating func beginMarkup(_ at: inout Int, _ end: Int) {
    let next = at + 1 < end ? source[at + 1] : 0
    if next == UInt8(ascii: "!") {
      // `<![CDATA[` in XML begins text.
      if isXML, at + 2 < end, source[at + 2] == UInt8(ascii: "[") { return }
      position.state = at + 3 < end && source[at + 2] == UInt8(ascii: "-") ? .comment : .tag
      at += 1
    } else if isLetter(next) || next == UInt8(ascii: "/") {
      position.state = .tagName
      position.element = ""
      position.isEndTag = next == UInt8(ascii: "/")
      if position.isEndTag { at += 1 }
    }
  }

  private mutating func readAttribute(_ byte: UInt8) {
    if byte == UInt8(ascii: ">") {
      endTag()
    } else if byte == UInt8(ascii: "=") {
      position.state = .beforeValue
      position.isSchemeOpen = true
    } else if isSpace(byte) || byte == UInt8(ascii: "/") {
      position.state = .tag
      // An element of XML that closes itself holds no text.
      if isXML, byte == UInt8(ascii: "/") { position.isEndTag = true }
    } else {
      if position.state == .tag { position.attribute = "" }
      position.state = .attributeName
      position.attribute.unicodeScalars.append(Unicode.Scalar(lower(byte)))
    }
  }

  private mutating func endTag() {
    let isRaw = ["script", "style", "textarea", "title"].contains(position.element) && !position.isEndTag
    position.state = isRaw ? .rawText : .text
  }

  /// Raw text ends with the end tag of its element and nothing else.
  private mutating func endRawText(_ at: inout Int, _ end: Int) {
    let name = position.element.utf8
    guard source[at] == UInt8(ascii: "<"), at + 1 + name.count < end, source[at + 1] == UInt8(ascii: "/") else {
      return
    }
    for (offset, byte) in name.enumerated() where lower(source[at + 2 + offset]) != byte { return }
    position.state = .tag
    position.isEndTag = true
    at += 1 + name.count
  }
}
