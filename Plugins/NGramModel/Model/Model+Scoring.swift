extension Model {
  /// What a model remembers of the words before: the longest n-gram it knows that ends them, shorter than its order.
  public struct State: Sendable, Hashable {
    /// How many words are remembered.
    public internal(set) var length: Int
    var index: Int

    @inline(__always)
    init(length: Int, index: Int) {
      self.length = length
      self.index = index
    }
  }

  /// One word's share of a score.
  public struct WordScore: Sendable, Hashable {
    /// The logarithm of the word's probability, base 10.
    public var logProbability: Float
    /// The length of the n-gram it came from; 0 for a word that the model does not know.
    public var matched: Int
  }

  /// The state that remembers nothing.
  public var emptyState: State { State(length: 0, index: 0) }
  /// The state at the start of a sentence.
  public var beginState: State { order > 1 ? State(length: 1, index: Int(Vocabulary.begin)) : emptyState }

  /// The state of all its words but the first.
  @inline(__always)
  func suffix(of state: State) -> State {
    if state.length <= 1 { return State(length: 0, index: 0) }
    let level = levels[state.length &- 1]
    if state.length == 2 { return State(length: 1, index: Int(level.word(state.index))) }
    return State(length: state.length &- 1, index: level.suffix(state.index))
  }

  /// The index of the n-gram that a word makes with a state, or -1.
  @inline(__always)
  func extend(_ state: State, by word: UInt32) -> Int {
    if state.length == 0 { return Int(word) }
    let level = levels[state.length &- 1]
    return levels[state.length].find(
      word, from: level.extensions(state.index), to: level.extensions(state.index &+ 1))
  }

  /// Scores a word after a state and moves on to the state behind it.
  @inline(__always)
  public func score(_ word: UInt32, after state: inout State) -> WordScore {
    var backoff: Float = 0
    var place = state
    var found = extend(place, by: word)
    while found < 0 {
      backoff += levels[place.length &- 1].logBackoff(place.index)
      place = suffix(of: place)
      found = extend(place, by: word)
    }
    let matched = place.length &+ 1
    let probability = levels[place.length].logProbability(found) + backoff
    if matched < order {
      state = State(length: matched, index: found)
    } else {
      // The longest n-gram's suffix is the state; a model that lacks it falls back further.
      while place.length > 0 {
        place = suffix(of: place)
        found = extend(place, by: word)
        if found >= 0 {
          state = State(length: place.length &+ 1, index: found)
          break
        }
      }
      if order == 1 { state = emptyState }
    }
    return WordScore(logProbability: probability, matched: word == Vocabulary.unknown ? 0 : matched)
  }
}
