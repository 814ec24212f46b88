public import Core

/// A pattern that generated text must have, with what is known of it for one vocabulary.
///
/// For one thread at a time: the decoder's turn guards it.
public final class Constraint: @unchecked Sendable {
  // Used only by the thread that drives the decoder; hence the unchecked conformance.
  let automaton: Automaton
  private let vocabulary: SortedVocabulary
  private let endings: Set<Int32>
  private var masks: [Automaton.State: TokenMask] = [:]
  /// How many tokens they hold together.
  private var held = 0
  private static let mostHeld = 1 << 25

  /// Prepares a pattern for a model's tokens.
  public init(_ pattern: Pattern, _ decoder: Decoder) throws(Diagnostic) {
    automaton = try Automaton(pattern)
    vocabulary = decoder.sortedVocabulary
    endings = decoder.model.tokenizer.endings
  }

  /// Whether a whole text has the pattern.
  public func matches(_ text: String) -> Bool {
    let state = automaton.step(automaton.start, text.utf8)
    return state >= 0 && automaton.accepts(state)
  }

  /// How many bytes the longest beginning of a text has that is a whole text of the pattern; 0 where none is.
  func wholeCount(of text: [UInt8]) -> Int {
    var (state, count) = (automaton.start, 0)
    for (place, byte) in text.enumerated() {
      state = automaton.step(state, byte)
      guard state >= 0 else { break }
      if automaton.accepts(state) { count = place + 1 }
    }
    return count
  }

  /// The tokens that may follow in a state.
  func mask(_ state: Automaton.State) -> TokenMask {
    if let known = masks[state] { return known }
    let mask = vocabulary.mask(automaton, state, endings: endings)
    // Long texts have many states, and a large vocabulary a megabyte for each.
    held += mask.tokens.count
    if held > Self.mostHeld { (masks, held) = ([:], mask.tokens.count) }
    masks[state] = mask
    return mask
  }
}

extension Pattern {
  /// One of some texts.
  public static func anyOf(_ texts: [String]) -> Pattern { .choice(texts.map { .text($0) }) }

  /// Free text on one line in which braces only ever stand around known names: `{name}`.
  ///
  /// The model writes around the slots, the host fills them: what is said of a product cannot be invented. How long
  /// the text may be is the token budget's to say.
  public static func slotted(_ names: [String]) -> Pattern {
    let free = ByteSet((0x20...0x7E).filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") })
    return .repeated(.choice([.character(ascii: free)] + names.map { .text("{\($0)}") }), least: 1, most: nil)
  }
}
