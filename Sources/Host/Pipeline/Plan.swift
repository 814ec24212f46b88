import Core
import Liquid

/// A manifest made ready to run: plugins opened, options checked, Liquid parsed.
///
/// Immutable and shared by all threads.
public final class Plan: @unchecked Sendable {
  // Everything in it is immutable after init; hence the unchecked conformance.

  /// What it was made from.
  public let manifest: Manifest
  let pipelines: [CompiledPipeline]
  /// In order; the first whose condition holds is taken.
  let routes: [(condition: Condition?, pipeline: Int)]
  let resources: ResourceStore
  let productPath: Template?
  // Templates find their locale texts through the set.
  private let templates: TemplateSet
  /// All plugins used, by the name that the manifest uses.
  public let plugins: [String: LoadedPlugin]
  let tests: [CompiledTest]

  init(
    manifest: Manifest, pipelines: [CompiledPipeline], routes: [(condition: Condition?, pipeline: Int)],
    resources: ResourceStore, templates: TemplateSet, productPath: Template?,
    plugins: [String: LoadedPlugin], tests: [CompiledTest]
  ) {
    self.manifest = manifest
    self.pipelines = pipelines
    self.routes = routes
    self.resources = resources
    self.templates = templates
    self.productPath = productPath
    self.plugins = plugins
    self.tests = tests
  }

  /// The pipeline that a brief's profile takes.
  func route(_ brief: Value) -> Int { routes[routeIndex(brief)].pipeline }

  /// Which route a brief's profile takes: the last one has no condition.
  func routeIndex(_ brief: Value) -> Int {
    routes.firstIndex { $0.condition?.holds(for: brief) ?? true } ?? routes.count - 1
  }
}

/// A test made ready to run.
struct CompiledTest {
  let spec: Manifest.TestSpec
  /// For each of its rules the text that it speaks of, where it speaks of one.
  let texts: [Template?]
}

/// A pipeline made ready to run.
struct CompiledPipeline {
  let spec: PipelineSpec
  let stages: [CompiledStage]
  /// Names of all slots, in the order in which stages write them.
  let slotNames: [String]
  let assets: [CompiledAsset]

  /// How many stages run before the pipeline is repeated for each product of a slot; 0 where it is not.
  var stagesBeforeFanOut: Int {
    guard case .slot(let slot, _) = spec.forEach else { return 0 }
    return (stages.firstIndex { $0.spec.id == slot } ?? -1) + 1
  }
}

/// A stage made ready to run.
struct CompiledStage {
  let spec: PipelineSpec.Stage
  let alternatives: [CompiledStep]
  let checks: [CompiledStep]
  /// Index of the stage's own slot.
  let slot: Int
  /// The asset that its slot, or one of its ports, becomes.
  let asset: Int?
}

/// One plugin with its options: what instances are made of.
struct CompiledStep {
  /// Number of the step in the whole plan.
  let index: Int
  let name: String
  let plugin: LoadedPlugin
  let config: Document
  /// The options that hold Liquid; nil where none does.
  let params: ParamTemplates?
  let stage: String
  let slot: String
  /// For each port of the plugin the index of its slot.
  let portSlots: [Int]
  let timeoutSeconds: Double?
  let retries: PipelineSpec.Retries
  let readsProducts: Bool
  /// Where the manifest says it.
  let source: PipelineSpec.Alternative
}

/// An asset rule made ready to run.
struct CompiledAsset {
  let rule: Manifest.AssetRule
  let path: Template
  let slot: Int
  let mediaType: String
}
