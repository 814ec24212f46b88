/// How each word of a model is shown: its text without marks, how long that is, and where blanks stand around it.
final class DisplayWords: Sendable {
  struct Word: Sendable {
    /// Without its mark.
    let text: String
    let length: Int
    /// What the word's mark says of a blank before it.
    let isSpaced: Bool?
    let isSlot: Bool

    init(_ token: String) {
      (text, isSpaced) = Spacing.unmarked(token)
      length = text.count
      isSlot = Detokeniser.slot(text) != nil
    }
  }

  let words: [Word]

  init(_ model: Model) { words = (0..<UInt32(model.wordCount)).map { Word(model.text($0)) } }
}

/// Shows words: slots by their values, and numbers from the model's word count on by literals that it does not know.
struct DisplayTable {
  private let base: DisplayWords
  private let literals: [DisplayWords.Word]
  private let detokeniser: Detokeniser

  init(_ base: DisplayWords, literals: [String], _ detokeniser: Detokeniser) {
    self.base = base
    self.literals = literals.map(DisplayWords.Word.init)
    self.detokeniser = detokeniser
  }

  @inline(__always)
  private func word(_ id: UInt32) -> DisplayWords.Word {
    Int(id) < base.words.count ? base.words[Int(id)] : literals[Int(id) - base.words.count]
  }

  private func value(_ word: DisplayWords.Word) -> String? {
    Detokeniser.slot(word.text).flatMap { detokeniser.values[$0] }
  }

  /// Whether a word is a slot that has no value.
  @inline(__always)
  func isOpenSlot(_ id: UInt32) -> Bool {
    let word = word(id)
    return word.isSlot && value(word) == nil
  }

  /// How many characters a word adds behind another, or as the first.
  func length(_ id: UInt32, after previous: UInt32?) -> Int {
    let word = word(id)
    let own = word.isSlot ? value(word)?.count ?? word.length : word.length
    return own + (previous.map { isSpaced($0, word) } == true ? 1 : 0)
  }

  /// How many characters words take, as people count them.
  func length(_ ids: some Sequence<UInt32>) -> Int {
    var previous: UInt32?
    var sum = 0
    for id in ids {
      sum += length(id, after: previous)
      previous = id
    }
    return sum
  }

  private func isSpaced(_ left: UInt32, _ right: DisplayWords.Word) -> Bool {
    right.isSpaced ?? Spacing.isSpaced(word(left).text, right.text)
  }

  func text(_ ids: some Sequence<UInt32>) -> String {
    var text = ""
    var previous: UInt32?
    var isBeginning = detokeniser.capitalises
    for id in ids {
      let word = word(id)
      if let previous, isSpaced(previous, word) { text += " " }
      let shown = word.isSlot ? value(word) ?? word.text : word.text
      text += isBeginning ? Detokeniser.capitalised(shown) : shown
      if detokeniser.capitalises {
        isBeginning = Casing.endsSentence(word.text) || isBeginning && Casing.isNeutral(word.text)
      }
      previous = id
    }
    return text
  }
}
