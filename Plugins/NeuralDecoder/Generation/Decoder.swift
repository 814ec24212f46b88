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
    // As many rows as keep the arithmetic busy; more would only make others wait.
    pass = Pass(model, pool: pool, capacity: min(64, 16 * pool.count))
    samplers = (0..<pool.count).map { _ in Sampler(model.kernels) }
  }

  /// Writes candidates for each request.
  ///
  /// - Parameter isCancelled: asked for requests, on this thread, many times a pass: a pass that none of them wants any
  ///   longer is given up.
  /// - Returns: candidates in the order of the requests; none for a request that was cancelled.
  public func generate(
    _ requests: [GenerationRequest], isCancelled: @escaping (Int) -> Bool = { _ in false }
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
  /// - Parameter isCancelled: as of `generate`, for all at once; what is then returned is worthless.
  public func score(
    prompt: [Int32], continuations: [[Int32]], isCancelled: @escaping () -> Bool = { false }
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
    // Another thread may still be at work on those that were cancelled.
    return jobs.map { job in job.isCancelled ? 0 : job.logProbability }
  }

  /// A vector of length 1 for each text: the mean of what the last layer makes of its tokens.
  ///
  /// The product of two of them is their cosine, and says how alike the texts are. Source: Reimers and Gurevych 2019,
  /// "Sentence-BERT", on mean pooling.
  ///
  /// - Parameter isCancelled: as of `score`.
  public func embed(_ texts: [[Int32]], isCancelled: @escaping () -> Bool = { false }) -> [[Float]] {
    let jobs = texts.map { text in
      let tokens = text.isEmpty ? [model.tokenizer.beginning ?? 0] : text
      return Job(.embedding, tokens: tokens, model.shape, store) { [model, store] in
        Past(own: KeyValues(model.shape, capacity: tokens.count, store))
      }
    }
    complete(jobs) { _ in isCancelled() }
    return jobs.map { job in
      guard !job.isCancelled else { return [Float](repeating: 0, count: model.shape.width) }
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
  private func complete(_ mine: [Job], _ isCancelled: @escaping (Int) -> Bool) {
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
        let isWhole = run(step, mine) { open.allSatisfy(isCancelled) }
        turn.lock()
        isDriven = false
        guard isWhole else {
          for index in open { mine[index].isCancelled = true }
          break
        }
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
  ///
  /// - Parameters:
  ///   - mine: the jobs of this thread's caller.
  ///   - isStopped: whether they are no longer wanted.
  /// - Returns: false where they were left as they stood; what others have in the pass is whole, or begins anew.
  private func run(_ step: Step, _ mine: [Job], isStopped: @escaping () -> Bool) -> Bool {
    // Constraints are asked here, by one thread; only the choosing itself is shared out.
    let groups = step.groups(vocabulary: model.shape.vocabulary)
    guard pass.run(step.rows, groups: groups, isStopped: isStopped) else { return false }
    step.advance()
    let choices = step.readers.enumerated().flatMap { row, reader -> [Choice] in
      switch reader {
      case .draft(let draft, let job): [Choice(row: row, drafts: [draft], job: job, mask: draft.mask)]
      case .beginning(let job): [Choice(row: row, drafts: job.drafts, job: job, mask: job.firstMask)]
      case .guess, .score, .embedding: []
      }
    }
    let isWhole = choose(choices, mine, isStopped)
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
    return isWhole
  }

  private struct Choice {
    let row: Int
    let drafts: [Draft]
    let job: Job
    let mask: TokenMask?
  }

  /// Chooses on all threads; once this thread's caller wants no more, its own drafts are passed over.
  private func choose(_ choices: [Choice], _ mine: [Job], _ isStopped: @escaping () -> Bool) -> Bool {
    // How many choices were taken, and whether to stop: both change while others read them.
    let counters = UnsafeMutablePointer<UInt32>.allocate(capacity: 2)
    counters.initialize(repeating: 0, count: 2)
    defer { counters.deallocate() }
    pool.run { [self] thread in
      while case let place = Int(decoder_claim(counters, 1)), place < choices.count {
        let choice = choices[place]
        let isMine = mine.contains { $0 === choice.job }
        for draft in choice.drafts {
          if thread == 0, isStopped() { _ = decoder_claim(counters + 1, 1) }
          if isMine, decoder_claim(counters + 1, 0) > 0 { break }
          draft.choose(choice.mask, samplers[thread]) { logits(choice.row + $0) }
        }
      }
    }
    return counters[1] == 0
  }

  private func logits(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pass.logits.start + row * model.shape.vocabulary, count: model.shape.vocabulary)
  }
}
