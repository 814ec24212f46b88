import Core
import Glibc
import Synchronization

/// How a manifest is run.
public struct GenerateOptions: Sendable {
  /// Where assets go.
  public var sink: SinkKind
  /// How many threads work; at least 1.
  public var threads: Int
  /// Whether an unfinished run in the output folder is discarded instead of gone on with.
  public var restarts = false
  /// Whether assets of former runs that this one does not make are removed.
  public var prunes = false
  /// Most rows of a piece of work and most briefs of a call; nil for what the plugins prefer.
  ///
  /// What comes out does not depend on it.
  public var batchSize: Int?
  /// Whether the first rejected row ends the run.
  public var isStrict = false
  /// Where the bytes of rejected rows go; nil for nowhere.
  public var rejectsPath: String?
  /// Gets each line that plugins log.
  public var log: @Sendable (String) -> Void = { _ in }

  /// Options for a sink; as many threads as there are processors.
  public init(sink: SinkKind, threads: Int = processorCount()) {
    self.sink = sink
    self.threads = max(1, threads)
  }
}

/// How far a run is: for a progress bar, read from any thread.
public struct Progress: Sendable {
  /// Bytes of the driving input that were read, and all of them where known.
  public var read: Int
  /// Size of the driving input, where it has one.
  public var size: Int?
  /// Assets written so far.
  public var assets: Int
}

/// One run of a plan over its inputs.
public final class Generation: Sendable {
  private let plan: Plan
  private let options: GenerateOptions
  private let interrupted = Atomic<Bool>(false)
  private let progressState = Mutex(Progress(read: 0, size: nil, assets: 0))
  private let running = Mutex<RunContext?>(nil)

  /// A run that is yet to start.
  public init(_ plan: Plan, options: GenerateOptions) {
    self.plan = plan
    self.options = options
  }

  /// How far it is.
  ///
  /// Thread-safe.
  public var progress: Progress { progressState.withLock { $0 } }

  /// Stops the run cleanly: what is complete stays, nothing is left half-written.
  ///
  /// Thread-safe.
  public func interrupt() {
    interrupted.store(true, ordering: .relaxed)
    running.withLock { $0?.cancel() }
  }

  /// Runs to the end.
  ///
  /// A run into a folder leaves a checkpoint there until it is complete: the next run of the same plan goes on with it.
  ///
  /// - Throws: `Diagnostic` where an input cannot be read, a plugin cannot be made ready or an output cannot be written;
  ///   nothing half-written is left behind. Of kind "folder in use" where another run writes to the folder, "unfinished
  ///   run" where a run of another plan was not finished there, and "damaged checkpoint".
  public func run() throws -> RunReport {
    let started = monotonicNanoseconds()
    var inputs: [(name: String, rows: Int, dirt: DirtReport)] = []
    var rejects: [UInt8] = []
    let catalogue = try loadCatalogue(&inputs, &rejects)
    let log = options.log
    let context = RunContext(
      plan: plan, catalogue: catalogue, threads: options.threads, lines: options.sink.lines,
      batchSize: options.batchSize
    ) { line in
      log(line.stage.isEmpty ? line.message : "stage '\(line.stage)': \(line.message)")
    }
    running.withLock { $0 = context }
    // The output folder is free again when nothing of the run is left.
    defer { running.withLock { $0 = nil } }
    if interrupted.load(ordering: .relaxed) { context.cancel() }
    let driver = try Driver(plan: plan, catalogue: catalogue)
    progressState.withLock { $0.size = driver.input?.reader.size }
    let folder = try openFolder()
    let archive = try makeArchive()
    let committer = try makeCommitter(inputName: driver.name, folder: folder, archive: archive, rejects: rejects)
    let crew = Crew(
      driver: driver, context: context, committer: committer, keepsRejects: options.rejectsPath != nil,
      folder: folder, archive: archive)
    var isResumed = false
    do {
      let files = try StaticFiles(plan.manifest.staticFiles)
      for file in files.files { try committer.add(staticFile: file.path) }
      // The first worker also shows that every plugin can be made ready, before anything is written.
      let first = try Worker(run: context)
      var checkpoint: Checkpoint?
      if let folder {
        let made = try Checkpoint(
          folder: folder, plan: PlanFingerprint(plan, files: first.files), restart: options.restarts)
        context.remember(in: made)
        isResumed = made.resumes
        checkpoint = made
      }
      var sink = SinkWriter(folder, archive: archive, number: 0)
      for index in files.files.indices { try files.copy(index, with: &sink) }
      let steps = first.stepsFile
      try work(crew, context, first: first)
      if context.isCancelled {
        committer.abandon()
        archive?.abandon()
      } else {
        try committer.finishFeeds()
        if let folder, let checkpoint {
          try committer.findStale(in: folder, besides: checkpoint.discardedPaths, prunes: options.prunes)
        }
        try committer.finishLogs()
        if let steps, let root = archive?.folder ?? folder?.path {
          try ProvenanceFile(folder: root).writeSteps(steps)
        }
        try archive?.finish()
        checkpoint?.finish()
      }
    } catch {
      committer.abandon()
      archive?.abandon()
      context.checkpoint?.end(after: error)
      throw error
    }
    if let reader = driver.input?.reader { inputs.append((reader.name, reader.rowCount, committer.dirt)) }
    var report = committer.report
    report.inputs = inputs
    report.unchanged = crew.unchanged
    report.isResumed = isResumed
    report.isInterrupted = context.isCancelled
    report.seconds = Double(monotonicNanoseconds() - started) / 1e9
    return report
  }

