import Core

/// A candidate in the making.
final class Draft {
  private let request: GenerationRequest
  private let makePast: () -> Past
  private var made: Past?
  private var random: SeededRandom
  private var tokens: [Int32] = []
  private var text: [UInt8] = []
  private var logProbability = 0.0
  private var state: Automaton.State = 0
  // How much of the text was a whole text of the constraint when last it was one.
  private var acceptedCount = 0
  // The tokens that the penalties look at.
  private var recent: [Int32]
  private var choice: (token: Int32, logProbability: Double)?
  /// Why it ended; nil as long as it goes on.
  private(set) var end: Candidate.End?
  /// Tokens that were chosen and are yet to be computed.
  private(set) var pending: [Int32] = []

  /// - Parameter makePast: called when the candidate is first computed, so that those that wait take no memory.
  init(_ request: GenerationRequest, index: Int, makePast: @escaping () -> Past) {
    self.request = request
    self.makePast = makePast
    var seed = SeedHash(request.seed)
    seed.combine(UInt64(index))
    random = SeededRandom(seed: seed.value)
    recent = request.prompt.suffix(request.sampling.penaltyWindow)
  }

  /// The text before the pending tokens.
  var past: Past {
    if let made { return made }
    let past = makePast()
    made = past
    return past
  }

  /// The tokens that may come next; nil for all.
  var mask: TokenMask? { request.constraint?.mask(state) }

  /// Notes that pending tokens were computed.
  func computed(_ count: Int) {
    pending.removeFirst(count)
    made?.ownCount += count
  }

  /// Chooses the next token from logits; others may do so at once.
  func choose(_ logits: UnsafeMutableBufferPointer<Float>, _ mask: TokenMask?, _ sampler: Sampler) {
    if let mask, mask.tokens.isEmpty { return finish(.complete) }
    choice = sampler.choose(logits, mask, recent: recent[...], request.sampling, &random)
  }

  /// Takes what was chosen, and what can only follow; for the thread that drives.
  func settle(_ tokenizer: Tokenizer) {
    guard let choice else { return }
    self.choice = nil
    take(choice.token, choice.logProbability, tokenizer)
    while end == nil, let mask, mask.tokens.count <= 1 {
      guard let only = mask.tokens.first else { return finish(.complete) }
      take(only, 0, tokenizer)
    }
  }

  private func take(_ token: Int32, _ logProbability: Double, _ tokenizer: Tokenizer) {
    tokens.append(token)
    recent.append(token)
    pending.append(token)
    self.logProbability += logProbability
    if tokenizer.endings.contains(token) { return finish(.complete) }
    let before = text.count
    tokenizer.decode(token, into: &text)
    if let constraint = request.constraint {
      state = constraint.automaton.step(state, text[before...])
      // Only a token that was not allowed leads nowhere: there was none to choose from.
      guard state >= 0 else { return finish(.complete) }
      if constraint.automaton.accepts(state) { acceptedCount = text.count }
    }
    if let cut = stop(from: before) {
      text.removeLast(text.count - cut)
      finish(.stop)
    } else if tokens.count >= request.maxTokens {
      finish(.length)
    }
  }

  private func finish(_ end: Candidate.End) {
    self.end = end
    made = nil
  }

  /// Where the first stop text begins that the newest bytes complete.
  private func stop(from before: Int) -> Int? {
    request.stops.compactMap { stop in
      // Empty where the newest token had no bytes.
      let first = max(0, before - stop.count + 1)
      guard !stop.isEmpty, first + stop.count <= text.count else { return nil }
      return (first...text.count - stop.count).first {
        text[$0..<$0 + stop.count].elementsEqual(stop)
      }
    }.min()
  }

  /// The candidate, once it has ended.
  var candidate: Candidate {
    var text = text
    if request.constraint != nil, end != .stop { text.removeLast(text.count - acceptedCount) }
    text.removeLast(text.count - Self.wellFormedCount(text))
    return Candidate(text: text, tokens: tokens, logProbability: logProbability, end: end ?? .length)
  }

  /// How many bytes come before the last character where that is cut short, or all.
  private static func wellFormedCount(_ text: [UInt8]) -> Int {
    for tail in 1...4 where tail <= text.count {
      let start = text.count - tail
      switch text[start] {
      case 0x80...0xBF: continue
      case 0xC0...0xDF: return tail >= 2 ? text.count : start
      case 0xE0...0xEF: return tail >= 3 ? text.count : start
      case 0xF0...: return tail >= 4 ? text.count : start
      default: return text.count
      }
    }
    return text.count
  }
}
