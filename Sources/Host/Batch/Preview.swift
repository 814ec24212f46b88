import Core
import Liquid

/// What one profile would get: nothing is written.
public struct Preview: Sendable {
  /// One brief's way through its pipeline.
  public struct Brief: Sendable {
    /// The profile's id.
    public let profile: String
    /// The product's id, where the brief is about one.
    public let product: String?
    /// Its locale.
    public let locale: String
    /// For each stage that ran: its id and the plugin that filled it, nil where it stayed empty.
    public let stages: [(id: String, plugin: String?)]
    /// Alternatives that were tried before and passed over, with the reason.
    public let passedOver: [(stage: String, plugin: String, reason: String)]
    /// Text of each slot, JSON for structured ones.
    public let slots: [(name: String, text: String)]
    /// The assets that would be written.
    public let assets: [(path: String, slot: String, content: String)]
    /// Why it stopped, where it did.
    public let problem: String?
    /// What the templates of a test come to over this brief.
    let texts: [Result<String, Diagnostic>]
  }

  /// The pipeline that the profile takes.
  public let pipeline: String
  /// The number of the route that led there, from 1.
  public let route: Int
  /// The route's condition as JSON; nil where it has none.
  public let condition: String?
  /// Names of the slots that its stages write.
  public let slots: [String]
  /// Its briefs, in order; at most as many as were asked for.
  public let briefs: [Brief]

  /// Runs one profile through its pipeline.
  ///
  /// - Parameters:
  ///   - profile: its id; nil for the first.
  ///   - product: the id of the only product to show; nil for all that the pipeline takes.
  ///   - locale: the only locale to show; nil for all that the pipeline takes.
  ///   - limit: most briefs to show.
  /// - Throws: `Diagnostic` of kind "unknown profile" or "unknown product", and what a run throws.
  public init(
    _ plan: Plan, profile: String?, product: String?, locale: String? = nil, limit: Int = 1
  ) throws {
    try self.init(
      plan, catalogue: Self.catalogue(of: plan), profile: profile, product: product, locale: locale, limit: limit)
  }

  /// The products that briefs may be about; nil where there are none.
  static func catalogue(of plan: Plan) throws -> Catalogue? {
    try plan.manifest.catalogue.map { input in
      let loader = CatalogueLoader(plan: plan, input: input)
      let catalogue = try loader.load(isStrict: false)
      if catalogue.count == 0, let problem = loader.dirt.nothing(of: loader.name) { throw problem }
      return catalogue
    }
  }

  /// Runs one profile over a catalogue that is at hand, and renders `texts` over each of its briefs.
  init(
    _ plan: Plan, catalogue: Catalogue?, profile: String?, product: String?, locale: String?, limit: Int,
    texts: [Template] = []
  ) throws {
    let worker = try Worker(run: RunContext(plan: plan, catalogue: catalogue, threads: 1) { _ in })
    worker.begin()
    let driver = try Driver(plan: plan, catalogue: catalogue)
    var nearest: String?
    guard let record = try Self.find(profile, driver, worker, nearest: &nearest) else {
      throw Diagnostic(
        "unknown profile", profile.map { "there is no profile '\($0)'" } ?? "there are no profiles",
        at: plan.manifest.profiles?.location, help: nearest.map { "did you mean '\($0)'?" })
    }
    worker.restart()
    worker.add(profile: record, row: 0)
    if let entry = worker.deferred.first {
      var range = 0..<min(limit, catalogue?.count ?? 0)
      if let product {
        guard let index = Self.index(of: product, catalogue) else { throw Self.unknown(product, catalogue) }
        range = index..<index + 1
      }
      worker.runCatalogue(range, for: record, pipeline: entry.pipeline)
    } else {
      for runner in worker.runners { runner.run() }
    }
    guard let runner = worker.runners.first(where: { !$0.items.isEmpty }) else {
      throw Diagnostic("nothing to preview", "profile '\(record["id"].scalarText ?? "?")' makes no brief")
    }
    let supported = plan.manifest.locales.supported
    if let locale, !supported.contains(locale) {
      throw Diagnostic(
        "unknown locale",
        "'\(locale)' is not one of the manifest's: \(supported.map { "'\($0)'" }.joined(separator: ", "))",
        help: nearestName(to: locale, among: supported).map { "did you mean '\($0)'?" }
          ?? "add it to 'supported' under 'locales'")
    }
    pipeline = runner.pipeline.spec.name
    slots = runner.pipeline.slotNames
    worker.context.briefs.reset()
    let own = plan.manifest.locales.supported[plan.locale(of: record)]
    let taken = plan.routeIndex(worker.context.briefs.routeBrief(profile: record, locale: own))
    route = taken + 1
    condition = plan.manifest.routes[taken].text
    var briefs: [Brief] = []
    for index in runner.items.indices where briefs.count < limit {
      let item = runner.items[index]
      guard product == nil || !item.product.exists || item.product["id"].scalarText == product,
        locale == nil || plan.manifest.locales.supported[item.locale] == locale
      else { continue }
      worker.context.briefs.reset()
      let scope = texts.isEmpty ? nil : worker.context.scope(of: runner.hostBrief(of: index), locale: item.locale)
      briefs.append(
        Self.brief(
          index, runner, plan, texts: scope.map { scope in texts.map { worker.context.text($0, scope) } } ?? []))
    }
    if briefs.isEmpty, let product { throw Self.unknown(product, catalogue) }
    if briefs.isEmpty, let locale, !runner.items.isEmpty {
      throw Diagnostic("nothing to preview", "profile '\(record["id"].scalarText ?? "?")' gets nothing in '\(locale)'")
    }
    self.briefs = briefs
  }

