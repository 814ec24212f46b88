import Core
import Liquid

extension Plan {
  /// What a step may read of profile and product, as paths, sorted: the variables of its templates and of the options that
  /// hold Liquid; what the plugin declares where it has no template.
  func facts(of step: CompiledStep) -> [String] {
    var paths: Set<String> = []
    var hasTemplate = false
    for use in templateUses where use.step.index == step.index {
      guard let template = try? templateSet(use.kind).template(named: use.name) else { continue }
      paths.formUnion(template.mayRead)
      hasTemplate = true
    }
    for template in step.params?.templates ?? [] { paths.formUnion(template.mayRead) }
    if !hasTemplate { paths.formUnion(step.plugin.description.reads) }
    return paths.filter { path in
      ["profile", "product", "products"].contains { path == $0 || path.hasPrefix("\($0).") || path.hasPrefix("\($0)[") }
    }.sorted()
  }
}
