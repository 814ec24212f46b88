import CDecoderKernels
import Core
import Glibc

/// Generates and scores texts for many callers at once, on one copy of the weights.
///
/// There is no thread of its own: of the callers that wait, one at a time drives a pass for all of them. What a caller
/// gets depends on its request alone.
public final class Decoder: @unchecked Sendable {
  // `turn` guards the queue; the rest belongs to the thread that drives. Hence the unchecked conformance.
  /// The model.
  public let model: Model
  private let pool: ThreadPool
  private let pass: Pass
  private let samplers: [Sampler]
  private let store = KeyValueStore()
  private let turn = Turn()
  private var jobs: [Job] = []
  private var isDriven = false
  private var prefixes: [(tokens: [Int32], past: Past)] = []
  private var sorted: SortedVocabulary?

  /// A decoder for a model.
  public init(_ model: Model, pool: ThreadPool) {
    self.model = model
    self.pool = pool
    // About 10 ms of work, so that a request that is cancelled ends in time.
    pass = Pass(model, pool: pool, capacity: min(64, 16 * pool.count))
    samplers = (0..<pool.count).map { _ in Sampler(model.kernels) }
  }

  /// Writes candidates for each request.
  ///
  /// - Parameter isCancelled: asked for each request, on this thread, about once a pass.
  /// - Returns: candidates in the order of the requests; none for a request that was cancelled.
  public func generate(
    _ requests: [GenerationRequest], isCancelled: (Int) -> Bool = { _ in false }
  ) -> [[Candidate]] {
    let jobs = requests.map { request in
      let prompt = request.prompt.isEmpty ? [model.tokenizer.beginning ?? 0] : request.prompt
      return Job(.generation(request), tokens: prompt, model.shape, store) { [unowned self] in past(prompt) }
    }
    complete(jobs, isCancelled)
    return jobs.map { job in job.isCancelled ? [] : job.drafts.map(\.candidate) }
  }

  /// The natural log of the probability of each continuation after a prompt, as the model has it.
  ///
  /// - Parameter isCancelled: asked on this thread about once a pass; what is then returned is worthless.
  public func score(
    prompt: [Int32], continuations: [[Int32]], isCancelled: () -> Bool = { false }
  ) -> [Double] {
    guard !prompt.isEmpty else { return continuations.map { _ in 0 } }
    // The logits after the prompt are needed, so its last token is computed with each continuation.
    let jobs = continuations.map { continuation in
      let tokens = prompt + continuation
      return Job(.scoring(from: prompt.count), tokens: tokens, model.shape, store) { [unowned self] in
        past(tokens, atMost: prompt.count - 1)
      }
    }
    complete(jobs) { _ in isCancelled() }
    return jobs.map(\.logProbability)
  }

  /// A vector of length 1 for each text: the mean of what the last layer makes of its tokens.
  ///
  /// The product of two of them is their cosine, and says how alike the texts are. Source: Reimers and Gurevych 2019,
  /// "Sentence-BERT", on mean pooling.
  ///
  /// - Parameter isCancelled: as of `score`.
  public func embed(_ texts: [[Int32]], isCancelled: () -> Bool = { false }) -> [[Float]] {
    let jobs = texts.map { text in
      let tokens = text.isEmpty ? [model.tokenizer.beginning ?? 0] : text
      return Job(.embedding, tokens: tokens, model.shape, store) { [model, store] in
        Past(own: KeyValues(model.shape, capacity: tokens.count, store))
      }
    }
    complete(jobs) { _ in isCancelled() }
    return jobs.map { job in
      let length = job.vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return job.vector.map { length > 0 ? $0 / length : 0 }
    }
  }

  /// Computes the beginning that many prompts have in common; those that begin with it start behind it.
  public func prepare(prefix: [Int32]) {
    guard let last = prefix.last else { return }
    // A text that is scored needs no logits after its last token: one more token lets the prefix be computed whole.
    let job = Job(.scoring(from: .max), tokens: prefix + [last], model.shape, store) { [unowned self] in past(prefix) }
    complete([job]) { _ in false }
    turn.with { prefixes.append((prefix, job.past)) }
  }

