import FoundationEssentials
public import PluginAPI

/// Asks any server that speaks the OpenAI API for candidates: vLLM, llama-server, Ollama and others.
///
/// Each candidate is a request of its own with a seed of its own, so it works with servers that know no `n`, and those
/// that batch do so by themselves.
public final class OpenAICompatible: ConcurrentPlugin, BatchPlugin, WarmUpPlugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.openai-compatible", version: "0.1.0",
    summary: "Asks a server that speaks the OpenAI API for candidates.", config: Options.jsonSchema,
    reads: ["params"],
    writes: [.init(.candidates, summary: "the answers, each with its log-probability where the server tells")],
    deterministic: false, preferredBatch: 16, libraries: ["libcurl.so.4"])

  private let options: Options
  private let server: Server
  private let exchange: Exchange
  private let host: HostServices

  /// Makes no connection yet.
  public init(_ setup: Setup) throws {
    options = try setup.config.decode(Options.self)
    server = try Server(options)
    if options.schema != nil, options.field == nil {
      throw PluginError(.config, field: "field", "names the member that is the text, and is needed beside 'schema'")
    }
    exchange = Exchange(limit: options.concurrency ?? 8)
    host = setup.host
  }

  /// Checks that the server is there, takes the key and has the model.
  public func warmUp() throws {
    if options.probe ?? true { try Probe(server: server, options: options).run(host: host) }
  }

  /// Asks for the candidates of all items, as many at once as `concurrency` allows.
  public func process(_ batch: Batch) throws {
    var jobs: [Job] = []
    for item in 0..<batch.count {
      do {
        jobs += try self.jobs(for: batch.request(item), item)
      } catch let error as PluginError {
        batch.fail(item, error)
      }
    }
    try exchange.run(jobs, seed: batch.count > 0 ? batch.request(0).seed : 0) { item in
      if batch.output(item).isCancelled { return PluginError(.cancelled, "the host asked to stop") }
      let deadline = batch.request(item).deadline
      return deadline != 0 && monotonicNanoseconds() > deadline ? PluginError(.deadline, "the deadline passed") : nil
    }
    for (item, answers) in Dictionary(grouping: jobs, by: \.item) { write(answers, item, batch) }
  }

  private func jobs(for request: Request, _ item: Int) throws -> [Job] {
    guard let prompt = request.brief["params"]["prompt"].string, !prompt.allSatisfy(\.isWhitespace) else {
      throw PluginError(.input, field: "params.prompt", "is empty for this brief")
    }
    let system = request.brief["params"]["system"].string
    let body = RequestBody(options: options)
    return try (0..<(options.candidates ?? 1)).map { index in
      // Neighbouring seeds must not share candidates: they are spread by the golden ratio.
      let seed = request.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      return Job(
        item: item, body: try body.bytes(prompt: prompt, system: system, seed: seed ^ seed >> 31), options: options,
        server: server)
    }
  }

  /// Writes what came of one item: all whole answers, or the first reason why there is none.
  private func write(_ jobs: [Job], _ item: Int, _ batch: Batch) {
    var answers: [(text: String, score: Double?)] = []
    var failure: PluginError?
    var tokens = 0
    for job in jobs {
      guard case .done(let result) = job.state else { continue }
      do {
        let reply = try result.get()
        tokens += reply.tokens ?? 0
        let text = try text(of: reply)
        if !answers.contains(where: { $0.text == text }) { answers.append((text, reply.logProbability)) }
      } catch let error as PluginError {
        failure = failure ?? error
      } catch {
        failure = failure ?? PluginError(.internal, "\(error)")
      }
    }
    guard !answers.isEmpty else {
      return batch.fail(item, failure ?? PluginError(.skip, "the server made no text"))
    }
    let output = batch.output(item)
    output.open(.candidates).array { list in
      for answer in answers {
        list.object {
          $0.member("text", answer.text)
          if let score = answer.score { $0.member("score", score) }
          $0.member("source", options.model)
        }
      }
    }
    output.note("model", options.model)
    output.note("server", server.baseURL)
    if tokens > 0 { output.note("tokens", "\(tokens)") }
    if let failure { output.note("lost", failure.message) }
  }

  private func text(of reply: Reply) throws -> String {
    var text = reply.text
    if let field = options.field {
      guard let answer = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)),
        let member = answer[field]?.string
      else {
        throw PluginError(
          .refused, server.shown("the answer is no object with a text '\(field)': '\(text.prefix(120))'"))
      }
      text = member
    }
    text = String(text.drop(while: \.isWhitespace))
    while text.last?.isWhitespace == true { text.removeLast() }
    guard !text.isEmpty else { throw PluginError(.refused, "the answer is empty") }
    return text
  }
}
