import Core
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
  private let lexicon: Lexicon
  private let shared: Writer.Shared
  private let attribution: Attribution?
  private let digest: String

  /// Opens the model and prepares what drawing from it needs.
  public init(_ setup: Setup) throws {
    options = try setup.config.decode(Options.self)
    slot = setup.slot
    let resource = try setup.host.resource(kind: "model", named: options.model)
    do {
      // The host keeps a resource's bytes as long as the instance.
      let model = try Model(UnsafeRawBufferPointer(resource.bytes), owner: nil, name: options.model)
      guard options.copiedRun == 0 || options.role == "check" || model.hasText else {
        throw Diagnostic(
          "no text in the model", "'\(options.model)' was trained with 'keep_text: false', so copies cannot be noticed",
          help: "set 'longest_copied_run: 0', or train it with its text")
      }
      lexicon = Lexicon(model)
      shared = Writer.Shared(model, longestCopiedRun: options.role == "check" ? 0 : options.copiedRun)
      attribution = model.hasText && options.role != "check" ? Attribution(model) : nil
    } catch let diagnostic as Diagnostic {
      throw PluginError(.config, field: "model", "\(diagnostic)")
    }
    digest = String(resource.sha256.prefix(16))
  }

  /// Writes candidates, or judges what the stage wrote before.
  public func process(_ request: Request, into output: Output) throws {
    let options = try request.params.exists ? request.params.decode(Options.self) : options
    output.note("model", "\(options.model) \(digest)")
    if options.role == "check" {
      try check(request, options, into: output)
    } else {
      try write(request, options, into: output)
    }
  }

  // MARK: Candidates

  private func write(_ request: Request, _ options: Options, into output: Output) throws {
    let (rules, literals) = rules(options, seed: request.seed)
    let detokeniser = Detokeniser(values: options.values ?? [:], capitalises: lexicon.notes.capitalises)
    let writer = Writer(shared, rules: rules, literals: literals, detokeniser: detokeniser)
    let count = options.count ?? 8
    var sentences =
      (options.beam ?? 0) > 0
      ? writer.beam(width: options.beam ?? 0, count: count) : writer.write(count, seed: request.seed)
    guard !sentences.isEmpty else {
      throw PluginError(.refused, "no sentence of the model '\(options.model)' obeys all of the rules")
    }
    sentences.sort { $0.score > $1.score }
    output.open(.candidates).array { array in
      for sentence in sentences {
        array.object { candidate in
          candidate.member("text", sentence.text)
          candidate.member("score", sentence.score)
          candidate.member("source", source(of: sentence, options.model))
        }
      }
    }
  }

  private func source(of sentence: Writer.Sentence, _ model: String) -> String {
    guard let attribution else { return model }
    let lines = attribution.sources(of: sentence.words).map { "\($0.line)" }
    return lines.isEmpty ? model : "\(model), near lines \(lines.joined(separator: ", "))"
  }

  private func rules(_ options: Options, seed: UInt64) -> (WritingRules, literals: [String]) {
    var rules = WritingRules()
    var literals: [String] = []
    func words(_ text: String) -> [UInt32] {
      if let words = lexicon.phrase(text) { return words }
      literals.append(text)
      return [UInt32(shared.model.wordCount + literals.count - 1)]
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
    rules.maxCharacters = options.max_characters ?? 0
    rules.minTokens = options.min_words ?? 3
    rules.maxTokens = options.max_words ?? 40
    rules.truncation = Truncation(
      temperature: options.temperature ?? 1, topK: options.top_k ?? 0, topP: options.top_p ?? 1)
    return (rules, literals)
  }

  // MARK: Checking

  private func check(_ request: Request, _ options: Options, into output: Output) throws {
    let written = request.slots[slot]
    guard written.exists else { throw PluginError(.skip, "the slot '\(slot)' is empty") }
    guard written.kind == .array else {
      _ = try judge(written.string ?? "", options, into: output)
      throw PluginError(.skip, "the text may stay as it is")
    }
    var kept: [(text: String, score: Double, source: String)] = []
    var refusal: PluginError?
    for index in 0..<written.count {
      let candidate = written[index]
      let text = candidate["text"].string ?? ""
      do {
        let verdict = try judge(text, options, into: nil)
        kept.append((text, verdict.score, candidate["source"].string ?? ""))
      } catch {
        refusal = error
      }
    }
    if kept.isEmpty { throw refusal ?? PluginError(.refused, "there are no candidates") }
    kept.sort { $0.score > $1.score }
    output.note("kept", "\(kept.count) of \(written.count)")
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
  private func judge(_ text: String, _ options: Options, into output: Output?) throws(PluginError) -> Ranker.Verdict {
    var ranker = Ranker(shared.model)
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

extension Double {
  /// Two decimals, for people.
  var twoDecimals: String {
    let hundredths = Int((abs(self) * 100).rounded())
    let rest = hundredths % 100
    return "\(self < 0 && hundredths > 0 ? "-" : "")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