  /// The vocabulary in the order that constraints need; made once.
  var sortedVocabulary: SortedVocabulary {
    turn.with {
      if let sorted { return sorted }
      let made = SortedVocabulary(model.tokenizer)
      sorted = made
      return made
    }
  }

  /// The beginning of a prompt that was computed before, and room for the rest.
  private func past(_ prompt: [Int32], atMost: Int? = nil) -> Past {
    var best: (count: Int, past: Past)?
    for (tokens, past) in prefixes {
      // The last token's logits are always wanted.
      let count = min(zip(prompt, tokens).prefix { $0 == $1 }.count, past.count, atMost ?? prompt.count - 1)
      if count > best?.count ?? 0 { best = (count, past) }
    }
    guard let best else { return Past(own: KeyValues(model.shape, capacity: prompt.count, store)) }
    var left = best.count
    var shared: [(KeyValues, Int)] = []
    for (segment, count) in best.past.shared + [(best.past.own, best.past.ownCount)] where left > 0 {
      shared.append((segment, min(count, left)))
      left -= min(count, left)
    }
    return Past(shared: shared, own: KeyValues(model.shape, capacity: prompt.count - best.count, store))
  }

  /// Queues jobs and works, or waits while others work, until they are done.
  private func complete(_ mine: [Job], _ isCancelled: (Int) -> Bool) {
    turn.lock()
    jobs.append(contentsOf: mine)
    while true {
      let open = mine.indices.filter { !mine[$0].isFinished && !mine[$0].isCancelled }
      if open.isEmpty { break }
      if isDriven {
        turn.wait(milliseconds: 5)
      } else {
        isDriven = true
        let step = Step(jobs, capacity: pass.capacity, model.tokenizer)
        turn.unlock()
        run(step)
        turn.lock()
        isDriven = false
        for job in jobs where job.isDone { job.isFinished = true }
        jobs.removeAll { $0.isFinished }
      }
      turn.unlock()
      let cancelled = open.filter(isCancelled)
      turn.lock()
      for index in cancelled where !mine[index].isFinished { mine[index].isCancelled = true }
    }
    jobs.removeAll { job in mine.contains { $0 === job } }
    turn.unlock()
    turn.wake()
  }

  /// Computes one pass and lets everyone who waited for logits choose.
  private func run(_ step: Step) {
    // Constraints are asked here, by one thread; only the choosing itself is shared out.
    let groups = step.groups(vocabulary: model.shape.vocabulary)
    pass.run(step.rows, groups: groups)
    step.advance()
    let choices = step.readers.enumerated().flatMap { row, reader -> [Choice] in
      switch reader {
      case .draft(let draft): [Choice(row: row, drafts: [draft], mask: draft.mask)]
      case .beginning(let job): [Choice(row: row, drafts: job.drafts, mask: job.firstMask)]
      case .guess, .score, .embedding: []
      }
    }
    let next = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    next.initialize(to: 0)
    defer { next.deallocate() }
    pool.run { [self] thread in
      while case let place = Int(decoder_claim(next, 1)), place < choices.count {
        let choice = choices[place]
        for draft in choice.drafts {
          draft.choose(choice.mask, samplers[thread]) { logits(choice.row + $0) }
        }
      }
    }
    for choice in choices {
      for draft in choice.drafts { draft.settle(model.tokenizer) }
    }
    for (row, reader) in step.readers.enumerated() {
      switch reader {
      case .score(let job, let token):
        job.add(score: Double(logits(row)[Int(token)]) - samplers[0].normaliser(logits(row)))
      case .embedding(let job): job.add(vector: pass.vector(row))
      case .draft, .guess, .beginning: break
      }
    }
  }

  private struct Choice {
    let row: Int
    let drafts: [Draft]
    let mask: TokenMask?
  }

  private func logits(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pass.logits.start + row * model.shape.vocabulary, count: model.shape.vocabulary)
  }
}
