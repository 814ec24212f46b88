import Core
public import PluginAPI

/// Writes candidates with an autoregressive transformer, from a GGUF file, on the CPU.
public final class NeuralDecoder: ConcurrentPlugin, BatchPlugin, WarmUpPlugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.neural-decoder", version: "0.1.0",
    summary: "Writes or scores candidates with a language model from a GGUF file.", config: Options.jsonSchema,
    reads: ["params", "slots"], writes: [.init(.candidates, summary: "the texts, each with its log-probability")],
    preferredBatch: 16, memoryMiB: 512)

  let options: Options
  let slot: String
  private let shared: SharedDecoder
  private let digest: String
  let turns: ChatTurns?
  private let constraint: Constraint?
  private let slotted: SlottedConstraints
  private let isWorded: Bool
  private let bias: [Int32: Float]

  /// Reads the model, or shares one that another stage has read.
  public init(_ setup: Setup) throws {
    let options = try setup.config.decode(Options.self)
    let resource = try setup.host.resource(kind: "model", named: options.model)
    digest = resource.sha256
    do {
      shared = try SharedDecoder.of(resource, threads: setup.threads)
    } catch let error as Diagnostic {
      throw PluginError(.config, field: "model", "'\(options.model)': \(error)")
    }
    let schema = setup.config["schema"]
    let pattern = try options.choices.map(Pattern.anyOf) ?? (schema.exists ? Pattern(schema: schema) : nil)
    do {
      constraint = try pattern.map { [shared] pattern in try Constraint(pattern, shared.decoder) }
    } catch let error as Diagnostic {
      throw PluginError(.config, field: options.choices == nil ? "schema" : "choices", "\(error)")
    }
    let turns = ChatTurns(shared.decoder.model.tokenizer)
    if options.interface == .chat, turns == nil {
      throw PluginError(
        .config, field: "interface",
        "'\(options.model)' knows no turns of a form that is supported (\(ChatTurns.forms)); use 'completions'")
    }
    let writesAround = setup.config["slots"].exists || options.words != nil
    let exclusive = [options.choices != nil, setup.config["schema"].exists, writesAround]
    if exclusive.count(where: \.self) > 1 {
      throw PluginError(.config, field: "choices", "only one of 'choices', 'schema' and 'slots' can be given")
    }
    let names = setup.config["slots"]
    for name in (0..<names.count).map({ String(decoding: names.key(at: $0), as: UTF8.self) })
    where name.utf8.contains(where: { "{}".utf8.contains($0) }) {
      throw PluginError(.config, field: "slots", "the name '\(name)' must not hold braces")
    }
    let words = try options.words.map { try setup.host.resource(kind: "model", named: $0) }
    slotted = SlottedConstraints(words.map { Wording(lines: String(decoding: $0.bytes, as: UTF8.self)) })
    isWorded = words != nil
    // Sorted now, so that no brief waits for it.
    if writesAround { _ = shared.decoder.sortedVocabulary }
    if options.field != nil, !setup.config["schema"].exists {
      throw PluginError(.config, field: "field", "needs a 'schema'")
    }
    self.turns = options.interface == .chat ? turns : nil
    self.options = options
    slot = setup.slot
    bias = try Self.bias(options, shared.decoder.model.tokenizer)
  }

  var decoder: Decoder { shared.decoder }
  var tokenizer: Tokenizer { shared.decoder.model.tokenizer }

  /// Computes the prefix that all prompts have.
  public func warmUp() throws {
    guard let prefix = options.prefix, turns == nil else { return }
    decoder.prepare(prefix: tokenizer.encode(prefix, beginning: true))
  }

  /// Writes the candidates of all items in one go.
  public func process(_ batch: Batch) throws {
    if options.role == .vector { return writeVectors(batch) }
    var items: [Int] = []
    var requests: [GenerationRequest] = []
    for item in 0..<batch.count {
      do throws(PluginError) {
        let request = batch.request(item)
        let prompt = try prompt(request)
        let texts = request.params["texts"]
        if options.role == .check {
          try check(request, after: prompt, batch.output(item))
        } else if texts.kind == .array {
          try judge(texts, request, after: prompt, batch.output(item))
        } else {
          requests.append(try generation(request, prompt))
          items.append(item)
        }
      } catch {
        batch.fail(item, error)
      }
    }
    var overdue: Set<Int> = []
    let found = decoder.generate(requests) { index in
      let deadline = batch.request(items[index]).deadline
      if deadline != 0, Clock.nanoseconds > deadline { overdue.insert(index) }
      return overdue.contains(index) || batch.output(items[index]).isCancelled
    }
    for (index, item) in items.enumerated() {
      if found[index].isEmpty {
        let late = overdue.contains(index)
        batch.fail(
          item, late ? PluginError(.deadline, "the deadline passed") : PluginError(.cancelled, "the host asked to stop")
        )
      } else {
        write(found[index], batch, item)
      }
    }
  }

  /// The most tokens of a text: as the options say, or 64, or half of a model that was made for shorter texts.
  private var maxTokens: Int { options.max_tokens ?? min(64, decoder.model.shape.contextLength / 2) }

  /// The tokens of an item's prompt, however many.
  func tokens(_ request: Request) throws(PluginError) -> [Int32] {
    guard let prompt = request.params["prompt"].string, prompt.utf8.contains(where: { $0 > 0x20 }) else {
      throw PluginError(.input, field: "params.prompt", "is empty for this brief")
    }
    let text = (options.prefix ?? "") + prompt
    return turns?.tokens(system: request.params["system"].string, question: text, tokenizer)
      ?? tokenizer.encode(text, beginning: true)
  }

  /// The tokens of an item's prompt, where they leave room for what is written.
  private func prompt(_ request: Request) throws(PluginError) -> [Int32] {
    let tokens = try tokens(request)
    let judges = options.role == .check || request.params["texts"].kind == .array
    let most = decoder.model.shape.contextLength - (judges ? 1 : maxTokens)
    guard tokens.count <= most else {
      throw PluginError(.input, field: "params.prompt", "has \(tokens.count) tokens, the model takes \(max(0, most))")
    }
    return tokens
  }

  /// What is added to the logits of tokens.
  private static func bias(_ options: Options, _ tokenizer: Tokenizer) throws(PluginError) -> [Int32: Float] {
    var bias: [Int32: Float] = [:]
    for (text, value) in options.logit_bias ?? [:] {
      let tokens = tokenizer.encode(text)
      guard tokens.count == 1 else {
        let parts = tokens.map { "'\(String(decoding: tokenizer.decode([$0]), as: UTF8.self))'" }
        throw PluginError(
          .config, field: "logit_bias",
          "'\(text)' is \(tokens.count) tokens of the model (\(parts.joined(separator: ", "))), expected one")
      }
      bias[tokens[0]] = Float(value)
    }
    return bias
  }

  private func generation(_ request: Request, _ prompt: [Int32]) throws(PluginError) -> GenerationRequest {
    var generation = GenerationRequest(prompt: prompt)
    generation.candidates = options.candidates ?? 4
    generation.maxTokens = maxTokens
    generation.sampling = options.sampling
    generation.sampling.bias = bias
    // A choice may have lines, and JSON has none.
    generation.stops = (options.stop ?? (constraint == nil ? ["\n"] : [])).map { Array($0.utf8) }
    generation.seed = request.seed
    let slots = request.params["slots"]
    if slots.kind == .object || isWorded {
      do throws(Diagnostic) {
        generation.constraint = try slotted.constraint(SlotText.names(slots), decoder)
      } catch {
        throw PluginError(.config, field: "slots", "\(error)")
      }
    } else {
      generation.constraint = constraint
    }
    return generation
  }

  private func write(_ candidates: [Candidate], _ batch: Batch, _ item: Int) {
    let slots = batch.request(item).params["slots"]
    var texts: [Judged] = []
    for candidate in candidates {
      var text = candidate.text
      if slots.kind == .object { text = SlotText.filled(text, slots) }
      if let field = options.field { text = JSONMember.text(field, of: text) ?? [] }
      let shown = options.choices == nil ? SlotText.trimmed(text) : String(decoding: text, as: UTF8.self)
      if !shown.isEmpty, !texts.contains(where: { $0.text == shown }) {
        texts.append(Judged(text: shown, score: candidate.logProbability, source: options.model))
      }
    }
    guard !texts.isEmpty else {
      let isCut = candidates.allSatisfy { $0.end == .length }
      let reason = isCut ? "no text was whole after \(maxTokens) tokens, the most" : "the model wrote no text"
      return batch.fail(item, PluginError(.skip, reason))
    }
    write(texts, batch.output(item))
    batch.output(item).note("tokens", "\(candidates.reduce(0) { $0 + $1.tokens.count })")
  }

  func write(_ texts: [Judged], _ output: Output) {
    output.open(.candidates).array { list in
      for judged in texts {
        list.object {
          $0.member("text", judged.text)
          $0.member("score", judged.score)
          $0.member("source", judged.source)
        }
      }
    }
    output.note("model", options.model)
    output.note("model_sha256", digest)
    output.note("kernels", decoder.model.kernels.name)
  }
}
