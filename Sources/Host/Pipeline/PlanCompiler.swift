import CPluginABI
import Core
import Crypto
import Liquid

extension Plan {
  /// Makes a manifest ready to run: opens its plugins, checks every option against their schemas, and parses its Liquid.
  ///
  /// - Throws: `ManifestError` with all that is wrong.
  public convenience init(_ manifest: Manifest, registry: PluginRegistry) throws {
    let compiler = PlanCompiler(manifest, registry)
    let parts = compiler.compile()
    if !compiler.diagnostics.isEmpty {
      throw ManifestError(diagnostics: compiler.diagnostics.map { manifest.environment.hidden(in: $0) })
    }
    self.init(
      manifest: manifest, pipelines: parts.pipelines, routes: parts.routes,
      resources: compiler.resources, templates: compiler.templates, productPath: parts.productPath,
      plugins: compiler.plugins, tests: parts.tests)
  }
}

private final class PlanCompiler {
  let manifest: Manifest
  let registry: PluginRegistry
  let resources: ResourceStore
  let yaml: YAMLReader
  var diagnostics: [Diagnostic] = []
  var plugins: [String: LoadedPlugin] = [:]
  private var failedPlugins: Set<String> = []
  private var stepCount = 0
  /// For Liquid in options and paths; locale files come from the templates' folders.
  let templates: TemplateSet

  init(_ manifest: Manifest, _ registry: PluginRegistry) {
    self.manifest = manifest
    self.registry = registry
    resources = ResourceStore(
      templateFolders: manifest.templateFolders, modelFolder: manifest.folder.isEmpty ? "." : manifest.folder)
    let resources = resources
    templates = TemplateSet(options: TemplateOptions(mode: .strict, kind: .text)) { name in
      (try? resources.open(kind: "template", name: name)).map { Array($0.bytes) }
    }
    yaml = YAMLReader(file: manifest.file, text: (try? readText(manifest.file)) ?? "")
  }

  func fault(_ subject: String, _ detail: String, at location: SourceLocation, help: String? = nil) {
    diagnostics.append(Diagnostic(subject, detail, at: location, excerpt: yaml.excerpt(location), help: help))
  }

  func compile() -> (
    pipelines: [CompiledPipeline], routes: [(condition: Condition?, pipeline: Int)], productPath: Template?,
    tests: [CompiledTest]
  ) {
    for entry in manifest.plugins { declare(entry) }
    let pipelines = manifest.pipelines.map(compile)
    for rule in manifest.assets where !pipelines.contains(where: { $0.slotNames.contains(rule.slot) }) {
      let names = Set(pipelines.flatMap(\.slotNames)).sorted()
      fault(
        "asset", "no pipeline writes the slot '\(rule.slot)'", at: rule.location,
        help: nearestName(to: rule.slot, among: names).map { "did you mean '\($0)'?" }
          ?? "slots are \(names.map { "'\($0)'" }.joined(separator: ", "))")
    }
    for feed in manifest.feeds where !manifest.assets.contains(where: { $0.slot == feed.slot }) {
      fault("feed '\(feed.kind)'", "lists the asset '\(feed.slot)', which is not under 'assets'", at: feed.location)
    }
    let routes = manifest.routes.map { route in
      (route.condition, manifest.pipelines.firstIndex { $0.name == route.pipeline } ?? 0)
    }
    return (
      pipelines, routes, manifest.site.productPath.flatMap(parse), manifest.tests.map { compile($0, pipelines) }
    )
  }

  private func compile(_ test: Manifest.TestSpec, _ pipelines: [CompiledPipeline]) -> CompiledTest {
    let taken = pipelines.filter { test.route == nil || $0.spec.name == test.route }
    let names = Set(taken.flatMap(\.slotNames)).sorted()
    if let slot = test.slot, !names.contains(slot.text) {
      fault(
        "test", "no pipeline that it takes writes the slot '\(slot.text)'", at: slot.location,
        help: nearestName(to: slot.text, among: names).map { "did you mean '\($0)'?" }
          ?? "slots are \(names.map { "'\($0)'" }.joined(separator: ", "))")
    }
    return CompiledTest(
      spec: test,
      texts: test.rules.map { rule in
        switch rule {
        case .path(let text), .equals(let text), .contains(let text), .lacks(let text): parse(text)
        case .atMostCharacters: nil
        }
      })
  }

  private func declare(_ entry: Manifest.PluginEntry) {
    if let expected = entry.sha256 {
      guard let bytes = try? readBytes(entry.path) else {
        return fault("plugin '\(entry.name)'", "there is no file '\(entry.path)'", at: entry.location)
      }
      let found = hexadecimal(SHA256.hash(data: bytes))
      if found != expected {
        failedPlugins.insert(entry.name)
        return fault(
          "plugin '\(entry.name)'", "its sha256 is \(found), the manifest expects \(expected)", at: entry.location,
          help: "if the change is wanted, write the new digest")
      }
    }
    registry.add(name: entry.name, path: entry.path)
  }

