import CPluginABI
import Core
import Liquid

/// Finds the records of a preview and makes its brief.
struct PreviewData {
  let plan: Plan
  let context: WorkerContext
  private let records = DocumentBuilder()
  /// What is made of records lies apart from them, as a builder is not read while it is written.
  private let builder = DocumentBuilder()

  init(plan: Plan, context: WorkerContext) {
    self.plan = plan
    self.context = context
  }

  func profile(_ id: String?) throws -> Value {
    var found: Value?
    try plan.forEachRecord(of: plan.manifest.profiles) { record in
      guard id == nil || record["id"].scalarText == id else { return true }
      records.copy(record)
      found = records.finishRoot()
      return false
    }
    if let found { return found }
    if let id {
      throw Diagnostic("unknown profile", "there is no profile '\(id)'", at: plan.manifest.profiles?.location)
    }
    records.beginObject()
    records.key("id")
    records.string("anonymous")
    records.end()
    return records.finishRoot()
  }

  func locale(_ wanted: String?, of profile: Value) throws(Diagnostic) -> Int {
    let supported = plan.manifest.locales.supported
    guard let wanted else { return plan.locale(of: profile) }
    if let index = supported.firstIndex(of: wanted) { return index }
    let listed = supported.map { "'\($0)'" }.joined(separator: ", ")
    throw Diagnostic("unknown locale", "'\(wanted)' is not among the manifest's locales, which are \(listed)")
  }

  /// The item of a profile and product, and the pipeline it is in: `pipeline`, or the one that the profile takes.
  func item(
    _ profile: Value, product id: String?, locale: Int, pipeline: Int?
  ) throws(Diagnostic) -> (item: Item, pipeline: Int) {
    var product = Value.missing
    if var wanted = id {
      product = wanted.withUTF8 { context.product(id: $0, locale: locale) }
      if !product.exists {
        throw Diagnostic("unknown product", "there is no product '\(wanted)'", at: plan.manifest.catalogue?.location)
      }
    }
    context.briefs.reset()
    let taken =
      pipeline
      ?? plan.route(context.briefs.routeBrief(profile: profile, locale: plan.manifest.locales.supported[locale]))
    var item = Item(profile: profile, product: product, locale: locale, row: 0, paths: [])
    if plan.pipelines[taken].spec.products == .recommendations {
      item.products = context.products(listed: profile["recommendations"], locale: locale, in: builder)
    } else {
      // The whole catalogue stands for the products of a slot too, which only a run fills.
      item.products = context.catalogue(locale: locale)
    }
    if product["path"].exists { item.asset = asset(of: product) }
    return (item, taken)
  }

  /// What `asset` shows on the page of a product.
  private func asset(of product: Value) -> Value {
    let path = product["path"].string ?? ""
    builder.beginObject()
    context.writeLink(path, to: builder)
    builder.key("root")
    builder.string(String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") }))
    builder.key("alternates")
    builder.beginArray()
    for (index, locale) in plan.manifest.locales.supported.enumerated() {
      guard let path = context.product(id: product["id"].text, locale: index)["path"].string else { continue }
      builder.beginObject()
      builder.key("locale")
      builder.string(locale)
      context.writeLink(path, to: builder)
      builder.end()
    }
    builder.end()
    builder.end()
    return builder.finishRoot()
  }

  /// The brief of an item for a stage; it lies in `context.briefs` until that is reset.
  func brief(
    of item: Item, in pipeline: CompiledPipeline, step: CompiledStep?, slots: [(name: String, text: String)]
  ) throws(Diagnostic) -> Value {
    var values = [Value](repeating: .missing, count: pipeline.slotNames.count)
    for slot in slots {
      guard let index = pipeline.slotNames.firstIndex(of: slot.name) else {
        let near = nearestName(to: slot.name, among: pipeline.slotNames).map { "did you mean '\($0)'?" }
        throw Diagnostic(
          "unknown slot", "the pipeline '\(pipeline.spec.name)' has no slot '\(slot.name)'",
          help: near ?? "slots are \(pipeline.slotNames.map { "'\($0)'" }.joined(separator: ", "))")
      }
      builder.string(slot.text)
      values[index] = builder.finishRoot()
    }
    func make(_ params: Value, stage: String) -> Value {
      values.withUnsafeBufferPointer {
        context.briefs.brief(of: item, pipeline: pipeline, slots: $0, params: params, stage: stage, attempt: 0)
      }
    }
    context.briefs.reset()
    guard let step else { return make(.missing, stage: "") }
    var params = step.config.root
    if let templates = step.params {
      let options = DocumentBuilder()
      let scope = context.scope(of: make(.missing, stage: ""), locale: item.locale)
      try templates.write(to: options, renderer: context.renderer, scope: scope)
      builder.copy(options.finishRoot())
      params = builder.finishRoot()
    }
    return make(params, stage: step.stage)
  }
}
