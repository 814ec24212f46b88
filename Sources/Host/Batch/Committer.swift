import Core
import Liquid
import Markup

/// Takes the work of all threads together, in the order of the input.
///
/// Used by one thread at a time.
final class Committer {
  private let plan: Plan
  private var paths = PathSet()
  /// The run's own files, as if they were folders: no asset lies in one.
  private var ownFolders: [String] = []
  private var duplicates = DuplicateFilter()
  private var feeds: [(spec: Manifest.FeedSpec, writer: any FeedWriter)]
  private var lines: LogFile?
  private var rejects: LogFile?
  private let lineKind: AssetLines
  private let inputName: String
  private let isStrict: Bool
  private(set) var report = RunReport()
  private(set) var dirt = DirtReport()

  /// An asset that is to be written, once its turn to be committed is over.
  struct Write {
    let path: String
    let content: UnsafeBufferPointer<UInt8>
  }

  init(
    plan: Plan, feeds: [(spec: Manifest.FeedSpec, writer: any FeedWriter)], lines: LogFile?, lineKind: AssetLines,
    rejects: LogFile?, inputName: String, isStrict: Bool
  ) {
    self.plan = plan
    self.feeds = feeds
    self.lines = lines
    self.lineKind = lineKind
    self.rejects = rejects
    self.inputName = inputName
    self.isStrict = isStrict
  }

  /// Finds what former runs wrote and this one did not make; removes it where that is asked for and no brief failed.
  ///
  /// - Parameter discarded: paths of assets that a run may have written which was discarded.
  func findStale(in folder: OutputFolder, besides discarded: [String], prunes: Bool) throws {
    // What could not be made this time may well be made the next.
    let isEmpty = dirt.nothing(of: inputName) != nil
    let removes = prunes && report.failed == 0 && !isEmpty
    if prunes, !removes {
      report.prunedNothing = isEmpty ? "as no row of '\(inputName)' makes a record" : "as some briefs failed"
    }
    var known = Set<String>()
    func look(_ path: String) throws {
      // Provenance may have been tampered with: what no run could have written is not touched.
      guard AssetPath.isSafe(path), !paths.contains(path), folder.hasFile(path) else { return }
      report.staleCount += 1
      if report.stale.count < RunReport.mostStaleShown { report.stale.append(path) }
      if removes, folder.remove(path) {
        report.pruned += 1
      } else {
        try note(path, "stale", "true")
      }
    }
    try StaleAssets.formerPaths(in: folder.path) { path in
      try look(path)
      if !discarded.isEmpty { known.insert(path) }
    }
    for path in discarded where known.insert(path).inserted { try look(path) }
  }

  /// Claims the paths of the run's own files and of the folders above them, so that no asset takes them.
  func reserve(_ names: [String]) {
    for name in names {
      var path = name
      while !path.isEmpty {
        _ = paths.claim(path, content: 0)
        path = parentFolder(of: path)
      }
      ownFolders.append("\(name)/")
    }
  }

  /// Claims the path of a static file, so that no asset takes it, and notes it.
  ///
  /// - Throws: `Diagnostic` of kind "path taken" where another static file, a feed or the run's own file has it.
  func add(staticFile path: String) throws(Diagnostic) {
    // No asset has a content hash of 0 but by chance, so that an asset of the same path counts as another file.
    guard case .new = paths.claim(path, content: 0) else {
      throw Diagnostic("path taken", "static file '\(path)' has the path of another static file, a feed or provenance")
    }
    try note(path, "static", "true")
  }

  /// Writes the line of a file that no stage made.
  private func note(_ path: String, _ key: String, _ value: String) throws(Diagnostic) {
    if lineKind == .provenance { try lines?.append(ProvenanceFile.line(path, key, value)) }
  }

  /// Accepts the rows of a piece of work; false for those that repeat an earlier one.
  func accept(_ worker: Worker) throws -> [Bool] {
    var rowDirt = worker.dirt
    var accepted: [Bool] = []
    for record in worker.decoded { accepted.append(duplicates.accept(record, report: &rowDirt)) }
    dirt.merge(rowDirt)
    if isStrict, let failure = dirt.strictFailure(file: inputName) { throw failure }
    if let rejects {
      for row in worker.rows where row.record.map({ !accepted[$0] }) ?? true {
        try rejects.append(worker.rowBytes[row.bytes])
      }
    }
    count(worker, accepted: accepted)
    return accepted
  }

  /// The most locales that are counted apart; those that come after are "others".
  private static let mostLocales = 50

  /// Counts which pipelines were taken, and the locales that were named in vain, by the rows that count.
  func count(_ worker: Worker, accepted: [Bool]) {
    func counts(_ row: Int) -> Bool { !accepted.indices.contains(row) || accepted[row] }
    for (row, pipeline) in worker.routed where counts(row) {
      report.routed[plan.pipelines[pipeline].spec.name, default: 0] += 1
    }
    for (row, locale, profile) in worker.unsupportedLocales where counts(row) {
      let isNew = report.unsupportedLocales[locale] == nil && report.unsupportedLocales.count >= Self.mostLocales
      report.unsupportedLocales[isNew ? "others" : locale, default: .init()].add("profile '\(profile)'")
    }
  }

