/// How a model marks who speaks: the subset of chat templates that is known.
enum ChatTurns: CaseIterable {
  case chatML, gemma, llama3

  /// The form whose marks the model has as control tokens, or nil.
  init?(_ tokenizer: Tokenizer) {
    guard let found = Self.allCases.first(where: { tokenizer.vocabulary.token($0.mark) != nil }) else { return nil }
    self = found
  }

  /// The names of all forms, for people.
  static let forms = "ChatML, Gemma, Llama 3"

  private var mark: String {
    switch self {
    case .chatML: "<|im_start|>"
    case .gemma: "<start_of_turn>"
    case .llama3: "<|start_header_id|>"
    }
  }

  /// The tokens of a conversation of one question; control tokens in the texts themselves are only text.
  ///
  /// As in the models' own templates, those of Gemma and Llama 3 take blanks off the ends of what is said.
  func tokens(system: String?, question: String, _ tokenizer: Tokenizer) -> [Int32] {
    var tokens: [Int32] = []
    if tokenizer.addsBeginning, let beginning = tokenizer.beginning { tokens.append(beginning) }
    func marks(_ text: String) { tokens += tokenizer.encode(text, parsingSpecials: true) }
    func turn(_ role: String, _ text: String) {
      switch self {
      case .chatML: marks("<|im_start|>\(role)\n")
      case .gemma: marks("<start_of_turn>\(role)\n")
      case .llama3: marks("<|start_header_id|>\(role)<|end_header_id|>\n\n")
      }
      tokens += tokenizer.encode(text)
      switch self {
      case .chatML: marks("<|im_end|>\n")
      case .gemma: marks("<end_of_turn>\n")
      case .llama3: marks("<|eot_id|>")
      }
    }
    switch self {
    case .gemma:
      // Gemma knows no system turn: what it is told comes first in the question.
      turn("user", (system.map { "\($0)\n\n" } ?? "") + Self.trimmed(question))
      marks("<start_of_turn>model\n")
    case .chatML:
      if let system { turn("system", system) }
      turn("user", question)
      marks("<|im_start|>assistant\n")
    case .llama3:
      if let system { turn("system", Self.trimmed(system)) }
      turn("user", Self.trimmed(question))
      marks("<|start_header_id|>assistant<|end_header_id|>\n\n")
    }
    return tokens
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }
}
