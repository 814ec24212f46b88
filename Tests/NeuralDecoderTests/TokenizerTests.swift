import Core
import NeuralDecoder
import Testing

struct TokenizerTests {
  /// Calls `body` with the tokenizer of a file.
  static func with<R>(_ writer: GGUFWriter, _ body: (Tokenizer) throws -> R) throws -> R {
    let bytes = writer.bytes
    return try bytes.withUnsafeBytes { try body(Tokenizer(GGUFFile($0))) }
  }

  /// A byte-level vocabulary: the 256 bytes, then what the merges make, then two control tokens and a user's own.
  static func bytePair(_ pre: String, merges: [String], without: UInt32? = nil) -> GGUFWriter {
    var writer = GGUFWriter()
    var next: UInt32 = 0x100
    let bytes = (0..<256).map { (byte: UInt32) -> [UInt8] in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      defer { if !isPrintable { next += 1 } }
      if byte == without { return Array("absent".utf8) }
      return Array(String(Unicode.Scalar(isPrintable ? byte : next).map(Character.init) ?? " ").utf8)
    }
    let joined = merges.map { Array($0.utf8.filter { $0 != UInt8(ascii: " ") }) }
    let tokens = bytes + joined + ["<|end|>", "<|x|>", "<br>"].map { Array($0.utf8) }
    writer.add("tokenizer.ggml.model", "gpt2")
    writer.add("tokenizer.ggml.pre", pre)
    writer.add("tokenizer.ggml.tokens", tokens)
    let types = [Int32](repeating: 1, count: bytes.count + joined.count) + [3, 3, 4]
    writer.add("tokenizer.ggml.token_type", types)
    writer.add("tokenizer.ggml.merges", merges.map { Array($0.utf8) })
    writer.add("tokenizer.ggml.eos_token_id", UInt32(tokens.count - 3))
    return writer
  }

  static func sentencePiece() -> GGUFWriter {
    var writer = GGUFWriter()
    let bytes = (0..<256).map { "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">" }
    let pieces = ["a", "b", "▁", "ab", "▁a", "▁ab", "  "]
    let tokens = (["<unk>", "<s>"] + bytes + pieces).map { Array($0.utf8) }
    writer.add("tokenizer.ggml.model", "llama")
    writer.add("tokenizer.ggml.tokens", tokens)
    writer.add("tokenizer.ggml.scores", tokens.indices.map { Float($0 < 258 ? 0 : $0 == 262 ? -1 : -2) })
    writer.add(
      "tokenizer.ggml.token_type",
      tokens.indices.map { Int32($0 == 0 ? 2 : $0 == 1 ? 3 : $0 < 258 ? 6 : $0 == tokens.count - 1 ? 4 : 1) })
    writer.add("tokenizer.ggml.bos_token_id", UInt32(1))
    return writer
  }

  @Test func bytePairsJoinByRank() throws {
    try Self.with(Self.bytePair("gpt-2", merges: ["b c", "a b", "a bc"])) { tokenizer in
      // 'b c' ranks before 'a b', so that 'abc' is a + bc and then abc.
      #expect(tokenizer.encode("abc") == [258])
      #expect(tokenizer.encode("ab") == [257])
      #expect(tokenizer.decode(tokenizer.encode("Grüße, 你好 🥾\n")) == Array("Grüße, 你好 🥾\n".utf8))
    }
  }

  @Test func aByteWithoutATokenIsLeftOutAndNothingIsJoinedOverIt() throws {
    try Self.with(Self.bytePair("gpt-2", merges: ["a b"], without: 0x78)) { tokenizer in
      #expect(tokenizer.encode("axb") == [97, 98])
      #expect(tokenizer.encode("xab") == [256])
    }
  }

  static let words: [(pre: String, text: String, words: [String])] = [
    ("gpt-2", "it's 12 o'clock  now!!\n", ["it", "'s", " 12", " o", "'", "clock", " ", " now", "!!", "\n"]),
    ("smollm", "in 2024 we", ["in", " ", "2", "0", "2", "4", " we"]),
    ("qwen2", "It'S (new) 12\r\n x", ["It", "'S", " (", "new", ")", " ", "1", "2", "\r\n", " x"]),
    ("llama-bpe", "12345 a\n\n b", ["123", "45", " a", "\n\n", " b"]),
  ]

  @Test(arguments: words.indices)
  func wordsAreCutAsTheModelsDo(_ index: Int) throws {
    let (pre, text, words) = Self.words[index]
    // Every word is merged whole from left to right, so that each is one token and its borders can be seen.
    func shown(_ byte: UInt8) -> String {
      switch byte {
      case 10: "Ċ"
      case 13: "č"
      case 32: "Ġ"
      default: String(Unicode.Scalar(byte))
      }
    }
    var merges: [String] = []
    for word in words {
      var whole = ""
      for byte in word.utf8 {
        if !whole.isEmpty, !merges.contains("\(whole) \(shown(byte))") { merges.append("\(whole) \(shown(byte))") }
        whole += shown(byte)
      }
    }
    try Self.with(Self.bytePair(pre, merges: merges)) { tokenizer in
      #expect(tokenizer.encode(text).map { String(decoding: tokenizer.decode([$0]), as: UTF8.self) } == words)
    }
  }

  @Test func piecesJoinByScoreAndUnknownCharactersBecomeBytes() throws {
    try Self.with(Self.sentencePiece()) { tokenizer in
      // ab (-1) before ▁a (-2), then ▁ab; ß has no piece.
      #expect(tokenizer.encode("ab", beginning: true) == [1, 263])
      #expect(tokenizer.encode("aß") == [262, 2 + 0xC3, 2 + 0x9F])
      #expect(tokenizer.decode([262, 2 + 0xC3, 2 + 0x9F]) == Array(" aß".utf8))
    }
  }

  @Test func usersOwnPiecesComeFirstAndControlTokensOnlyWhenAskedFor() throws {
    try Self.with(Self.sentencePiece()) { tokenizer in
      #expect(tokenizer.encode("a  b") == [262, 264, 260, 259])
      #expect(tokenizer.encode("<s>").count > 1)
      #expect(tokenizer.encode("<s>a", parsingSpecials: true) == [1, 262])
    }
    try Self.with(Self.bytePair("gpt-2", merges: [])) { tokenizer in
      #expect(tokenizer.encode("<br>") == [258])
      #expect(tokenizer.encode("<|end|>").count == 7)
      #expect(tokenizer.encode("<|end|>", parsingSpecials: true) == [256])
      #expect(tokenizer.decode([256, 258]) == Array("<br>".utf8))
      #expect(tokenizer.endings == [256])
    }
  }

  @Test func unknownPreTokenizersAreNamed() {
    let error = #expect(throws: Diagnostic.self) { try Self.with(Self.bytePair("tekken", merges: [])) { _ in } }
    #expect(error?.description.contains("'tekken' is not supported") == true)
  }

  @Test func longTextsTakeNoQuadraticTime() throws {
    try Self.with(Self.sentencePiece()) { tokenizer in
      let text = String(repeating: "ab", count: 200_000)
      #expect(tokenizer.encode(text).count == 200_000)
    }
  }
}
