import Core

/// Cuts text into words before byte-pair encoding: the regular expressions of the models, as scanners.
public enum PreTokenizer: String, Sendable, CaseIterable {
  case gpt2 = "gpt-2"
  case smollm
  case qwen2
  case llama3 = "llama-bpe"

  init(named name: String?) throws(Diagnostic) {
    let name = name ?? "gpt-2"
    guard let found = Self(rawValue: name == "default" ? "gpt-2" : name) else {
      let known = Self.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw .model("the pre-tokenizer '\(name)' is not supported", help: "supported are \(known)")
    }
    self = found
  }

  /// Calls `body` with each word; the words together are the text.
  func split(_ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
    var scanner = WordScanner(text)
    switch self {
    case .gpt2: while let word = scanner.gpt2Word(end: text.count) { body(word) }
    case .smollm:
      // Digits stand alone; what lies between them is cut as for gpt-2.
      while scanner.offset < text.count {
        if scanner.kind(at: scanner.offset) == .number {
          body(scanner.take(scanner.width(at: scanner.offset)))
        } else {
          let end = scanner.end(from: scanner.offset) { $0 != .number }
          while let word = scanner.gpt2Word(end: end) { body(word) }
        }
      }
    case .qwen2: while let word = scanner.modernWord(longestNumber: 1) { body(word) }
    case .llama3: while let word = scanner.modernWord(longestNumber: 3) { body(word) }
    }
  }
}

/// Reads words off a text from left to right.
struct WordScanner {
  /// The classes of characters that the expressions tell apart.
  enum Kind: UInt8 {
    case letter, number, lineBreak, space, other
  }

  private let text: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, up to `end`.
  mutating func gpt2Word(end limit: Int) -> UnsafeRawBufferPointer? {
    guard offset < limit else { return nil }
    if let count = contraction(foldingCase: false, limit) { return take(count) }
    let first = text[offset] == UInt8(ascii: " ") && offset + 1 < limit ? offset + 1 : offset
    let kind = kind(at: first)
    switch kind {
    case .letter, .number, .other: return take(end(from: first, limit) { $0 == kind } - offset)
    case .space, .lineBreak: return blanks(limit)
    }
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
  mutating func modernWord(longestNumber: Int) -> UnsafeRawBufferPointer? {
    let limit = text.count
    guard offset < limit else { return nil }
    if let count = contraction(foldingCase: true, limit) { return take(count) }
    let kind = kind(at: offset)
    let next = offset + width(at: offset)
    if kind == .letter { return take(end(from: offset, limit) { $0 == .letter } - offset) }
    if kind == .space || kind == .other, next < limit, self.kind(at: next) == .letter {
      return take(end(from: next, limit) { $0 == .letter } - offset)
    }
    if kind == .number {
      var last = offset
      for _ in 0..<longestNumber where last < limit && self.kind(at: last) == .number { last += width(at: last) }
      return take(last - offset)
    }
    let first = text[offset] == UInt8(ascii: " ") && next < limit ? next : offset
    if self.kind(at: first) == .other {
      var last = end(from: first, limit) { $0 == .other }
      while last < limit, text[last] == 10 || text[last] == 13 { last += 1 }
      return take(last - offset)
    }
    let blank = end(from: offset, limit) { $0 == .space || $0 == .lineBreak }
    if let lineBreak = (offset..<blank).last(where: { text[$0] == 10 || text[$0] == 13 }) {
      return take(lineBreak + 1 - offset)
    }
    return blanks(limit)
  }

  /// Takes blanks, without the last one where a word follows.
  private mutating func blanks(_ limit: Int) -> UnsafeRawBufferPointer {
    var last = offset
    var previous = offset
    while last < limit, kind(at: last) == .space || kind(at: last) == .lineBreak {
      previous = last
      last += width(at: last)
    }
    return take((last < limit && previous > offset ? previous : last) - offset)
  }

  private func contraction(foldingCase: Bool, _ limit: Int) -> Int? {
    guard text[offset] == UInt8(ascii: "'"), offset + 1 < limit else { return nil }
    func letter(_ place: Int) -> UInt8 { place < limit ? text[place] | (foldingCase ? 0x20 : 0) : 0 }
    switch (letter(offset + 1), letter(offset + 2)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _): return 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return 3
    default: return nil
    }
  }

  mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: text[offset..<offset + count])
  }

  /// Where the run of characters of a kind ends.
  func end(from start: Int, _ limit: Int? = nil, while isInside: (Kind) -> Bool) -> Int {
    let limit = limit ?? text.count
    var place = start
    while place < limit, isInside(kind(at: place)) { place += width(at: place) }
    return place
  }

  /// How many bytes the character at a place has.
  func width(at place: Int) -> Int {
    let count: Int
    switch text[place] {
    case 0xF0...: count = 4
    case 0xE0...: count = 3
    case 0xC0...: count = 2
    default: count = 1
    }
    return min(count, text.count - place)
  }

  func kind(at place: Int) -> Kind {
    let byte = text[place]
    if byte < 0x80 { return Self.ascii(byte) }
    let count = width(at: place)
    var value = UInt32(byte) & (count == 2 ? 0x1F : count == 3 ? 0x0F : 0x07)
    for index in 1..<max(1, count) { value = value << 6 | UInt32(text[place + index] & 0x3F) }
    guard count > 1, let scalar = Unicode.Scalar(value) else { return .other }
    if scalar.properties.isWhitespace { return .space }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return .other
    }
  }

  private static func ascii(_ byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case 10, 13: .lineBreak
    case 9, 11, 12, 32: .space
    default: .other
    }
  }
}
