/// One pass: which tokens are computed, and who waits for the logits.
final class Step {
  /// Who reads a row of logits.
  enum Reader {
    /// A candidate chooses its next token.
    case draft(Draft)
    /// All candidates of a request choose their first.
    case beginning(Job)
    /// A text is scored: the token that did follow.
    case score(Job, token: Int32)
  }

  private(set) var rows: [PassRow] = []
  private(set) var readers: [Reader] = []
  private var parts: [(owner: Owner, count: Int)] = []
  private var room: Int
  private var scores = 0

  private enum Owner {
    case draft(Draft)
    case prompt(Job)
  }

  /// The most rows of logits of texts that are scored: each has a number for every token.
  private static let mostScores = 16

  /// Takes as much from the jobs as fits, candidates before prompts, in the order of the queue.
  init(_ jobs: [Job], capacity: Int) {
    room = capacity
    for job in jobs where !job.isCancelled {
      for draft in job.drafts where draft.end == nil { add(draft) }
    }
    for job in jobs where !job.isCancelled && job.promptLeft > 0 { add(job) }
  }

  private func add(_ draft: Draft) {
    let count = min(room, draft.pending.count)
    guard count > 0 else { return }
    let past = draft.past
    for ahead in 0..<count {
      let isLast = ahead == draft.pending.count - 1
      rows.append(PassRow(token: draft.pending[ahead], past: past, ahead: ahead, wantsLogits: isLast))
      if isLast { readers.append(.draft(draft)) }
    }
    parts.append((.draft(draft), count))
    room -= count
  }

  private func add(_ job: Job) {
    guard room > 0 else { return }
    let past = job.past
    var count = 0
    while count < min(room, job.promptLeft) {
      let position = past.count + count
      let wantsLogits = job.wantsLogits(after: position)
      if wantsLogits {
        switch job.kind {
        case .generation: readers.append(.beginning(job))
        case .scoring where scores < Self.mostScores:
          scores += 1
          readers.append(.score(job, token: job.tokens[position + 1]))
        case .scoring: room = count
        }
      }
      guard count < room else { break }
      rows.append(PassRow(token: job.tokens[position], past: past, ahead: count, wantsLogits: wantsLogits))
      count += 1
    }
    guard count > 0 else { return }
    parts.append((.prompt(job), count))
    room -= count
  }

  /// The groups of tokens that are wanted where constraints leave few, or nil for all.
  func groups(vocabulary: Int) -> [UInt32]? {
    var wanted: Set<UInt32> = []
    for reader in readers {
      let mask: TokenMask?
      switch reader {
      case .draft(let draft): mask = draft.mask
      case .beginning(let job): mask = job.firstMask
      case .score: mask = nil
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