  // MARK: Preparation

  /// The catalogue where look-ups need all of it at hand; nil where it is only streamed, or there is none.
  private func loadCatalogue(
    _ inputs: inout [(name: String, rows: Int, dirt: DirtReport)], _ rejects: inout [UInt8]
  ) throws -> Catalogue? {
    guard let input = plan.manifest.catalogue, plan.needsCatalogue else { return nil }
    let loader = CatalogueLoader(plan: plan, input: input, keepsRejects: options.rejectsPath != nil)
    let catalogue = try loader.load(isStrict: options.isStrict)
    inputs.append((loader.name, loader.rows, loader.dirt))
    rejects = loader.rejects
    return catalogue
  }

  private func openFolder() throws(Diagnostic) -> OutputFolder? {
    guard case .folder(let path) = options.sink else { return nil }
    return try OutputFolder(path: path)
  }

  private func makeArchive() throws -> Archive? {
    if case .tar(let path) = options.sink { return try Archive(path: path, time: plan.manifest.runTime) }
    return nil
  }

  private func makeCommitter(
    inputName: String, folder: OutputFolder?, archive: Archive?, rejects: [UInt8]
  ) throws -> Committer {
    var feeds: [(spec: Manifest.FeedSpec, writer: any FeedWriter)] = []
    var lines: LogFile?
    // Feeds and provenance of an archive are written to a folder first.
    var root = archive?.folder
    switch options.sink {
    case .folder(let path): root = path
    case .jsonLines(let path):
      lines = try LogFile(path: path)
      if !plan.manifest.feeds.isEmpty || !plan.manifest.staticFiles.isEmpty {
        options.log("feeds and static files are left out, as this output holds assets alone")
      }
    case .tar, .null: break
    }
    if let root {
      try makeFolders(root)
      lines = try LogFile(path: "\(root)/provenance.jsonl")
      for spec in plan.manifest.feeds {
        let path = "\(root)/\(spec.path)"
        // No link below the output folder is followed.
        if let folder { close(try folder.openFolder(parentFolder(of: spec.path), makes: true)) }
        try makeFolders(parentFolder(of: path))
        feeds.append((spec, try makeFeed(spec, path: path)))
      }
    }
    let rejected = try options.rejectsPath.map { path throws(Diagnostic) in try LogFile(path: path) }
    try rejected?.append(rejects)
    let committer = Committer(
      plan: plan, feeds: feeds, lines: lines, lineKind: options.sink.lines, rejects: rejected, inputName: inputName,
      isStrict: options.isStrict)
    if root != nil { committer.reserve(["provenance.jsonl", "provenance-steps.json"] + feeds.map(\.spec.path)) }
    return committer
  }

  private func makeFeed(_ spec: Manifest.FeedSpec, path: String) throws -> any FeedWriter {
    let manifest = plan.manifest
    let site = FeedSite(
      name: manifest.site.name, baseURL: manifest.site.baseURL, organisation: manifest.site.organisation,
      currency: manifest.site.currency, defaultLocale: manifest.locales.fallback, runTime: manifest.runTime)
    let url = plan.url(of: spec.path)
    return switch FeedKind(rawValue: spec.kind) {
    case .googleMerchant: try MerchantFeed(path: path, site: site, options: .init(locale: spec.locale))
    case .sitemap: try SitemapFeed(path: path, url: url, site: site, locale: spec.locale)
    case .atom: try StreamedFeed.atom(path: path, url: url, site: site, locale: spec.locale)
    case .rss: try StreamedFeed.rss(path: path, url: url, site: site, locale: spec.locale)
    case .shopifyCSV: try StreamedFeed.shopifyCSV(path: path, site: site, locale: spec.locale)
    case .jsonLines: try StreamedFeed.jsonLines(path: path, site: site, locale: spec.locale)
    case .wordpressWXR, nil: try WordPressFeed(path: path, site: site, options: spec.wordPress)
    }
  }

  // MARK: Work

  private func work(_ crew: Crew, _ context: RunContext, first: Worker) throws {
    let first = FirstWorker(worker: first)
    onThreads(options.threads) { [self] number in
      do {
        try crew.work(number == 0 ? first.worker : Worker(run: context), number: number) { read, assets in
          progressState.withLock {
            $0.read = read
            $0.assets += assets
          }
        }
      } catch {
        crew.fail(error)
      }
    }
    if let error = crew.failure { throw error }
  }
}

/// A worker that was made on one thread and is used on another.
private struct FirstWorker: @unchecked Sendable {
  // Only the first thread of the crew touches it; hence the unchecked conformance.
  let worker: Worker
}

/// How many processors are online.
public func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
