import Core
import Glibc

/// Writes sentences that obey rules.
///
/// A required phrase stands in the sentence by construction: the words before it are drawn backwards from it to `<s>`,
/// the words behind it forwards. Further phrases are put where the model likes them best. A sentence that would be too long,
/// or that the guard lets go on no more, is cut where it is likeliest to end; only where half of the attempts were in vain
/// may that be a place where the text, after `knownContext` words, has no end. The guard refuses words that would copy too
/// long a run as they are drawn.
public final class Writer {
  /// A sentence.
  public struct Sentence: Sendable, Hashable {
    /// As displayed.
    public var text: String
    /// Its words; numbers from the model's word count on are literals.
    public var words: [UInt32]
    /// The natural logarithm of its probability, `</s>` included.
    public var logProbability: Double

    /// The mean natural logarithm a word.
    public var score: Double { logProbability / Double(words.count + 1) }
  }

  let model: Model
  let sampler: Sampler
  private let predecessors: Predecessors
  let guardian: NoveltyGuard?
  let rules: WritingRules
  let display: DisplayTable
  private var truncated: TruncatedSampler?
  private var random = SeededRandom(seed: 0)

  /// What writers of one model share.
  public struct Shared: Sendable {
    let model: Model
    let sampler: Sampler
    let predecessors: Predecessors
    let guardian: NoveltyGuard?
    let words: DisplayWords

    /// Prepares a model; a `longestCopiedRun` above 0 needs a model with its text.
    public init(_ model: Model, longestCopiedRun: Int) {
      self.model = model
      sampler = Sampler(model)
      predecessors = Predecessors(model)
      words = DisplayWords(model)
      guardian = longestCopiedRun > 0 ? NoveltyGuard(model, longestRun: longestCopiedRun) : nil
    }
  }

  /// A writer; `literals` are the texts that numbers from the model's word count on stand for.
  public init(
    _ shared: Shared, rules: WritingRules, literals: [String] = [], detokeniser: Detokeniser = Detokeniser()
  ) {
    model = shared.model
    sampler = shared.sampler
    predecessors = shared.predecessors
    guardian = shared.guardian
    self.rules = rules
    display = DisplayTable(shared.words, literals: literals, detokeniser)
    if !rules.truncation.isNone { truncated = TruncatedSampler(model, rules.truncation) }
  }

  /// Writes sentences, no two alike; fewer than asked for where the rules leave no more within `attempts` a sentence.
  ///
  /// - Parameter goesOn: asked before each attempt; once it says no, what there is comes out.
  public func write(
    _ count: Int, seed: UInt64, attempts: Int = 64, while goesOn: () -> Bool = { true }
  ) -> [Sentence] {
    random = SeededRandom(seed: seed)
    var seen = Set<[UInt32]>()
    var sentences: [Sentence] = []
    for _ in 0..<count {
      for attempt in 0..<attempts {
        guard goesOn() else { return sentences }
        guard let words = draft(endsAnywhere: attempt * 2 >= attempts), seen.insert(words).inserted else { continue }
        sentences.append(sentence(words))
        break
      }
    }
    return sentences
  }

  func sentence(_ words: [UInt32]) -> Sentence {
    Sentence(text: display.text(words), words: words, logProbability: logProbability(words) * log(10))
  }

  // MARK: Drafting

  private func draft(endsAnywhere: Bool) -> [UInt32]? {
    var words = rules.startsWith
    var pending = rules.mustInclude.filter { !rules.startsWith.contains(run: $0) && !rules.endsWith.contains(run: $0) }
    if words.isEmpty, !pending.isEmpty {
      let place = Int(random.next() % UInt64(pending.count))
      if let first = pending[place].first, isKnown(first), predecessors.exist(first) {
        words = begin(before: pending.remove(at: place))
      }
    }
    let kept = words.count
    let ended = continueToEnd(&words)
    let room =
      rules.maxCharacters - (pending + [rules.endsWith]).reduce(0) { $0 + ($1.isEmpty ? 0 : display.length($1) + 1) }
    let isTooLong = rules.maxCharacters > 0 && display.length(words) > room
    if !ended || isTooLong || !rules.endsWith.isEmpty {
      let place = bestEnd(
        words, from: kept, room: rules.maxCharacters > 0 ? room : Int.max,
        context: endsAnywhere ? 0 : rules.knownContext)
      guard let place else { return nil }
      words.removeLast(words.count - place)
    }
    for phrase in pending where !words.contains(run: phrase) { insert(phrase, into: &words) }
    words += rules.endsWith
    return holds(words) ? words : nil
  }

  /// Whether a word is forbidden, or a slot without a value.
  @inline(__always)
  func isBanned(_ word: UInt32) -> Bool {
    display.isOpenSlot(word) || !rules.forbidden.isEmpty && rules.forbidden.contains(word)
  }

  private func isKnown(_ word: UInt32) -> Bool { word > Vocabulary.end && word < model.wordCount }

