import Core
import Markup

/// What one thread does with a piece of work: rows become records, records become items, items run through pipelines.
///
/// Everything it made stays until the next `begin`, so that it can be committed in order.
final class Worker {
  let context: WorkerContext
  let runners: [PipelineRunner]
  private let records = DocumentBuilder()
  /// Made when the first rows come.
  private var decoder: RowDecoder?
  private(set) var decoded: [Record] = []
  private(set) var dirt = DirtReport()
  /// The rows as they were read, where those that are rejected are kept: the bytes of each with the number of its record.
  private(set) var rows: [(bytes: Range<Int>, record: Int?)] = []
  private(set) var rowBytes: [UInt8] = []
  /// Profiles that take a pipeline over all products; they run one range after the other.
  private(set) var deferred: [(row: Int, profile: Value, pipeline: Int)] = []
  /// For each runner what the commit of its items' assets needs, in the order of items and assets.
  private(set) var prepared: [[PreparedAsset?]] = []
  private let lines: (any LineWriter)?
  private let sanitiser = HTMLSanitiser()

  /// What is worked out about an asset before its turn to be committed comes.
  struct PreparedAsset {
    /// Hash of the content.
    let content: UInt64
    /// Place of its line.
    let line: Range<Int>
    /// What feeds show as its content, by the feed's place in the manifest.
    let feedContents: [Int: [UInt8]]
  }

  /// Which pipeline the profile, or the product, of a row took.
  private(set) var routed: [(row: Int, pipeline: Int)] = []
  /// The locales that profiles named in vain.
  private(set) var unsupportedLocales: [(row: Int, locale: String, profile: String)] = []

  init(run: RunContext) throws(Diagnostic) {
    context = WorkerContext(run: run)
    lines =
      switch run.lines {
      case .none: nil
      case .provenance: ProvenanceWriter(context: context)
      case .content: ContentWriter(context: context)
      }
    var runners: [PipelineRunner] = []
    for pipeline in run.plan.pipelines { runners.append(try PipelineRunner(pipeline, context: context)) }
    self.runners = runners
  }

  /// All files that plugins read to make themselves ready.
  var files: [ResourceStore.File] { runners.flatMap(\.files) }

  /// Forgets the items, but not the records.
  func restart() {
    for runner in runners { runner.reset() }
    deferred.removeAll(keepingCapacity: true)
  }

  /// Forgets the last piece of work.
  func begin() {
    restart()
    records.reset()
    decoded.removeAll(keepingCapacity: true)
    dirt = DirtReport()
    rows.removeAll(keepingCapacity: true)
    rowBytes.removeAll(keepingCapacity: true)
    routed.removeAll(keepingCapacity: true)
    unsupportedLocales.removeAll(keepingCapacity: true)
  }

  /// Works out what the commit of all items needs, so that threads take their turns swiftly.
  func prepare() {
    lines?.reset()
    prepared = runners.map { runner in
      runner.items.enumerated().flatMap { index, item in
        runner.pipeline.assets.enumerated().map { number, asset in
          let content = runner.slot(asset.slot, of: index)
          guard item.isRunning, let path = item.paths[number], content.exists else { return nil }
          return PreparedAsset(
            content: contentHash(content.text),
            line: lines?.add(index, asset: number, path: path, of: runner) ?? 0..<0,
            feedContents: feedContents(of: index, slot: asset.rule.slot, in: runner))
        }
      }
    }
  }

  /// Content is made harmless here, where threads work side by side: it costs more than all else that a feed does.
  private func feedContents(of item: Int, slot: String, in runner: PipelineRunner) -> [Int: [UInt8]] {
    guard context.run.lines == .provenance else { return [:] }
    let product = runner.items[item].product
    let locale = context.plan.manifest.locales.supported[runner.items[item].locale]
    var contents: [Int: [UInt8]] = [:]
    var sanitised: [String: [UInt8]] = [:]
    for (place, feed) in context.plan.manifest.feeds.enumerated() where feed.slot == slot {
      guard product.exists, feed.locale == nil || feed.locale == locale,
        FeedKind(rawValue: feed.kind)?.hasContent == true
      else { continue }
      let content = runner.pipeline.slotNames.firstIndex(of: feed.content).map { runner.slot($0, of: item) }
      let text = content.flatMap { $0.exists ? $0.text : nil } ?? product["description"].text
      if !feed.sanitises {
        contents[place] = Array(text)
      } else {
        let clean = sanitised[feed.content] ?? sanitiser.sanitised(text)
        sanitised[feed.content] = clean
        contents[place] = clean
      }
    }
    return contents
  }

