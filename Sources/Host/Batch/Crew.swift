import Core
import Synchronization

/// The threads of a run at work: they take pieces from one source and commit them in order.
final class Crew: @unchecked Sendable {
  // `driver.source` is used with `sourceLock` held, `committer` by the holder of a turn; hence the unchecked conformance.
  private let driver: Driver
  private let context: RunContext
  private let committer: Committer
  private let keepsRejects: Bool
  private let folder: OutputFolder?
  private let archive: Archive?
  private let unchangedCount = Atomic<Int>(0)
  private let sourceLock = Mutex(())
  private let turnstile = Turnstile()
  private let firstError = Mutex<(any Error)?>(nil)

  init(
    driver: Driver, context: RunContext, committer: Committer, keepsRejects: Bool, folder: OutputFolder?,
    archive: Archive?
  ) {
    self.driver = driver
    self.context = context
    self.committer = committer
    self.keepsRejects = keepsRejects
    self.folder = folder
    self.archive = archive
  }

  /// Assets whose files held the same bytes before.
  var unchanged: Int { unchangedCount.load(ordering: .relaxed) }

  /// What ended the run early, if anything did.
  var failure: (any Error)? { firstError.withLock { $0 } }

  /// Ends the run because of an error.
  func fail(_ error: any Error) {
    firstError.withLock { if $0 == nil { $0 = error } }
    context.cancel()
    turnstile.close()
  }

  /// Works until there is nothing left or the run is stopped.
  ///
  /// - Parameters:
  ///   - number: of the thread.
  ///   - progress: told, after each piece, how much of the input was read and how many assets were written.
  func work(_ worker: Worker, number: Int, progress: (Int, Int) -> Void) throws {
    var sink = SinkWriter(folder, archive: archive, number: number)
    defer { unchangedCount.add(sink.unchanged, ordering: .relaxed) }
    let rows = driver.rowsAreProducts ? 128 : 64
    var chunk = RowChunk(targetBytes: 1 << 17, maxRows: min(rows, context.batchSize ?? rows))
    // Made where a profile of the input takes a pipeline over all products.
    var second: Worker?
    while !context.isCancelled {
      // The lock also keeps tickets in the order of the rows.
      var read = 0
      guard
        let (ticket, work) = try sourceLock.withLock({ _ in
          let next = try driver.source.next(chunk: &chunk)
          read = driver.source.reader?.position ?? 0
          return next
        })
      else { return }
      worker.begin()
      try run(work, chunk, worker)
      // A plugin that was told to stop may have left its place to a fallback: nothing of such a piece counts.
      if context.isCancelled { break }
      worker.prepare()
      var writes: [Committer.Write] = []
      var written = 0
      let passed = try turnstile.pass(ticket) {
        let accepted = try committer.accept(worker)
        var next = 0
        for entry in worker.deferred where accepted[entry.row] {
          // What stands before it comes before it, however many rows a piece of work has.
          writes = try committer.commit(worker, accepted: accepted, rows: next..<entry.row)
          next = entry.row
          written += writes.count
          try write(writes, &sink)
          let runner = try second ?? Worker(run: context)
          second = runner
          written += try runCatalogue(for: entry.profile, pipeline: entry.pipeline, runner, &sink)
        }
        writes = try committer.commit(worker, accepted: accepted, rows: next..<Int.max)
        written += writes.count
        guard archive != nil else { return }
        // An archive has one order.
        try write(writes, &sink)
        writes = []
      }
      guard passed else { return }
      try write(writes, &sink)
      progress(read, written)
    }
    // Whoever waits for a turn that this thread will not take must not wait for ever.
    turnstile.close()
  }

  private func run(_ work: WorkSource.Work, _ chunk: RowChunk, _ worker: Worker) throws {
    switch work {
    case .profile(let profile):
      worker.add(profile: profile, row: 0)
      for runner in worker.runners { runner.run() }
    case .catalogue(let profile, let pipeline, let range):
      worker.runCatalogue(range, for: profile, pipeline: pipeline)
    case .rows:
      worker.decode(chunk, of: driver.input, keepsRejects: keepsRejects)
      if driver.rowsAreProducts { try worker.runProducts(visitors: driver.visitors) } else { worker.runProfiles() }
    }
  }

  private func runCatalogue(
    for profile: Value, pipeline: Int, _ worker: Worker, _ sink: inout SinkWriter
  ) throws -> Int {
    var written = 0
    let count = context.catalogue?.count ?? 0
    for start in stride(from: 0, to: count, by: WorkSource.productRange) where !context.isCancelled {
      worker.begin()
      worker.runCatalogue(start..<min(start + WorkSource.productRange, count), for: profile, pipeline: pipeline)
      if context.isCancelled { break }
      worker.prepare()
      committer.count(worker, accepted: [])
      let writes = try committer.commit(worker, accepted: [], rows: 0..<Int.max)
      try write(writes, &sink)
      written += writes.count
    }
    return written
  }

  private func write(_ writes: [Committer.Write], _ sink: inout SinkWriter) throws(Diagnostic) {
    try context.checkpoint?.note(paths: writes.lazy.map(\.path))
    for asset in writes { try sink.write(asset.content, path: asset.path) }
  }
}
