import CPluginABI
import Core

/// Writes briefs: small documents of links, so that nothing is copied.
///
/// One a thread.
final class BriefWriter {
  let builder = DocumentBuilder()
  private let plan: Plan

  init(plan: Plan) { self.plan = plan }

  func reset() { builder.reset() }

  /// The brief that conditions see.
  func routeBrief(profile: Value, locale: String) -> Value {
    builder.beginObject()
    builder.key("profile")
    builder.link(profile)
    builder.key("locale")
    builder.string(locale)
    run()
    builder.end()
    return builder.finishRoot()
  }

  /// The brief that a product's path is rendered from.
  func productBrief(product: Value, locale: String) -> Value {
    builder.beginObject()
    builder.key("product")
    builder.link(product)
    builder.key("locale")
    builder.string(locale)
    run()
    builder.end()
    return builder.finishRoot()
  }

  /// The brief of an item.
  ///
  /// - Parameters:
  ///   - slots: value of each slot of the pipeline; missing ones are left out.
  ///   - params: rendered options; missing where the host itself is the reader.
  func brief(
    of item: Item, pipeline: CompiledPipeline, slots: UnsafeBufferPointer<Value>, params: Value, stage: String,
    attempt: Int
  ) -> Value {
    builder.beginObject()
    builder.key("profile")
    builder.link(item.profile)
    if item.product.exists {
      builder.key("product")
      builder.link(item.product)
    }
    if item.products.exists {
      builder.key("products")
      builder.link(item.products)
    }
    builder.key("slots")
    builder.beginObject()
    for (index, value) in slots.enumerated() where value.exists {
      builder.key(pipeline.slotNames[index])
      builder.link(value)
    }
    builder.end()
    if params.exists {
      builder.key("params")
      builder.link(params)
    }
    builder.key("locale")
    builder.string(plan.manifest.locales.supported[item.locale])
    run()
    if item.asset.exists {
      builder.key("asset")
      builder.link(item.asset)
    }
    builder.key("stage")
    builder.string(stage)
    builder.key("attempt")
    builder.int(Int64(attempt))
    builder.end()
    return builder.finishRoot()
  }

  /// What is the same in every brief of a run.
  private func run() {
    if !plan.manifest.channel.isEmpty {
      builder.key("channel")
      builder.string(plan.manifest.channel)
    }
    if !plan.manifest.campaign.isEmpty {
      builder.key("campaign")
      builder.string(plan.manifest.campaign)
    }
    builder.key("run_time")
    builder.int(plan.manifest.runTime)
    builder.key("site")
    builder.link(plan.manifest.site.document.root)
  }
}
