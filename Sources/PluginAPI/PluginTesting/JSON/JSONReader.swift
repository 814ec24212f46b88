import PluginAPI

/// Reads JSON (RFC 8259) into the nodes of a `TestDocument`.
struct JSONReader {
  private(set) var nodes: [TestDocument.Node] = []
  /// The texts of all strings, numbers and keys.
  private(set) var text: [UInt8] = []
  private let source: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ source: String) { self.source = Array(source.utf8) }

  /// Reads the whole source and returns the index of its value.
  mutating func document() throws(TestError) -> UInt32 {
    let root = try value()
    skipBlanks()
    guard position == source.count else { throw fault("the end") }
    return root
  }

  private mutating func value() throws(TestError) -> UInt32 {
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try container(end: UInt8(ascii: "}"), kind: .object)
    case UInt8(ascii: "["): return try container(end: UInt8(ascii: "]"), kind: .array)
    case UInt8(ascii: "\""): return add(.init(kind: .string, text: try string()))
    case UInt8(ascii: "t"): return add(.init(kind: .boolean, text: try word("true", keeping: 1)))
    case UInt8(ascii: "f"): return add(.init(kind: .boolean, text: try word("false", keeping: 0)))
    case UInt8(ascii: "n"): return add(.init(kind: .null, text: try word("null", keeping: 0)))
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    default: throw fault("a value")
    }
  }

  private mutating func container(end: UInt8, kind: Value.Kind) throws(TestError) -> UInt32 {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 512 else { throw fault("at most 512 levels") }
    position += 1
    var node = TestDocument.Node(kind: kind)
    skipBlanks()
    if accept(end) { return add(node) }
    repeat {
      if kind == .object {
        skipBlanks()
        guard peek == UInt8(ascii: "\"") else { throw fault("a key in quotes") }
        node.keys.append(try string())
        skipBlanks()
        guard accept(UInt8(ascii: ":")) else { throw fault("':'") }
      }
      node.children.append(try value())
      skipBlanks()
    } while accept(UInt8(ascii: ","))
    guard accept(end) else { throw fault("',' or '\(Unicode.Scalar(end))'") }
    return add(node)
  }

  private mutating func number() throws(TestError) -> UInt32 {
    let start = position
    var isInteger = true
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false }
    func digits(_ reader: inout JSONReader) throws(TestError) {
      guard isDigit(reader.peek) else { throw reader.fault("a digit") }
      while isDigit(reader.peek) { reader.position += 1 }
    }
    _ = accept(UInt8(ascii: "-"))
    if !accept(UInt8(ascii: "0")) { try digits(&self) }
    if accept(UInt8(ascii: ".")) {
      isInteger = false
      try digits(&self)
    }
    if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
      isInteger = false
      if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
      try digits(&self)
    }
    let range = append(source[start..<position])
    let fits = isInteger && Int64(String(decoding: source[start..<position], as: UTF8.self)) != nil
    return add(.init(kind: fits ? .integer : .double, text: range))
  }

  private mutating func string() throws(TestError) -> Range<Int> {
    position += 1
    let start = text.count
    while true {
      guard let byte = peek, byte >= 0x20 else { throw fault("'\"'") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return start..<text.count
      case UInt8(ascii: "\\"): try escape()
      default: text.append(byte)
      }
    }
  }

  private mutating func escape() throws(TestError) {
    guard let byte = peek else { throw fault("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape()
    default: throw fault("an escape")
    }
  }

  private mutating func unicodeEscape() throws(TestError) {
    var code = UInt32(try fourHexDigits())
    if 0xD800...0xDBFF ~= code, source[position...].starts(with: Array("\\u".utf8)) {
      position += 2
      let low = UInt32(try fourHexDigits())
      guard 0xDC00...0xDFFF ~= low else { throw fault("the second half of a surrogate pair") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private mutating func fourHexDigits() throws(TestError) -> UInt16 {
    guard position + 4 <= source.count,
      source[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt16(String(decoding: source[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits") }
    position += 4
    return code
  }

  private mutating func word(_ word: StaticString, keeping kept: Int) throws(TestError) -> Range<Int> {
    let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard source[position...].starts(with: bytes) else { throw fault("'\(word)'") }
    position += bytes.count
    return append(source[position - kept..<position])
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) -> Range<Int> {
    text.append(contentsOf: bytes)
    return text.count - bytes.count..<text.count
  }

  private mutating func add(_ node: TestDocument.Node) -> UInt32 {
    nodes.append(node)
    return UInt32(nodes.count - 1)
  }

  private var peek: UInt8? { position < source.count ? source[position] : nil }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private func fault(_ expected: String) -> TestError {
    let before = source[..<position]
    let line = before.count { $0 == 0x0A } + 1
    let column = position - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return TestError("is not JSON: expected \(expected) at \(line):\(column)")
  }
}
