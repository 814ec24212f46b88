public import Core

/// Turns text into a model's tokens and back; all that it knows stands in the model's file.
public struct Tokenizer: Sendable {
  private enum Encoder: Sendable {
    case sentencePiece(SentencePieceEncoder)
    case bytePair(BytePairEncoder)
  }

  /// The tokens.
  public let vocabulary: Vocabulary
  /// Whether a text begins with `beginning`.
  public let addsBeginning: Bool
  /// The token that begins a text, if there is one.
  public let beginning: Int32?
  /// The tokens that end a text.
  public let endings: Set<Int32>
  private let encoder: Encoder
  // Tokens that are matched before all others, the longest first.
  private let specials: [Int32]

  /// Reads the tokenizer of a model.
  public init(_ file: GGUFFile) throws(Diagnostic) {
    let vocabulary = try Vocabulary(file)
    self.vocabulary = vocabulary
    let ids = 0...vocabulary.count - 1
    switch file.text("tokenizer.ggml.model") {
    case "llama":
      encoder = .sentencePiece(try SentencePieceEncoder(file, vocabulary))
      addsBeginning = file.truth("tokenizer.ggml.add_bos_token") ?? true
    case "gpt2":
      encoder = .bytePair(try BytePairEncoder(file, vocabulary))
      addsBeginning = file.truth("tokenizer.ggml.add_bos_token") ?? false
    case let model:
      throw .model("the tokenizer '\(model ?? "")' is not supported", help: "supported are 'llama' and 'gpt2'")
    }
    beginning = try file.whole("tokenizer.ggml.bos_token_id", in: ids).map(Int32.init)
    let named = [
      try file.whole("tokenizer.ggml.eos_token_id", in: ids), try file.whole("tokenizer.ggml.eot_token_id", in: ids),
    ]
    let known = [
      "<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
    ].compactMap { vocabulary.token($0) }
    endings = Set(named.compactMap { $0.map(Int32.init) } + known.filter { vocabulary.kind($0) == .control })
    specials = (0..<Int32(vocabulary.count)).filter { token in
      switch vocabulary.kind(token) {
      case .control, .userDefined, .unknown: !vocabulary.text(token).isEmpty
      case .normal, .unused, .byte: false
      }
    }.sorted { (vocabulary.text($1).count, $0) < (vocabulary.text($0).count, $1) }
  }

  /// The tokens of a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - beginning: whether the token that begins a text is added, where the model has it so.
  ///   - parsingSpecials: whether the names of control tokens in the text become these tokens; never for text of others.
  public func encode(
    _ text: UnsafeBufferPointer<UInt8>, beginning addBeginning: Bool = false, parsingSpecials: Bool = false
  ) -> [Int32] {
    var tokens: [Int32] = []
    if addBeginning, addsBeginning, let beginning { tokens.append(beginning) }
    var followsSpecial = true
    for fragment in fragments(UnsafeRawBufferPointer(text), parsingSpecials) {
      switch (fragment, encoder) {
      case (.special(let token), _):
        tokens.append(token)
        followsSpecial = true
      case (.text(let text), .sentencePiece(let encoder)):
        encoder.encode(text, spacePrefix: encoder.addsSpacePrefix && followsSpecial, into: &tokens)
        followsSpecial = false
      case (.text(let text), .bytePair(let encoder)): encoder.encode(text, into: &tokens)
      }
    }
    return tokens
  }

  /// The tokens of a text.
  public func encode(_ text: String, beginning: Bool = false, parsingSpecials: Bool = false) -> [Int32] {
    var text = text
    return text.withUTF8 { encode($0, beginning: beginning, parsingSpecials: parsingSpecials) }
  }

  /// Adds the bytes that a token stands for; control tokens stand for none.
  public func decode(_ token: Int32, into bytes: inout [UInt8]) {
    switch vocabulary.kind(token) {
    case .control, .unknown, .unused: return
    case .userDefined: bytes.append(contentsOf: vocabulary.text(token))
    case .normal, .byte:
      switch encoder {
      case .sentencePiece(let encoder): encoder.decode(token, into: &bytes)
      case .bytePair(let encoder): encoder.decode(token, into: &bytes)
      }
    }
  }

  /// The bytes that tokens stand for.
  public func decode(_ tokens: some Sequence<Int32>) -> [UInt8] {
    var bytes: [UInt8] = []
    for token in tokens { decode(token, into: &bytes) }
    return bytes
  }

  private enum Fragment {
    case text(UnsafeRawBufferPointer)
    case special(Int32)
  }

  /// Cuts out special tokens, the longest first over the whole text.
  private func fragments(_ text: UnsafeRawBufferPointer, _ parsingSpecials: Bool) -> [Fragment] {
    guard !text.isEmpty else { return [] }
    var present = [Bool](repeating: false, count: 256)
    for byte in text { present[Int(byte)] = true }
    var fragments = [Fragment.text(text)]
    for special in specials {
      let name = vocabulary.text(special)
      guard present[Int(name[0])], parsingSpecials || vocabulary.kind(special) == .userDefined else { continue }
      var next: [Fragment]?
      for (index, fragment) in fragments.enumerated() {
        guard case .text(let text) = fragment, let parts = Self.cut(text, at: name, special) else {
          next?.append(fragment)
          continue
        }
        if next == nil { next = Array(fragments[..<index]) }
        next? += parts
      }
      if let next { fragments = next }
    }
    return fragments
  }

  /// The parts of a text around a token's name; nil where it does not occur.
  private static func cut(
    _ text: UnsafeRawBufferPointer, at name: UnsafeRawBufferPointer, _ token: Int32
  ) -> [Fragment]? {
    var parts: [Fragment] = []
    var start = 0
    var place = 0
    while place + name.count <= text.count {
      if text[place] == name[0], text[place..<place + name.count].elementsEqual(name) {
        if place > start { parts.append(.text(UnsafeRawBufferPointer(rebasing: text[start..<place]))) }
        parts.append(.special(token))
        place += name.count
        start = place
      } else {
        place += 1
      }
    }
    guard !parts.isEmpty else { return nil }
    if start < text.count { parts.append(.text(UnsafeRawBufferPointer(rebasing: text[start...]))) }
    return parts
  }
}