  /// A phrase with words before it up to where a sentence may begin.
  private func begin(before phrase: [UInt32]) -> [UInt32] {
    // Backwards, so that words are added at the end.
    var reversed = Array(phrase.reversed())
    let most = max(phrase.count, rules.maxTokens * 2 / 3)
    while reversed.count < most, let first = reversed.last {
      let follower = reversed.count > 1 ? reversed[reversed.count - 2] : nil
      var word = Vocabulary.begin
      var isFound = false
      for _ in 0..<8 where !isFound {
        word = predecessors.draw(before: first, follower: follower.flatMap { isKnown($0) ? $0 : nil }, &random)
        isFound = word == Vocabulary.begin || isKnown(word) && !isBanned(word)
        if isFound, let guardian, word != Vocabulary.begin, reversed.count >= guardian.longestRun {
          let run = [word] + reversed.suffix(guardian.longestRun).reversed()
          if run.withUnsafeBufferPointer({ guardian.isCopied($0, fromEnd: false) }) { isFound = false }
        }
      }
      guard isFound, word != Vocabulary.begin else { break }
      reversed.append(word)
    }
    return reversed.reversed()
  }

  /// Draws words until the sentence ends or is as long as it may be, and says whether it ended.
  private func continueToEnd(_ words: inout [UInt32]) -> Bool {
    var state = model.beginState
    for word in words { _ = model.score(known(word), after: &state) }
    var length = rules.maxCharacters > 0 ? display.length(words) : 0
    while words.count < rules.maxTokens {
      guard let word = nextWord(after: state, words) else { return false }
      if word == Vocabulary.end { return true }
      _ = model.score(word, after: &state)
      if rules.maxCharacters > 0 {
        length += display.length(word, after: words.last)
        if length > rules.maxCharacters { return false }
      }
      words.append(word)
    }
    return false
  }

  /// A word that no rule bans here, or nil where none was found.
  @inline(__always)
  private func nextWord(after state: Model.State, _ words: [UInt32]) -> UInt32? {
    for _ in 0..<24 {
      let word =
        truncated?.draw(after: state, &random)
        ?? (rules.knownContext > 0
          ? sampler.draw(after: state, known: rules.knownContext, &random) : sampler.draw(after: state, &random))
      if word == Vocabulary.end {
        if words.count < rules.minTokens { continue }
        if let guardian, rules.endsWith.isEmpty, words.withUnsafeBufferPointer({ guardian.isSentence($0) }) { continue }
        return word
      }
      if isBanned(word) { continue }
      if let guardian, words.count >= guardian.longestRun, isCopied(words, word, guardian) { continue }
      return word
    }
    return nil
  }

  private func isCopied(_ words: [UInt32], _ word: UInt32, _ guardian: NoveltyGuard) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: guardian.longestRun + 1) { run in
      for place in 0..<guardian.longestRun { run[place] = words[words.count - guardian.longestRun + place] }
      run[guardian.longestRun] = word
      return guardian.isCopied(UnsafeBufferPointer(run), fromEnd: true)
    }
  }

  // MARK: Mending

  @inline(__always)
  private func known(_ word: UInt32) -> UInt32 { word < model.wordCount ? word : Vocabulary.unknown }

  /// The logarithm of a sentence's probability, base 10.
  func logProbability(_ words: some Sequence<UInt32>) -> Double {
    var state = model.beginState
    var sum = 0.0
    for word in words { sum += Double(model.score(known(word), after: &state).logProbability) }
    return sum + Double(model.score(Vocabulary.end, after: &state).logProbability)
  }

  /// How many words to keep, at least `start`, so that what is kept, with the required end, is likeliest a word.
  ///
  /// The text has the end, or what is required to be it, after the last `context` words, or after fewer where it has none.
  private func bestEnd(_ words: [UInt32], from start: Int, room: Int, context: Int) -> Int? {
    var state = model.beginState
    var sum = 0.0
    var length = 0
    var best: (place: Int, score: Double)?
    for place in 0...words.count {
      if place > 0 {
        let word = words[place - 1]
        sum += Double(model.score(known(word), after: &state).logProbability)
        length += display.length(word, after: place > 1 ? words[place - 2] : nil)
      }
      if length > room { break }
      guard place >= start, place + rules.endsWith.count >= rules.minTokens, place + rules.endsWith.count > 0 else {
        continue
      }
      var ending = state
      var score = sum
      for (index, word) in (rules.endsWith + [Vocabulary.end]).enumerated() {
        let added = model.score(known(word), after: &ending)
        if index == 0, context > 0, added.matched <= min(context, state.length) { score = -.infinity }
        score += Double(added.logProbability)
      }
      score /= Double(place + rules.endsWith.count + 1)
      if score > best?.score ?? -.infinity { best = (place, score) }
    }
    return best?.place
  }

  /// Puts a phrase where the sentence with it is likeliest, behind the words it begins with.
  private func insert(_ phrase: [UInt32], into words: inout [UInt32]) {
    var best: (words: [UInt32], score: Double)?
    for place in rules.startsWith.count...words.count {
      let longer = Array(words[..<place]) + phrase + words[place...]
      let score = logProbability(longer)
      let breaks = rules.mustInclude.contains { words.contains(run: $0) && !longer.contains(run: $0) }
      if !breaks, best.map({ score > $0.score }) ?? true { best = (longer, score) }
    }
    if let best { words = best.words }
  }

  /// Whether a sentence obeys every rule.
  func holds(_ words: [UInt32]) -> Bool {
    guard words.count >= rules.minTokens, !words.isEmpty, words.starts(with: rules.startsWith),
      words.suffix(rules.endsWith.count).elementsEqual(rules.endsWith),
      rules.mustInclude.allSatisfy({ words.contains(run: $0) }),
      !rules.forbiddenPhrases.contains(where: { words.contains(run: $0) }),
      !words.contains(where: isBanned)
    else { return false }
    if rules.maxCharacters > 0, display.text(words).count > rules.maxCharacters { return false }
    return guardian?.isNovel(words) ?? true
  }
}