  /// Commits what the pipelines made and returns the assets to be written.
  ///
  /// - Parameters:
  ///   - accepted: for each row whether it counts.
  ///   - rows: whose items are committed.
  func commit(_ worker: Worker, accepted: [Bool], rows: Range<Int>) throws -> [Write] {
    var order: [(row: Int, runner: Int, item: Int)] = []
    for (number, runner) in worker.runners.enumerated() {
      for (index, item) in runner.items.enumerated()
      where rows.contains(item.row) && (!accepted.indices.contains(item.row) || accepted[item.row]) {
        order.append((item.row, number, index))
      }
    }
    order.sort { ($0.row, $0.runner, $0.item) < ($1.row, $1.runner, $1.item) }
    var writes: [Write] = []
    for entry in order { try commit(worker, entry.runner, entry.item, &writes) }
    return writes
  }

  private func commit(_ worker: Worker, _ number: Int, _ index: Int, _ writes: inout [Write]) throws {
    let runner = worker.runners[number]
    let item = runner.items[index]
    count(item, of: runner)
    switch item.state {
    case .running: break
    case .skipped(let stage, let reason):
      report.skips["\(stage): \(reason)", default: .init()].add(name(of: item))
      return
    case .failed(let stage, let code, let field, let message):
      let place = field.isEmpty ? "" : "\(field): "
      report.failures["stage '\(stage)': \(place)\(message) (\(code))", default: .init()].add(name(of: item))
      return
    }
    for (stage, used) in zip(runner.pipeline.stages, item.used) {
      guard let used, used > 0 else { continue }
      report.fallbacks["\(stage.spec.id): \(stage.alternatives[used].name)", default: 0] += 1
    }
    for slot in item.emptied { report.emptied["\(slot.stage): \(slot.reason)", default: .init()].add(name(of: item)) }
    for note in runner.notes(item: index) {
      switch note.key {
      case RunReport.gapsKey: report.add(gaps: note.value, of: name(of: item))
      case RunReport.warningKey:
        report.warnings["\(runner.pipeline.slotNames[note.slot]): \(note.value)", default: .init()].add(name(of: item))
      default: break
      }
    }
    let assets = runner.pipeline.assets
    for (place, asset) in assets.enumerated() {
      guard let path = item.paths[place], let prepared = worker.prepared[number][index * assets.count + place] else {
        continue
      }
      let bytes = runner.slot(asset.slot, of: index).text
      switch ownFolders.contains(where: path.hasPrefix) ? .taken : paths.claim(path, content: prepared.content) {
      case .same: continue
      case .taken:
        report.collisions.add("'\(path)' (\(name(of: item)))")
        continue
      case .new: break
      }
      writes.append(Write(path: path, content: bytes))
      report.assets[asset.rule.slot, default: 0] += 1
      report.bytes += bytes.count
      try lines?.append(worker.line(prepared.line))
      for (number, feed) in feeds.enumerated() where feed.spec.slot == asset.rule.slot {
        try add(
          item, index, asset: place, path: path, content: prepared.feedContents[number] ?? [], runner, to: feed)
      }
    }
  }

  /// Counts what it took to fill the stages of an item, whatever became of it.
  private func count(_ item: Item, of runner: PipelineRunner) {
    for (stage, count) in item.retries { report.retries[runner.pipeline.stages[stage].spec.id, default: 0] += count }
    for entry in item.passedOver {
      let stage = runner.pipeline.stages[entry.stage]
      // Where nothing came after it, the stage failed, was skipped or stayed empty, and is counted as such.
      guard entry.alternative < stage.alternatives.count - 1 else { continue }
      let plugin = stage.alternatives[entry.alternative].name
      report.passedOver["\(stage.spec.id): \(plugin): \(entry.reason)", default: .init()].add(name(of: item))
    }
  }

  private func add(
    _ item: Item, _ index: Int, asset: Int, path: String, content: [UInt8], _ runner: PipelineRunner,
    to feed: (spec: Manifest.FeedSpec, writer: any FeedWriter)
  ) throws {
    let locale = plan.manifest.locales.supported[item.locale]
    let kind = FeedKind(rawValue: feed.spec.kind)
    guard item.product.exists || kind == .sitemap, feed.spec.locale == nil || feed.spec.locale == locale else { return }
    try content.withUnsafeBufferPointer { content in
      try feed.writer.add(
        FeedItem(
          product: item.product, url: plan.url(of: path), path: path, locale: locale,
          title: item.product["name"].string ?? "", content: content,
          alternates: runner.alternates(item: index, asset: asset)))
    }
  }

  private func name(of item: Item) -> String {
    let profile = item.profile["id"].scalarText ?? "?"
    guard item.product.exists else { return "profile '\(profile)'" }
    return "profile '\(profile)', product '\(item.product["id"].scalarText ?? "?")'"
  }

  /// Completes feeds; nothing of them was visible before.
  func finishFeeds() throws {
    for feed in feeds {
      let summary = try feed.writer.finish()
      report.feeds.append(RunReport.Feed(feed.spec, summary))
      let folder = parentFolder(of: feed.spec.path)
      for path in [feed.spec.path] + summary.parts.map({ folder.isEmpty ? $0 : "\(folder)/\($0)" }) {
        _ = paths.claim(path, content: 0)
        try note(path, "feed", "\"\(feed.spec.kind)\"")
      }
    }
    feeds.removeAll()
  }

  /// Completes logs; nothing of them was visible before.
  func finishLogs() throws {
    try lines?.finish()
    try rejects?.finish()
  }

  /// Takes back feeds and logs.
  func abandon() {
    for feed in feeds { feed.writer.abandon() }
    lines?.abandon()
    rejects?.abandon()
  }
}
