/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  /// Bytes before the fault.
  public let offset: Int
  /// What was found and what was expected; lower case, no full stop.
  public let detail: String

  /// The message with its place.
  public var description: String { "\(detail) (at byte \(offset))" }
}

extension DocumentBuilder {
  /// Parses one JSON text (RFC 8259) and puts it on the tape as a root.
  ///
  /// The input must be valid UTF-8; escapes that name half a surrogate pair become U+FFFD. The input is copied, once.
  ///
  /// - Throws: `JSONError`; nothing is left on the tape then.
  /// - Complexity: O(bytes). Nesting is limited to 512 levels.
  public func parseJSON(_ input: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Value {
    let copy = appendText(input)
    // One byte past the input is written, so that the parser may look ahead of the last byte.
    bytes.append(0)
    var parser = JSONParser(builder: self, base: copy.lowerBound, end: copy.upperBound)
    do throws(JSONError) {
      try parser.parseDocument()
    } catch {
      abandonRoot()
      bytes.count = copy.lowerBound
      throw error
    }
    return finishRoot()
  }
}

/// Reads the bytes of a builder in place: strings with escapes are shortened where they stand.
struct JSONParser {
  let builder: DocumentBuilder
  /// First byte of the text within the builder's bytes.
  let base: Int
  let bytes: UnsafeMutablePointer<UInt8>
  let end: Int
  var at: Int

  init(builder: DocumentBuilder, base: Int, end: Int) {
    self.builder = builder
    self.base = base
    self.bytes = builder.bytes.start
    self.end = end
    self.at = base
  }

