/// What a written sentence must be like; every rule holds for every sentence that comes out.
public struct WritingRules: Sendable {
  /// Phrases that the sentence contains.
  public var mustInclude: [[UInt32]] = []
  /// The words it begins with.
  public var startsWith: [UInt32] = []
  /// The words it ends with, such as a call to action.
  public var endsWith: [UInt32] = []
  /// Words that it does not contain.
  public var forbidden: Set<UInt32> = []
  /// Phrases that it does not contain.
  public var forbiddenPhrases: [[UInt32]] = []
  /// How long it may be in characters, as displayed; 0 for no limit.
  public var maxCharacters = 0
  /// How many words it has at least, marks of punctuation among them.
  public var minTokens = 1
  /// How many words it may have, marks of punctuation among them.
  public var maxTokens = 40
  /// The longest run of words that may be copied from the training text; 0 lets it copy.
  public var longestCopiedRun = 0
  /// After how many words before it the text must have each word; 0 draws from all of the model's distribution.
  public var knownContext = 0
  /// How the model's distribution is changed; then `knownContext` does not count.
  public var truncation = Truncation()

  /// No rule but a length of at most 40 words.
  public init() {}
}

extension Array where Element: Equatable {
  /// Whether the list contains another as a run.
  func contains(run: [Element]) -> Bool { run.isEmpty || firstPlace(of: run) != nil }

  /// Where a run starts.
  func firstPlace(of run: [Element]) -> Int? {
    guard run.count <= count else { return nil }
    return (0...(count - run.count)).first { place in self[place..<(place + run.count)].elementsEqual(run) }
  }
}
