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
  // The tokens that the penalties look at.
  private var recent: [Int32]
  private var choices: [(token: Int32, logProbability: Double)] = []
  private var lookup: PromptLookup
  /// Tokens that may well follow the pending ones; computed in the same pass, and taken if they would be chosen.
  private(set) var guesses: [Guess] = []

  /// A guessed token, and what may come behind it.
  struct Guess {
    let token: Int32
    let mask: TokenMask?
  }
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
    lookup = PromptLookup(request.prompt)
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

  /// Guesses what follows the pending tokens from what followed the same tokens before; at most so many.
  func guess(atMost most: Int, _ tokenizer: Tokenizer) -> Int {
    guesses = []
    guard request.guesses else { return 0 }
    var state = state
    for token in lookup.guesses(after: tokens, atMost: min(most, request.maxTokens - tokens.count - 1)) {
      var mask: TokenMask?
      if let constraint = request.constraint {
        guard constraint.mask(state).allows(token) else { break }
        var bytes: [UInt8] = []
        tokenizer.decode(token, into: &bytes)
        state = constraint.automaton.step(state, bytes)
        // Where the next token is settled there is nothing to choose, and chance is not asked.
        let next = state < 0 ? nil : constraint.mask(state)
        guard let next, next.tokens.count > 1 else { break }
        mask = next
      }
      guard !tokenizer.endings.contains(token) else { break }
      guesses.append(Guess(token: token, mask: mask))
    }
    return guesses.count
  }

  /// Chooses the next token, and those behind it as long as it was guessed, from a row of logits each; others may do so
  /// at once.
  ///
  /// Chance is asked once a token, as it would be without guesses, so the tokens are the same.
  func choose(
    _ mask: TokenMask?, _ sampler: Sampler, logits: (Int) -> UnsafeMutableBufferPointer<Float>
  ) {
    // Nothing may follow: that is settled by the thread that drives.
    if let mask, mask.tokens.isEmpty { return }
    var seen = recent
    for place in 0...guesses.count {
      let choice = sampler.choose(
        logits(place), place == 0 ? mask : guesses[place - 1].mask, recent: seen[...], request.sampling, &random)
      choices.append(choice)
      guard place < guesses.count, choice.token == guesses[place].token else { return }
      seen.append(choice.token)
    }
  }

  /// Takes what was chosen, and what can only follow; for the thread that drives.
  func settle(_ tokenizer: Tokenizer) {
    guard !choices.isEmpty else {
      if let mask, mask.tokens.isEmpty { finish(.complete) }
      return
    }
    // All but the last were guessed, and so are computed.
    let known = choices.count - 1
    for choice in choices where end == nil { take(choice.token, choice.logProbability, tokenizer) }
    choices = []
    lookup.learn(guessed: guesses.count, right: known)
    guesses = []
    guard end == nil else { return }
    computed(known)
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
    if let constraint = request.constraint { text.removeLast(text.count - constraint.wholeCount(of: text)) }
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