  /// What the lines of all workers refer to.
  var stepsFile: [UInt8]? { lines?.stepsFile(of: runners) }

  /// The line of an asset.
  func line(_ place: Range<Int>) -> ArraySlice<UInt8> { lines?.bytes[place] ?? [] }

  /// Decodes the rows of a chunk; the records' values are valid until the next `begin`.
  func decode(_ chunk: RowChunk, of input: OpenedInput?, keepsRejects: Bool) {
    if decoder == nil { decoder = input?.makeDecoder() }
    // Rows about people are reported by line alone.
    dirt.showsExcerpts = input?.kind == .product
    for row in chunk.rows {
      let record = decoder?.decode(row, in: chunk, into: records, report: &dirt)
      if keepsRejects {
        let start = rowBytes.count
        chunk.withBytes(of: row) { rowBytes.append(contentsOf: $0) }
        rowBytes.append(UInt8(ascii: "\n"))
        rows.append((start..<rowBytes.count, record == nil ? nil : decoded.count))
      }
      if let record { decoded.append(record) }
    }
  }

  /// Runs the decoded rows as profiles.
  func runProfiles() {
    for (row, record) in decoded.enumerated() { add(profile: record.root, row: row) }
    for runner in runners { runner.run() }
  }

  /// Routes one profile and adds its items.
  func add(profile: Value, row: Int) {
    let plan = context.plan
    let supported = plan.supportedLocale(of: profile)
    let locale = supported ?? plan.fallbackLocale
    if supported == nil, let named = plan.namedLocale(of: profile)?.string {
      unsupportedLocales.append((row, named, profile["id"].scalarText ?? "?"))
    }
    context.briefs.reset()
    let pipeline = plan.route(
      context.briefs.routeBrief(profile: profile, locale: plan.manifest.locales.supported[locale]))
    if plan.pipelines[pipeline].spec.forEach == .products {
      deferred.append((row, profile, pipeline))
    } else {
      routed.append((row, pipeline))
      add(profile: profile, products: nil, row: row, locale: locale, pipeline: pipeline)
    }
  }

  /// Adds the items of a profile and, where a product is given, of it in each locale.
  func add(profile: Value, products: ((Int) -> Value)?, row: Int, locale: Int, pipeline: Int) {
    let runner = runners[pipeline]
    let locales = context.plan.manifest.locales.supported.count
    for locale in runner.pipeline.spec.allLocales ? 0..<locales : locale..<locale + 1 {
      runner.add(
        Item(
          profile: profile, product: products?(locale) ?? .missing, locale: locale, row: row,
          paths: Array(repeating: nil, count: runner.pipeline.assets.count)))
    }
  }

  /// Runs the decoded rows as products, each for every profile of `visitors`.
  func runProducts(visitors: [(profile: Value, pipeline: Int)]) throws(Diagnostic) {
    for (row, record) in decoded.enumerated() {
      let variants = try context.localiser.variants(of: record.root, in: records)
      for visitor in visitors {
        routed.append((row, visitor.pipeline))
        add(
          profile: visitor.profile, products: { [records] in records.root(at: Int(variants[$0])) }, row: row,
          locale: context.plan.locale(of: visitor.profile), pipeline: visitor.pipeline)
      }
    }
    for runner in runners { runner.run() }
  }

  /// Runs a range of the catalogue for one profile.
  func runCatalogue(_ range: Range<Int>, for profile: Value, pipeline: Int) {
    guard let catalogue = context.run.catalogue else { return }
    if range.lowerBound == 0 { routed.append((0, pipeline)) }
    for product in range {
      add(
        profile: profile, products: { catalogue.variant(product, locale: $0) }, row: 0,
        locale: context.plan.locale(of: profile), pipeline: pipeline)
    }
    runners[pipeline].run()
  }
}