  private func compile(_ spec: PipelineSpec) -> CompiledPipeline {
    var slotNames: [String] = []
    var stages: [CompiledStage] = []
    func slot(_ name: String) -> Int {
      if let known = slotNames.firstIndex(of: name) { return known }
      slotNames.append(name)
      return slotNames.count - 1
    }
    for stage in spec.stages {
      let own = slot(stage.id)
      func step(_ alternative: PipelineSpec.Alternative) -> CompiledStep? {
        compile(alternative, stage) { slot($0.isEmpty ? stage.id : "\(stage.id).\($0)") }
      }
      let alternatives = stage.alternatives.compactMap(step)
      let checks = stage.checks.compactMap(step)
      stages.append(
        CompiledStage(
          spec: stage, alternatives: alternatives, checks: checks, slot: own,
          asset: manifest.assets.firstIndex { $0.slot == stage.id || $0.slot.hasPrefix("\(stage.id).") }))
    }
    checkProductSlots(spec, stages)
    let assets = manifest.assets.compactMap { rule -> CompiledAsset? in
      guard let slot = slotNames.firstIndex(of: rule.slot), let path = parse(rule.path) else { return nil }
      let kind = stages.lazy.flatMap { $0.alternatives + $0.checks }.compactMap { step in
        step.portSlots.firstIndex(of: slot).map { step.plugin.description.writes[$0].kind }
      }.first
      return CompiledAsset(
        rule: rule, path: path, slot: slot, mediaType: mediaType(path: rule.path.text, kind: kind ?? .text))
    }
    // Rules that this pipeline does not write are left out, so indices into the manifest's list must follow.
    let kept = stages.map { stage in
      CompiledStage(
        spec: stage.spec, alternatives: stage.alternatives, checks: stage.checks, slot: stage.slot,
        asset: stage.asset.flatMap { index in
          assets.firstIndex { $0.rule.location == manifest.assets[index].location }
        })
    }
    return CompiledPipeline(spec: spec, stages: kept, slotNames: slotNames, assets: assets)
  }

  private func checkProductSlots(_ spec: PipelineSpec, _ stages: [CompiledStage]) {
    var slots: [(key: String, slot: String)] = []
    if case .slot(let slot, _) = spec.forEach { slots.append(("for_each", slot)) }
    if case .slot(let slot) = spec.products { slots.append(("products", slot)) }
    for (key, slot) in slots {
      guard let stage = stages.first(where: { $0.spec.id == slot }) else { continue }
      for step in stage.alternatives {
        guard let port = step.plugin.description.writes.first(where: { $0.name.isEmpty }), port.kind != .products else {
          continue
        }
        fault(
          "pipeline '\(spec.name)'",
          "'\(key)' needs a slot of kind 'products', '\(slot)' is of kind '\(port.kind.rawValue)'",
          at: stage.spec.location)
      }
    }
  }

  private func compile(
    _ alternative: PipelineSpec.Alternative, _ stage: PipelineSpec.Stage, slot: (String) -> Int
  ) -> CompiledStep? {
    guard let plugin = open(alternative, stage) else { return nil }
    for found in plugin.description.schema.faults(of: alternative.with.root) {
      let name = found.path.joined(separator: ".")
      fault(
        "stage '\(stage.id)'", found.path.isEmpty ? "'with' \(found.detail)" : "option '\(name)' \(found.detail)",
        at: location(of: found, in: alternative), help: found.help)
    }
    let ports = plugin.description.writes.map { slot($0.name) }
    var params: ParamTemplates?
    do throws(Diagnostic) {
      params = try ParamTemplates.find(in: alternative.with.root) { (text, path) throws(Diagnostic) in
        let place = alternative.node.node.node(at: path).location
        do { return try templates.parse(text, name: "\(place)") } catch let error as Diagnostic {
          throw Diagnostic(error.kind, error.detail, at: place, excerpt: yaml.excerpt(place), help: error.help)
        } catch { throw Diagnostic("invalid template", "\(error)", at: place) }
      }
    } catch {
      diagnostics.append(error)
    }
    stepCount += 1
    return CompiledStep(
      index: stepCount - 1, name: alternative.use, plugin: plugin, config: alternative.with, params: params,
      stage: stage.id, slot: stage.id, portSlots: ports, timeoutSeconds: stage.timeoutSeconds,
      retries: stage.retries,
      readsProducts: plugin.description.reads("products"), source: alternative)
  }

  private func location(of found: ConfigSchema.Fault, in alternative: PipelineSpec.Alternative) -> SourceLocation {
    let node = alternative.node.node
    if found.isKey, let key = found.path.last {
      let parent = node.node(at: found.path.dropLast())
      if let member = parent.members.last(where: { $0.key == key }) { return member.keyLocation }
    }
    let place = node.node(at: found.path)
    return place === node ? alternative.location : place.location
  }

  private func open(_ alternative: PipelineSpec.Alternative, _ stage: PipelineSpec.Stage) -> LoadedPlugin? {
    if let known = plugins[alternative.use] { return known }
    if failedPlugins.contains(alternative.use) || alternative.use.isEmpty { return nil }
    do throws(Diagnostic) {
      let plugin = try registry.plugin(named: alternative.use)
      plugins[alternative.use] = plugin
      return plugin
    } catch {
      fault(
        "stage '\(stage.id)'", error.kind == "unknown plugin" ? error.detail : "\(error.kind): \(error.detail)",
        at: alternative.location, help: error.help)
      return nil
    }
  }

  private func parse(_ option: Manifest.Option) -> Template? {
    do { return try templates.parse(option.text, name: "\(option.location)") } catch let error as Diagnostic {
      fault(error.kind, error.detail, at: option.location, help: error.help)
    } catch {
      fault("invalid template", "\(error)", at: option.location)
    }
    return nil
  }
}

/// The media type of an asset by the ending of its path, else by its kind.
private func mediaType(path: String, kind: SlotKind) -> String {
  let ending = path.split(separator: ".").last.map(String.init) ?? ""
  return switch (ending, kind) {
  case ("html", _), ("htm", _): "text/html"
  case ("xml", _): "application/xml"
  case ("json", _): "application/json"
  case ("svg", _): "image/svg+xml"
  case ("txt", _): "text/plain"
  case ("eml", _): "message/rfc822"
  case (_, .html): "text/html"
  case (_, .xml): "application/xml"
  case (_, .json), (_, .products), (_, .candidates): "application/json"
  default: "text/plain"
  }
}
