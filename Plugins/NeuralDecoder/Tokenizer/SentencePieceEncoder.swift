import Core

/// Splits text into pieces as SentencePiece does: characters are joined by score; what has no piece becomes bytes.
///
/// Source: Kudo and Richardson 2018, "SentencePiece".
struct SentencePieceEncoder: Sendable {
  private let vocabulary: Vocabulary
  private let scores: [Float]
  private let byteTokens: [Int32]
  let addsSpacePrefix: Bool

  init(_ file: GGUFFile, _ vocabulary: Vocabulary) throws(Diagnostic) {
    guard let scores = try file.array("tokenizer.ggml.scores", of: [.float32]), scores.count == vocabulary.count else {
      throw .model("'tokenizer.ggml.scores' must have \(vocabulary.count) elements, one a token")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[scores.range])
    self.vocabulary = vocabulary
    self.scores = (0..<scores.count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    let digits = Array("0123456789ABCDEF".utf8)
    let unknown = Int32(try file.whole("tokenizer.ggml.unknown_token_id", in: 0...vocabulary.count - 1) ?? 0)
    byteTokens = (0..<256).map { byte in
      let name = Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15]] + Array(">".utf8)
      return name.withUnsafeBytes { vocabulary.token($0) }
        ?? [UInt8(byte)].withUnsafeBytes { vocabulary.token($0) } ?? unknown
    }
    addsSpacePrefix = file.truth("tokenizer.ggml.add_space_prefix") ?? true
  }

  /// Adds the tokens of a fragment to `tokens`.
  func encode(_ fragment: UnsafeRawBufferPointer, spacePrefix: Bool, into tokens: inout [Int32]) {
    var text: [UInt8] = []
    text.reserveCapacity(fragment.count + fragment.count / 2)
    if spacePrefix { text += Self.space }
    for byte in fragment {
      if byte == UInt8(ascii: " ") { text += Self.space } else { text.append(byte) }
    }
    text.withUnsafeBytes { text in
      var symbols: [Symbol] = []
      var offset = 0
      while offset < text.count {
        let count = min(Self.length(text[offset]), text.count - offset)
        symbols.append(Symbol(start: offset, count: count, token: -1))
        offset += count
      }
      var merger = PairMerger()
      merger.merge(&symbols) { left, right in
        let joined = UnsafeRawBufferPointer(rebasing: text[left.start..<right.start + right.count])
        return vocabulary.token(joined).map { Merge(priority: scores[Int($0)], token: $0) }
      } emit: { symbol in
        let range = symbol.start..<symbol.start + symbol.count
        if symbol.token >= 0 {
          tokens.append(symbol.token)
        } else if let token = vocabulary.token(UnsafeRawBufferPointer(rebasing: text[range])) {
          tokens.append(token)
        } else {
          for index in range { tokens.append(byteTokens[Int(text[index])]) }
        }
      }
    }
  }

  /// Adds the bytes that a normal or byte token stands for.
  func decode(_ token: Int32, into bytes: inout [UInt8]) {
    let text = vocabulary.text(token)
    if vocabulary.kind(token) == .byte {
      if let byte = byteTokens.firstIndex(of: token) { bytes.append(UInt8(byte)) }
      return
    }
    var offset = 0
    while offset < text.count {
      if text.count - offset >= 3, text[offset] == 0xE2, text[offset + 1] == 0x96, text[offset + 2] == 0x81 {
        bytes.append(UInt8(ascii: " "))
        offset += 3
      } else {
        bytes.append(text[offset])
        offset += 1
      }
    }
  }

  /// U+2581, which stands for a space.
  private static let space: [UInt8] = [0xE2, 0x96, 0x81]

  /// The length of a UTF-8 sequence by its first byte; 1 for what is no first byte.
  private static func length(_ byte: UInt8) -> Int {
    switch byte {
    case 0xF0...: 4
    case 0xE0...: 3
    case 0xC0...: 2
    default: 1
    }
  }
}
