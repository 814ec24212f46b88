import Core

/// A value that a brief should not hold, but will one day.
struct OddValue: Sendable {
  let words: String
  let write: @Sendable (DocumentBuilder) -> Void

  static let long = String(repeating: "0123456789", count: 10_000)

  static func emptyArray(_ builder: DocumentBuilder) {
    builder.beginArray()
    builder.end()
  }

  static func emptyObject(_ builder: DocumentBuilder) {
    builder.beginObject()
    builder.end()
  }

  /// Every sort; text that was not UTF-8 stands as the host hands it on, with U+FFFD for what was wrong.
  static let all: [OddValue] = [
    OddValue(words: "null") { $0.null() },
    OddValue(words: "true") { $0.bool(true) },
    OddValue(words: "0") { $0.int(0) },
    OddValue(words: "the least integer") { $0.int(.min) },
    OddValue(words: "the greatest integer") { $0.int(.max) },
    OddValue(words: "1e308") { $0.double(1e308) },
    OddValue(words: "a number of 400 digits") { builder in
      let digits = [UInt8](repeating: 57, count: 400)
      digits.withUnsafeBufferPointer { builder.number($0) }
    },
    OddValue(words: "an empty text") { $0.string("") },
    OddValue(words: "blanks") { $0.string(" \t\n ") },
    OddValue(words: "a text of 1 MiB") { $0.string(String(repeating: "0123456789abcdef", count: 1 << 16)) },
    OddValue(words: "a text that was invalid UTF-8") { builder in
      let bytes: [UInt8] = [0xFF, 0x61, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xC3]
      bytes.withUnsafeBufferPointer { withValidUTF8($0) { builder.string($0) } }
    },
    OddValue(words: "a text with control characters") { $0.string("a\0b\u{1}\u{7F}\u{85}\u{2028}\u{202E}c\u{FEFF}") },
    OddValue(words: "a text of markup") { $0.string("</script><b a='\"'>{{ x }}{% raw %}]]>&amp;<!--") },
    OddValue(words: "a text of combining marks") { $0.string("e" + String(repeating: "\u{301}", count: 1000)) },
    OddValue(words: "an empty array", write: emptyArray),
    OddValue(words: "an array of 10,000 numbers") { builder in
      builder.beginArray()
      for index in 0..<10_000 { builder.int(Int64(index)) }
      builder.end()
    },
    OddValue(words: "arrays 100 deep") { builder in
      for _ in 0..<100 { builder.beginArray() }
      for _ in 0..<100 { builder.end() }
    },
    OddValue(words: "an empty object", write: emptyObject),
    OddValue(words: "an object with 1,000 members") { builder in
      builder.beginObject()
      for index in 0..<1000 {
        builder.key("key\(index)")
        builder.null()
      }
      builder.end()
    },
  ]

  /// Every place of a value that is not inside an array, from the top down; the empty path is the value itself.
  static func paths(of value: Value) -> [[String]] {
    var paths: [[String]] = [[]]
    if value.kind == .object {
      for index in 0..<value.count {
        let key = String(decoding: value.key(at: index), as: UTF8.self)
        paths += Self.paths(of: value[index]).map { [key] + $0 }
      }
    }
    return paths
  }

  /// Copies a value with another in place of what lies at a path; nil leaves it out.
  static func copy(
    _ value: Value, to builder: DocumentBuilder, replacing path: ArraySlice<String>, by odd: OddValue?
  ) {
    guard let first = path.first else {
      if let odd { odd.write(builder) } else { builder.null() }
      return
    }
    builder.beginObject()
    for index in 0..<value.count {
      let key = String(decoding: value.key(at: index), as: UTF8.self)
      if key != first {
        builder.key(key)
        builder.copy(value[index])
      } else if path.count > 1 || odd != nil {
        builder.key(key)
        copy(value[index], to: builder, replacing: path.dropFirst(), by: odd)
      }
    }
    builder.end()
  }
}
