/// One request on its way: its prompt is computed, then its candidates, or the scores of its continuation.
final class Job {
  /// What is asked for.
  enum Kind {
    case generation(GenerationRequest)
    /// The log-probabilities of the tokens from this place on.
    case scoring(from: Int)
    /// The mean of the vectors that the last layer makes of the tokens.
    case embedding
  }

  let kind: Kind
  let tokens: [Int32]
  // The two are read and written in the decoder's turn; all else belongs to the thread that drives, until it says
  // that the job is finished.
  /// Whether the caller wants it no longer.
  var isCancelled = false
  /// Whether the caller may read what came of it.
  var isFinished = false
  private(set) var drafts: [Draft] = []
  private(set) var logProbability = 0.0
  /// The sum of the vectors so far.
  private(set) var vector: [Float] = []
  private let shape: ModelShape
  private let store: KeyValueStore
  private let makePast: () -> Past
  private var made: Past?

  /// - Parameter makePast: called when the prompt is first computed, so that jobs that wait take no memory.
  init(
    _ kind: Kind, tokens: [Int32], _ shape: ModelShape, _ store: KeyValueStore, makePast: @escaping () -> Past
  ) {
    self.kind = kind
    self.tokens = tokens
    self.shape = shape
    self.store = store
    self.makePast = makePast
  }

  /// The prompt so far.
  var past: Past {
    if let made { return made }
    let past = makePast()
    made = past
    return past
  }

  /// How many tokens of the prompt are yet to be computed.
  var promptLeft: Int {
    switch kind {
    case .generation, .embedding: max(0, tokens.count - (made?.count ?? 0))
    // Nothing follows the last token.
    case .scoring: max(0, tokens.count - 1 - (made?.count ?? 0))
    }
  }

  /// Whether what follows a token of the prompt is wanted.
  func wantsOutput(after position: Int) -> Bool {
    switch kind {
    case .generation: position == tokens.count - 1
    case .scoring(let first): position >= first - 1
    case .embedding: true
    }
  }

  /// The tokens with which candidates may begin; nil for all.
  var firstMask: TokenMask? {
    guard case .generation(let request) = kind, let constraint = request.constraint else { return nil }
    return constraint.mask(constraint.automaton.start)
  }

  /// Notes that tokens of the prompt were computed; behind the last one the candidates begin.
  func computed(_ count: Int) {
    made?.ownCount += count
    guard promptLeft == 0, let prompt = made, case .generation(let request) = kind else { return }
    let shared = prompt.shared + [(prompt.own, prompt.ownCount)]
    drafts = (0..<request.candidates).map { index in
      Draft(request, index: index) { [shape, store] in
        Past(shared: shared, own: KeyValues(shape, capacity: request.maxTokens, store))
      }
    }
  }

  /// Adds the score of one token.
  func add(score: Double) { logProbability += score }

  /// Adds the vector of one token.
  func add(vector more: UnsafeBufferPointer<Float>) {
    if vector.isEmpty { vector = [Float](repeating: 0, count: more.count) }
    for place in more.indices { vector[place] += more[place] }
  }

  /// Whether nothing is left to be done; for the thread that drives.
  var isDone: Bool { isCancelled || (promptLeft == 0 && drafts.allSatisfy { $0.end != nil }) }
}