  mutating func parseDocument() throws(JSONError) {
    var isObject: [Bool] = []
    repeat {
      // A value is expected here.
      skipSpace()
      switch try current() {
      case UInt8(ascii: "{"):
        at += 1
        builder.beginObject()
        skipSpace()
        if at < end, bytes[at] == UInt8(ascii: "}") {
          at += 1
          builder.end()
          break
        }
        isObject.append(true)
        if isObject.count > 512 { throw fault("nested deeper than 512 levels") }
        try key()
        continue
      case UInt8(ascii: "["):
        at += 1
        builder.beginArray()
        skipSpace()
        if at < end, bytes[at] == UInt8(ascii: "]") {
          at += 1
          builder.end()
          break
        }
        isObject.append(false)
        if isObject.count > 512 { throw fault("nested deeper than 512 levels") }
        continue
      case UInt8(ascii: "\""): builder.string(at: try string())
      case UInt8(ascii: "t"):
        try word("true")
        builder.bool(true)
      case UInt8(ascii: "f"):
        try word("false")
        builder.bool(false)
      case UInt8(ascii: "n"):
        try word("null")
        builder.null()
      default: try number()
      }
      // A value is complete: close what it completes.
      while let inObject = isObject.last {
        skipSpace()
        let byte = try current()
        if byte == UInt8(ascii: ",") {
          at += 1
          if inObject {
            skipSpace()
            try key()
          }
          break
        }
        guard byte == UInt8(ascii: inObject ? "}" : "]") else {
          throw fault("found \(shown(byte)), expected ',' or '\(inObject ? "}" : "]")'")
        }
        at += 1
        builder.end()
        isObject.removeLast()
      }
    } while !isObject.isEmpty
    skipSpace()
    if at < end { throw fault("found \(shown(bytes[at])) after the end of the value") }
  }

  private mutating func key() throws(JSONError) {
    let byte = try current()
    guard byte == UInt8(ascii: "\"") else { throw fault("found \(shown(byte)), expected a quoted key") }
    builder.string(at: try string())
    skipSpace()
    let colon = try current()
    guard colon == UInt8(ascii: ":") else { throw fault("found \(shown(colon)), expected ':'") }
    at += 1
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard at + text.count <= end, equalBytes(UnsafeBufferPointer(start: bytes + at, count: text.count), text)
    else { throw fault("expected '\(word)'") }
    at += text.count
  }

  private mutating func number() throws(JSONError) {
    let start = at
    var isInteger = true
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let digits = at
    skipDigits()
    guard at > digits else {
      throw fault("found \(shown(bytes[start])), expected a value", at: start)
    }
    if bytes[digits] == UInt8(ascii: "0"), at > digits + 1 {
      throw fault("a number must not begin with 0", at: digits)
    }
    if at < end, bytes[at] == UInt8(ascii: ".") {
      isInteger = false
      at += 1
      let fraction = at
      skipDigits()
      guard at > fraction else { throw fault("expected a digit after '.'") }
    }
    if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      let exponent = at
      skipDigits()
      guard at > exponent else { throw fault("expected a digit in the exponent") }
    }
    let text = UnsafeBufferPointer(start: bytes + start, count: at - start)
    let fits = isInteger && (text.count < 18 || NumberText.integer(text) != nil)
    builder.pending.append(Node(fits ? .integer : .double, count: text.count, payload: UInt64(start)))
  }

  private mutating func skipDigits() {
    while at < end, bytes[at] &- 48 < 10 { at += 1 }
  }

  /// Reads a string, the opening quote being at `at`; returns where its text lies.
  private mutating func string() throws(JSONError) -> Range<Int> {
    at += 1
    let start = at
    // Most strings have no escape: find the closing quote eight bytes at a time.
    while true {
      while at + 8 <= end {
        let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self)
        if hasSpecialByte(word) { break }
        at += 8
      }
      while at < end, !isSpecial(bytes[at]) { at += 1 }
      guard at < end else { throw fault("the string is not closed", at: start - 1) }
      if bytes[at] == UInt8(ascii: "\"") {
        at += 1
        return start..<at - 1
      }
      if bytes[at] == UInt8(ascii: "\\") { return try escapedString(from: start) }
      throw fault("found \(shown(bytes[at])) inside a string, expected it as an escape")
    }
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> Range<Int> {
    var write = at
    while at < end {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return start..<write
      }
      if byte < 0x20 { throw fault("found \(shown(byte)) inside a string, expected it as an escape") }
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        bytes[write] = byte
        write += 1
        continue
      }
      let escape = try current()
      at += 1
      let plain: UInt8
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = escape
      case UInt8(ascii: "b"): plain = 8
      case UInt8(ascii: "f"): plain = 12
      case UInt8(ascii: "n"): plain = 10
      case UInt8(ascii: "r"): plain = 13
      case UInt8(ascii: "t"): plain = 9
      case UInt8(ascii: "u"):
        let scalar = try unicodeEscape()
        for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          bytes[write] = unit
          write += 1
        }
        continue
      default: throw fault("'\\\(Character(Unicode.Scalar(escape)))' is not an escape", at: at - 2)
      }
      bytes[write] = plain
      write += 1
    }
    throw fault("the string is not closed", at: start - 1)
  }

  /// Reads what follows `\u`, and the second half of a pair where there is one.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try hexDigits()
    if 0xD800..<0xDC00 ~= first, at + 1 < end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
      let mark = at
      at += 2
      let second = try hexDigits()
      if 0xDC00..<0xE000 ~= second {
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
      }
      at = mark
    }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    var result: UInt32 = 0
    for _ in 0..<4 {
      let byte = try current()
      let digit: UInt8
      switch byte {
      case 48...57: digit = byte - 48
      case 65...70: digit = byte - 55
      case 97...102: digit = byte - 87
      default: throw fault("found \(shown(byte)), expected four hexadecimal digits after '\\u'")
      }
      result = result << 4 | UInt32(digit)
      at += 1
    }
    return result
  }

  @inline(__always)
  private mutating func skipSpace() {
    while at < end, bytes[at] <= 0x20,
      bytes[at] == 0x20 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9
    { at += 1 }
  }

  @inline(__always)
  private func current() throws(JSONError) -> UInt8 {
    guard at < end else { throw fault("the text ends too early") }
    return bytes[at]
  }

  private func fault(_ detail: String, at place: Int? = nil) -> JSONError {
    JSONError(offset: (place ?? at) - base, detail: detail)
  }

  private func shown(_ byte: UInt8) -> String {
    0x21...0x7E ~= byte
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}

@inline(__always)
private func isSpecial(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20
}

/// Whether any of eight bytes is a quote, a backslash or a control character.
@inline(__always)
private func hasSpecialByte(_ word: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let highs: UInt64 = 0x8080_8080_8080_8080
  let quote = word ^ (ones &* 0x22)
  let backslash = word ^ (ones &* 0x5C)
  let zeros =
    ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
  return zeros & highs != 0
}
