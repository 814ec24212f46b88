import Core
public import PluginAPI

/// Writes candidates with an autoregressive transformer, from a GGUF file, on the CPU.
public final class NeuralDecoder: ConcurrentPlugin, BatchPlugin, WarmUpPlugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.neural-decoder", version: "0.1.0",
    summary: "Writes or scores candidates with a language model from a GGUF file.", config: Options.jsonSchema,
    reads: ["params"], writes: [.init(.candidates, summary: "the texts, each with its log-probability")],
    preferredBatch: 16, memoryMiB: 512)

  private let options: Options
  private let shared: SharedDecoder
  private let digest: String
  private let turns: ChatTurns?
  private let constraint: Constraint?
  private let slotted = SlottedConstraints()

  /// Reads the model, or shares one that another stage has read.
  public init(_ setup: Setup) throws {
    let options = try setup.config.decode(Options.self)
    let resource = try setup.host.resource(kind: "model", named: options.model)
    digest = resource.sha256
    do {
      shared = try SharedDecoder.of(resource, threads: setup.threads)
      let schema = setup.config["schema"]
      let pattern = try options.choices.map(Pattern.anyOf) ?? (schema.exists ? Pattern(schema: schema) : nil)
      constraint = try pattern.map { [shared] pattern in try Constraint(pattern, shared.decoder) }
    } catch let error as Diagnostic {
      throw PluginError(.config, field: "model", "'\(options.model)': \(error)")
    }
    let turns = ChatTurns(shared.decoder.model.tokenizer)
    if options.interface == .chat, turns == nil {
      throw PluginError(.config, field: "interface", "'\(options.model)' knows no turns; use 'completions'")
    }
    let exclusive = [options.choices != nil, setup.config["schema"].exists, setup.config["slots"].exists]
    if exclusive.count(where: \.self) > 1 {
      throw PluginError(.config, field: "choices", "only one of 'choices', 'schema' and 'slots' can be given")
    }
    if options.field != nil, !setup.config["schema"].exists {
      throw PluginError(.config, field: "field", "needs a 'schema'")
    }
    self.turns = options.interface == .chat ? turns : nil
    self.options = options
  }

  private var decoder: Decoder { shared.decoder }
  private var tokenizer: Tokenizer { shared.decoder.model.tokenizer }

  /// Computes the prefix that all prompts have.
  public func warmUp() throws {
    guard let prefix = options.prefix, turns == nil else { return }
    decoder.prepare(prefix: tokenizer.encode(prefix, beginning: true))
  }

  /// Writes the candidates of all items in one go.
  public func process(_ batch: Batch) throws {
    var items: [Int] = []
    var requests: [GenerationRequest] = []
    for item in 0..<batch.count {
      do throws(PluginError) {
        let request = batch.request(item)
        let prompt = try prompt(request)
        let texts = request.params["texts"]
        if texts.kind == .array {
          score(texts, after: prompt, batch.output(item))
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

  /// The tokens of an item's prompt.
  private func prompt(_ request: Request) throws(PluginError) -> [Int32] {
    guard let prompt = request.params["prompt"].string, prompt.utf8.contains(where: { $0 > 0x20 }) else {
      throw PluginError(.input, field: "params.prompt", "is empty for this brief")
    }
    let text = (options.prefix ?? "") + prompt
    let tokens =
      turns?.tokens(system: request.params["system"].string, question: text, tokenizer)
      ?? tokenizer.encode(text, beginning: true)
    let most = decoder.model.shape.contextLength - (options.max_tokens ?? 64)
    guard tokens.count <= most else {
      throw PluginError(.input, field: "params.prompt", "has \(tokens.count) tokens, the model takes \(max(0, most))")
    }
    return tokens
  }

  private func generation(_ request: Request, _ prompt: [Int32]) throws(PluginError) -> GenerationRequest {
    var generation = GenerationRequest(prompt: prompt)
    generation.candidates = options.candidates ?? 4
    generation.maxTokens = options.max_tokens ?? 64
    generation.sampling = options.sampling
    generation.stops = (options.stop ?? ["\n"]).map { Array($0.utf8) }
    generation.seed = request.seed
    let slots = request.params["slots"]
    if slots.kind == .object {
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
    var texts: [(text: String, score: Double)] = []
    for candidate in candidates {
      var text = candidate.text
      if slots.kind == .object { text = SlotText.filled(text, slots) }
      if let field = options.field { text = JSONMember.text(field, of: text) ?? [] }
      let shown = SlotText.trimmed(text)
      if !shown.isEmpty, !texts.contains(where: { $0.text == shown }) {
        texts.append((shown, candidate.logProbability))
      }
    }
    guard !texts.isEmpty else { return batch.fail(item, PluginError(.skip, "the model wrote no text")) }
    write(texts, batch.output(item))
    batch.output(item).note("tokens", "\(candidates.reduce(0) { $0 + $1.tokens.count })")
  }

  /// Writes given texts with what the model thinks of them.
  private func score(_ texts: PluginAPI.Value, after prompt: [Int32], _ output: Output) {
    let given = (0..<texts.count).compactMap { texts[$0].string }.filter { !$0.isEmpty }
    let scores = decoder.score(prompt: prompt, continuations: given.map { tokenizer.encode($0) })
    write(Array(zip(given, scores)), output)
  }

  private func write(_ texts: [(text: String, score: Double)], _ output: Output) {
    output.open(.candidates).array { list in
      for (text, score) in texts {
        list.object {
          $0.member("text", text)
          $0.member("score", score)
          $0.member("source", options.model)
        }
      }
    }
    output.note("model", options.model)
    output.note("model_sha256", digest)
    output.note("kernels", decoder.model.kernels.name)
  }
}