  /// Most records among which a similar id is looked for.
  private static let mostSimilar = 20_000

  private static func unknown(_ product: String, _ catalogue: Catalogue?) -> Diagnostic {
    let ids = (0..<min(catalogue?.count ?? 0, mostSimilar)).lazy.compactMap {
      catalogue?.product(at: $0)["id"].scalarText
    }
    if index(of: product, catalogue) != nil {
      return Diagnostic("unknown product", "this profile gets nothing about product '\(product)'")
    }
    return Diagnostic(
      "unknown product", "the catalogue has no product '\(product)'",
      help: nearestName(to: product, among: ids).map { "did you mean '\($0)'?" }
        ?? "its first are \(ids.prefix(3).map { "'\($0)'" }.joined(separator: ", "))")
  }

  private static func index(of product: String, _ catalogue: Catalogue?) -> Int? {
    var id = product
    return id.withUTF8 { catalogue?.find($0) }
  }

  /// - Parameter nearest: the id that is most like one that is not there.
  private static func find(
    _ id: String?, _ driver: Driver, _ worker: Worker, nearest: inout String?
  ) throws -> Value? {
    var seen: [String] = []
    defer { nearest = id.flatMap { nearestName(to: $0, among: seen) } }
    func matches(_ profile: Value) -> Bool {
      guard let id, let found = profile["id"].scalarText else { return id == nil }
      if seen.count < mostSimilar { seen.append(found) }
      return found == id
    }
    var chunk = RowChunk()
    while let (_, work) = try driver.source.next(chunk: &chunk) {
      switch work {
      case .profile(let profile), .catalogue(let profile, _, _):
        if matches(profile) { return profile }
      case .rows:
        guard !driver.rowsAreProducts else {
          return driver.visitors.map(\.profile).first(where: matches)
        }
        worker.begin()
        worker.decode(chunk, of: driver.input, keepsRejects: false)
        if let found = worker.decoded.first(where: { matches($0.root) }) { return found.root }
      }
    }
    return nil
  }

  private static func brief(
    _ index: Int, _ runner: PipelineRunner, _ plan: Plan, texts: [Result<String, Diagnostic>]
  ) -> Brief {
    let item = runner.items[index]
    let problem: String? =
      switch item.state {
      case .running: nil
      case .skipped(let stage, let reason): "stage '\(stage)' skipped it: \(reason)"
      case .failed(let stage, let code, let field, let message):
        "stage '\(stage)' failed: \(field.isEmpty ? "" : "\(field): ")\(message) (\(code))"
      }
    func text(_ value: Value) -> String {
      value.kind == .string ? String(decoding: value.text, as: UTF8.self) : value.json
    }
    return Brief(
      profile: item.profile["id"].scalarText ?? "?", product: item.product["id"].scalarText,
      locale: plan.manifest.locales.supported[item.locale],
      stages: zip(runner.pipeline.stages, item.used).map { stage, used in
        (stage.spec.id, used.map { stage.alternatives[$0].name })
      },
      passedOver: item.passedOver.map { entry in
        let stage = runner.pipeline.stages[entry.stage]
        return (stage.spec.id, stage.alternatives[entry.alternative].name, entry.reason)
      },
      slots: runner.pipeline.slotNames.enumerated().compactMap { number, name in
        let value = runner.slot(number, of: index)
        return value.exists ? (name, text(value)) : nil
      },
      assets: runner.pipeline.assets.enumerated().compactMap { number, asset in
        let content = runner.slot(asset.slot, of: index)
        guard item.isRunning, content.exists, let path = item.paths[number] else { return nil }
        return (path, asset.rule.slot, text(content))
      },
      problem: problem, texts: texts)
  }
}

extension WorkerContext {
  /// What a template comes to.
  fileprivate func text(_ template: Template, _ scope: Scope) -> Result<String, Diagnostic> {
    do throws(Diagnostic) {
      return .success(String(decoding: try renderer.render(template, scope: scope), as: UTF8.self))
    } catch {
      return .failure(error)
    }
  }
}
