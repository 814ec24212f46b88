import Core
import Liquid

/// A template that an option of a stage names.
struct TemplateUse {
  /// Without `.liquid` at its end.
  let name: String
  /// What the stage makes of it, where its header does not say.
  let kind: OutputKind
  let step: CompiledStep
  let pipeline: Int

  /// The name of a template as uses are found by.
  static func key(_ name: String) -> String { name.hasSuffix(".liquid") ? String(name.dropLast(7)) : name }
}

extension Plan {
  /// The templates that options of stages name, in the manifest's order.
  var templateUses: [TemplateUse] {
    pipelines.enumerated().flatMap { number, pipeline in
      pipeline.stages.flatMap { $0.alternatives + $0.checks }.flatMap { step in
        let options = step.config.root
        return (0..<options.count).compactMap { index -> TemplateUse? in
          guard let name = options[index].string,
            options.key(at: index).suffix(8).elementsEqual("template".utf8) || name.hasSuffix(".liquid")
          else { return nil }
          let port = step.plugin.description.writes.first?.kind
          let kind = options["kind"].string.flatMap(OutputKind.init) ?? (port == .html ? .html : .text)
          return TemplateUse(name: TemplateUse.key(name), kind: kind, step: step, pipeline: number)
        }
      }
    }
  }

  /// Options of a set that reads this manifest's templates as its stages do.
  func templateOptions(_ kind: OutputKind) -> TemplateOptions {
    var options = TemplateOptions(mode: .strict, kind: kind)
    options.defaultLocale = manifest.locales.fallback
    options.recordsGaps = true
    return options
  }

  /// A set of this manifest's templates as they were when the plan was made.
  func templateSet(_ kind: OutputKind) -> TemplateSet {
    let resources = resources
    return TemplateSet(options: templateOptions(kind)) { name in
      (try? resources.open(kind: "template", name: name)).map { Array($0.bytes) }
    }
  }
}
