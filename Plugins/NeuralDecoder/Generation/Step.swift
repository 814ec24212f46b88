/// One pass: which tokens are computed, and who waits for the logits.
final class Step {
  /// Who reads a row of logits.
  enum Reader {
    /// A candidate chooses its next token.
    case draft(Draft, Job)
    /// The candidate before chooses on behind one of its guesses.
    case guess(TokenMask?)
    /// All candidates of a request choose their first.
    case beginning(Job)
    /// A text is scored: the token that did follow.
    case score(Job, token: Int32)
    /// A text is embedded: the last layer's vector.
    case embedding(Job)
  }

  private(set) var rows: [PassRow] = []
  private(set) var readers: [Reader] = []
  private var parts: [(owner: Owner, count: Int)] = []
  private var room: Int
  private var judged = 0

  private enum Owner {
    case draft(Draft)
    case prompt(Job)
  }

  /// The most rows of a pass that has guesses in it: as long as the weights take the time, not the arithmetic.
  private static let mostGuessing = 8

  /// The most rows of texts that are judged, not written: each may have a number for every token.
  private static let mostJudged = 16

  /// Takes as much from the jobs as fits, candidates before prompts, in the order of the queue.
  init(_ jobs: [Job], capacity: Int, _ tokenizer: Tokenizer) {
    room = capacity
    let open = jobs.filter { !$0.isCancelled }
    let drafts = open.flatMap { job in job.drafts.filter { $0.end == nil }.map { (draft: $0, job: job) } }
    let prompts = open.filter { $0.promptLeft > 0 }
    let needed = drafts.reduce(0) { $0 + $1.draft.pending.count }
    var guesses = prompts.isEmpty ? min(capacity, Self.mostGuessing) - needed : 0
    for (draft, job) in drafts {
      let part = draft.pending.count <= room ? draft.guess(atMost: guesses, tokenizer) : 0
      guesses -= part
      add(draft, of: job)
    }
    for job in prompts { add(job) }
  }

  private func add(_ draft: Draft, of owner: Job) {
    let count = min(room, draft.pending.count)
    guard count > 0 else { return }
    let past = draft.past
    func add(_ token: Int32, _ ahead: Int, _ reader: Reader?) {
      rows.append(PassRow(token: token, past: past, ahead: ahead, wantsOutput: reader != nil))
      if let reader { readers.append(reader) }
    }
    for ahead in 0..<count {
      add(draft.pending[ahead], ahead, ahead == draft.pending.count - 1 ? .draft(draft, owner) : nil)
    }
    for (place, guess) in draft.guesses.enumerated() { add(guess.token, count + place, .guess(guess.mask)) }
    parts.append((.draft(draft), count))
    room -= count + draft.guesses.count
  }

  private func add(_ job: Job) {
    guard room > 0 else { return }
    let past = job.past
    var count = 0
    while count < min(room, job.promptLeft) {
      let position = past.count + count
      let wantsOutput = job.wantsOutput(after: position)
      if wantsOutput {
        switch job.kind {
        case .generation: readers.append(.beginning(job))
        case .scoring where judged < Self.mostJudged:
          judged += 1
          readers.append(.score(job, token: job.tokens[position + 1]))
        case .embedding where judged < Self.mostJudged:
          judged += 1
          readers.append(.embedding(job))
        case .scoring, .embedding: room = count
        }
      }
      guard count < room else { break }
      rows.append(PassRow(token: job.tokens[position], past: past, ahead: count, wantsOutput: wantsOutput))
      count += 1
    }
    guard count > 0 else { return }
    parts.append((.prompt(job), count))
    room -= count
  }

  /// The groups of tokens whose logits are wanted: none where texts are only embedded, nil for all.
  func groups(vocabulary: Int) -> [UInt32]? {
    var wanted: Set<UInt32> = []
    for reader in readers {
      let mask: TokenMask?
      switch reader {
      case .draft(let draft, _): mask = draft.mask
      case .guess(let after): mask = after
      case .beginning(let job): mask = job.firstMask
      case .score: mask = nil
      case .embedding: continue
      }
      guard let mask, mask.groups.count < vocabulary / 32 else { return nil }
      wanted.formUnion(mask.groups)
    }
    return wanted.count < vocabulary / 32 ? wanted.sorted() : nil
  }

  /// Notes that the rows were computed, and begins the candidates of prompts that are complete.
  func advance() {
    for (owner, count) in parts {
      switch owner {
      case .draft(let draft): draft.computed(count)
      case .prompt(let job): job.computed(count)
      }
    }
  }
}
