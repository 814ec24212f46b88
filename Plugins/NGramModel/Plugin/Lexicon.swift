/// Finds the words of a model that copy stands for.
struct Lexicon: Sendable {
  let model: Model
  let notes: ModelNotes
  /// The numbers of all words that look alike but for case and marks.
  private let alike: [String: [UInt32]]

  init(_ model: Model) {
    self.model = model
    notes = ModelNotes(json: model.metadata)
    var alike: [String: [UInt32]] = [:]
    for id in 3..<UInt32(max(3, model.wordCount)) {
      alike[Spacing.unmarked(model.text(id)).text.lowercased(), default: []].append(id)
    }
    self.alike = alike
  }

  func tokens(_ text: String) -> [String] {
    guard notes.splitsCopy else { return text.split { $0 == " " || $0 == "\t" || $0.isNewline }.map(String.init) }
    return Tokeniser(recognisesClasses: notes.recognisesClasses).tokens(text)
  }

  /// The words of a sentence; 0 for those that the model does not know.
  func words(_ text: String) -> [UInt32] {
    var isBeginning = notes.capitalises
    return tokens(text).map { token in
      let (piece, _) = Spacing.unmarked(token)
      let id = id(token, piece, isBeginning: isBeginning)
      if notes.capitalises { isBeginning = Casing.endsSentence(piece) || isBeginning && Casing.isNeutral(piece) }
      return id
    }
  }

  private func id(_ token: String, _ piece: String, isBeginning: Bool) -> UInt32 {
    let known = model.id(of: token)
    if known != Vocabulary.unknown { return known }
    let same = model.id(of: piece)
    if same != Vocabulary.unknown { return same }
    return isBeginning ? alike[piece.lowercased()]?.first ?? Vocabulary.unknown : Vocabulary.unknown
  }

  /// The words of a phrase that may stand anywhere; nil where the model does not know one of them as it is written, but
  /// for the case of the phrase's first letter, which a sentence's beginning may have changed.
  func phrase(_ text: String) -> [UInt32]? {
    let words = tokens(text).enumerated().map { index, token in
      let known = model.id(of: token)
      if known != Vocabulary.unknown || index > 0 { return known }
      let piece = Spacing.unmarked(token).text
      return alike[piece.lowercased()]?.first {
        Spacing.unmarked(model.text($0)).text.dropFirst() == piece.dropFirst()
      } ?? Vocabulary.unknown
    }
    return words.contains(Vocabulary.unknown) ? nil : words
  }

  /// A phrase's words whatever their case and marks.
  func folded(_ text: String) -> [String] { tokens(text).map { Spacing.unmarked($0).text.lowercased() } }

  /// Every way to write a phrase in words of the model, whatever case and marks; at most 256 ways.
  func spellings(_ text: String) -> [[UInt32]] {
    var spellings: [[UInt32]] = [[]]
    for word in folded(text) {
      let ids = alike[word] ?? []
      spellings = Array(spellings.flatMap { start in ids.map { start + [$0] } }.prefix(256))
    }
    return spellings.filter { !$0.isEmpty }
  }
}
