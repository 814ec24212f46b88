import Core
import Glibc
public import PluginAPI

/// Writes short copy with an n-gram model, and checks copy for fluency.
public final class NGramPlugin: Plugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.ngram-model", version: "0.1.0",
    summary: "Writes short copy under constraints, and scores fluency, with a modified Kneser-Ney model.",
    config: Options.schema, reads: ["slots", "params", "locale"],
    writes: [.init(.candidates, summary: "sentences with their mean natural logarithm a word")], memoryMiB: 64)

  private let options: Options
  private let slot: String
  private let library: ModelLibrary

  /// Opens the models and prepares what drawing from them needs.
  public init(_ setup: Setup) throws {
    options = try setup.config.decode(Options.self)
    slot = setup.slot
    library = try ModelLibrary(options, setup.host)
  }

  /// Writes candidates, or judges what the stage wrote before.
  public func process(_ request: Request, into output: Output) throws {
    let options = try (request.params.exists ? request.params.decode(Options.self) : options).bounded()
    guard let model = library[request.locale.string ?? ""] else {
      throw PluginError(.skip, "there is no model for the locale '\(request.locale.string ?? "")'")
    }
    let version = "\(model.name) \(model.digest)"
    if options.role == "check" {
      output.note("judge", version)
      try check(request, options, model, into: output)
    } else {
      output.note("model", version)
      try write(request, options, model, into: output)
    }
  }

  // MARK: Candidates

  private func write(
    _ request: Request, _ options: Options, _ model: ModelLibrary.Entry, into output: Output
  ) throws {
    let (rules, literals) = rules(options, model.lexicon, seed: request.seed)
    let detokeniser = Detokeniser(values: options.values ?? [:], capitalises: model.lexicon.notes.capitalises)
    let writer = Writer(model.shared, rules: rules, literals: literals, detokeniser: detokeniser)
    let count = options.count ?? 8
    let stop = Stop(request, output)
    var sentences =
      (options.beam ?? 0) > 0
      ? writer.beam(width: options.beam ?? 0, count: count, while: stop.goesOn)
      : writer.write(count, seed: request.seed, while: stop.goesOn)
    try stop.check()
    guard !sentences.isEmpty else {
      throw PluginError(.refused, "no sentence of the model '\(model.name)' obeys all of the rules")
    }
    sentences.sort { $0.score > $1.score }
    output.open(.candidates).array { array in
      for sentence in sentences {
        array.object { candidate in
          candidate.member("text", sentence.text)
          candidate.member("score", sentence.score)
          candidate.member("source", source(of: sentence, model))
        }
      }
    }
  }

  private func source(of sentence: Writer.Sentence, _ model: ModelLibrary.Entry) -> String {
    guard let attribution = model.attribution else { return model.name }
    let lines = attribution.sources(of: sentence.words).map { "\($0.line)" }
    return lines.isEmpty ? model.name : "\(model.name), near lines \(lines.joined(separator: ", "))"
  }

  private func rules(
    _ options: Options, _ lexicon: Lexicon, seed: UInt64
  ) -> (WritingRules, literals: [String]) {
    var rules = WritingRules()
    var literals: [String] = []
    func words(_ text: String) -> [UInt32] {
      if let words = lexicon.phrase(text) { return words }
      literals.append(text)
      return [UInt32(lexicon.model.wordCount + literals.count - 1)]
    }
    rules.mustInclude = (options.must_include?.texts ?? []).map(words)
    if let start = options.starts_with, !start.isEmpty { rules.startsWith = words(start) }
    if let ends = options.ends_with?.texts, !ends.isEmpty {
      var random = SeededRandom(seed: seed)
      rules.endsWith = words(ends[Int(random.next() % UInt64(ends.count))])
    }
    for spelling in (options.forbidden?.texts ?? []).flatMap(lexicon.spellings) {
      if spelling.count == 1 { rules.forbidden.insert(spelling[0]) } else { rules.forbiddenPhrases.append(spelling) }
    }
    // What is not of the model, a literal or a slot's value, must hold none of them either.
    let banned = (options.forbidden?.texts ?? []).map(lexicon.folded).filter { !$0.isEmpty }
    func isBanned(_ text: String) -> Bool { banned.contains(where: lexicon.folded(text).contains(run:)) }
    for (place, literal) in literals.enumerated() where isBanned(literal) {
      rules.forbidden.insert(UInt32(lexicon.model.wordCount + place))
    }
    for (name, value) in options.values ?? [:] where isBanned(value) {
      rules.forbidden.formUnion(lexicon.spellings("{\(name)}").filter { $0.count == 1 }.joined())
    }
    rules.maxCharacters = options.max_characters ?? 0
    rules.minTokens = options.min_words ?? 3
    rules.maxTokens = options.max_words ?? 40
    rules.knownContext = options.known_context ?? 2
    rules.truncation = Truncation(
      temperature: options.temperature ?? 1, topK: options.top_k ?? 0, topP: options.top_p ?? 1)
    return (rules, literals)
  }

  // MARK: Checking

  private func check(
    _ request: Request, _ options: Options, _ model: ModelLibrary.Entry, into output: Output
  ) throws {
    let lexicon = model.lexicon
    let written = request.slots[slot]
    guard written.exists else { throw PluginError(.skip, "the slot '\(slot)' is empty") }
    guard written.kind == .array else {
      _ = try judge(written.string ?? "", options, lexicon, into: output)
      throw PluginError(.skip, "the text may stay as it is")
    }
    var kept: [(text: String, score: Double, source: String)] = []
    var refusal: PluginError?
    for index in 0..<written.count {
      let candidate = written[index]
      let text = candidate["text"].string ?? ""
      do {
        let verdict = try judge(text, options, lexicon, into: nil)
        kept.append((text, verdict.score, candidate["source"].string ?? ""))
      } catch {
        refusal = error
      }
    }
    if kept.isEmpty { throw refusal ?? PluginError(.refused, "there are no candidates") }
    kept.sort { $0.score > $1.score }
    output.note("kept", "\(kept.count) of \(written.count)")
    output.note("best", kept[0].source)
    output.open(.candidates).array { array in
      for candidate in kept {
        array.object { object in
          object.member("text", candidate.text)
          object.member("score", candidate.score)
          object.member("source", candidate.source)
        }
      }
    }
  }

  /// Scores a text, and refuses it where it falls short of what the options ask.
  private func judge(
    _ text: String, _ options: Options, _ lexicon: Lexicon, into output: Output?
  ) throws(PluginError) -> Ranker.Verdict {
    var ranker = Ranker(lexicon.model)
    ranker.unknownPenalty = options.unknown_penalty ?? ranker.unknownPenalty
    let verdict = ranker.verdict(lexicon.words(text))
    let tokens = lexicon.tokens(text)
    let worst = verdict.worst < tokens.count ? "'\(Spacing.unmarked(tokens[verdict.worst]).text)'" : "its end"
    let place = "word \(verdict.worst + 1), \(worst)"
    output?.note("score", verdict.score.twoDecimals)
    output?.note("worst_word", "\(place): \(verdict.worstSurprisal.twoDecimals) nats")
    if let least = options.min_score, verdict.score < least {
      throw PluginError(
        .refused, field: "slots.\(slot)",
        "the copy scores \(verdict.score.twoDecimals) a word, at least \(least) is asked; the worst is \(place)")
    }
    if let most = options.max_surprisal, verdict.worstSurprisal > most {
      throw PluginError(
        .refused, field: "slots.\(slot)",
        "\(place) surprises by \(verdict.worstSurprisal.twoDecimals) nats, at most \(most) may")
    }
    return verdict
  }
}

/// Whether the host still wants an item.
private struct Stop {
  let deadline: UInt64
  let output: Output

  init(_ request: Request, _ output: Output) {
    deadline = request.deadline
    self.output = output
  }

  private var isLate: Bool {
    guard deadline > 0 else { return false }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec) > deadline
  }

  func goesOn() -> Bool { !isLate && !output.isCancelled }

  func check() throws(PluginError) {
    if output.isCancelled { throw PluginError(.cancelled, "writing was cancelled") }
    if isLate { throw PluginError(.deadline, "the deadline passed while writing") }
  }
}

extension Double {
  /// Two decimals, for people.
  var twoDecimals: String {
    guard isFinite, abs(self) < 1e12 else { return "\(self)" }
    let hundredths = Int((abs(self) * 100).rounded())
    let rest = hundredths % 100
    return "\(self < 0 && hundredths > 0 ? "-" : "")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
