/// What is to be written after a prompt.
public struct GenerationRequest: Sendable {
  /// The prompt's tokens; at least one.
  public var prompt: [Int32]
  /// How many candidates are wanted.
  public var candidates = 1
  /// The most tokens of a candidate.
  public var maxTokens = 64
  /// How tokens are chosen.
  public var sampling = SamplingOptions()
  /// Texts that end a candidate; they are not part of it.
  public var stops: [[UInt8]] = []
  /// What the text must look like; nil for any text.
  public var constraint: Constraint?
  /// Whether the next tokens are guessed from those before; the text is the same, only the time differs.
  public var guesses = true
  /// The only source of chance; each candidate makes its own seed of it.
  public var seed: UInt64 = 0

  /// A request with the defaults.
  public init(prompt: [Int32]) { self.prompt = prompt }
}

/// One text that was written.
public struct Candidate: Sendable, Equatable {
  /// Why it ended.
  public enum End: String, Sendable {
    /// The model, or the constraint, said that it is complete.
    case complete
    /// A stop text came.
    case stop
    /// The budget of tokens was used up.
    case length
  }

  /// UTF-8, well-formed.
  public var text: [UInt8]
  /// The tokens, the one that ended it included.
  public var tokens: [Int32]
  /// The natural log of its probability as the model has it, at temperature 1 and without penalties; under a constraint
  /// among the tokens that were allowed.
  public var logProbability: Double
  /// Why it ended.
  public var end: End
}
