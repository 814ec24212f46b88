/// How the next token is chosen.
///
/// In this order: penalties and bias, top-k, top-p, min-p, temperature.
public struct SamplingOptions: Sendable, Equatable {
  /// 0 takes the most probable token; higher is more varied.
  public var temperature = 0.8
  /// Only so many of the most probable tokens; 0 for all.
  public var topK = 0
  /// Only the most probable tokens that together have this probability.
  public var topP = 1.0
  /// Only tokens at least this probable, as a share of the most probable one's.
  public var minP = 0.0
  /// Divides the logits of tokens that occurred lately, or multiplies them where negative.
  ///
  /// Source: Keskar et al. 2019, "CTRL", section 4.1.
  public var repetitionPenalty = 1.0
  /// Taken off the logits of tokens that occurred lately.
  public var presencePenalty = 0.0
  /// Taken off for each time a token occurred lately.
  public var frequencyPenalty = 0.0
  /// How many of the latest tokens the penalties look at, the prompt's among them.
  public var penaltyWindow = 64
  /// Added to the logits of single tokens.
  public var bias: [Int32: Float] = [:]

  /// The defaults.
  public init() {}

  var hasPenalties: Bool { repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0 }
  var truncates: Bool { topK > 0 || topP < 1 || minP > 0 }
}
