public import Core
import Liquid

extension Plan {
  /// Checks every template that a stage renders, what those call, and the locale files, without rendering any.
  ///
  /// Variables are compared with the fields that the manifest's own profiles and products have.
  /// - Throws: `Diagnostic` where an input or a locale file cannot be read.
  public func checkTemplates() throws -> [Diagnostic] {
    let all = manifest.templateFolders.flatMap(regularFiles)
    var seen: Set<String> = []
    let names = templateUses.map(\.name).filter { seen.insert($0).inserted }
    var linter = TemplateLinter(set: templateSet(.html), fields: try knownFields())
    linter.optionTemplates = optionTemplates
    let findings = linter.check(names, among: all.filter { $0.hasSuffix(".liquid") }).map(inManifest)
    var locales: [(name: String, content: Document)] = []
    let language = String(manifest.locales.fallback.prefix { $0 != "-" })
    // The default locale's file is what the others are compared with.
    let files = all.filter { $0.hasPrefix("locales/") && $0.hasSuffix(".json") }
    let isDefault: (String) -> Bool = { $0.hasPrefix("locales/\(language)") }
    for name in files.filter(isDefault) + files.filter({ !isDefault($0) }) {
      locales.append((name, try templateJSON(name)))
    }
    let keys = locales.first.map { linter.checkKeys(names, of: $0).map(inManifest) } ?? []
    return (findings + keys + TemplateLinter.compare(locales)).map { finding in
      var finding = finding
      if let file = finding.location.flatMap({ templateFile($0.file) }) { finding.location?.file = file }
      return finding
    }
  }

  /// What is said of Liquid in the manifest, with its place there: the compiler names it by that.
  private func inManifest(_ finding: Diagnostic) -> Diagnostic {
    guard let match = finding.location?.file.wholeMatch(of: /(.+):([0-9]+):([0-9]+)/),
      let line = Int(match.2), let column = Int(match.3)
    else { return finding }
    var result = finding
    result.location = SourceLocation(file: String(match.1), line: line, column: column)
    result.excerpt = excerpt(result.location)
    return result
  }

  /// The file of a template or locale file as this process can open it.
  public func templateFile(_ name: String) -> String? {
    let folders = TemplateFolders(folders: manifest.templateFolders)
    return folders.folders.map { "\($0)/\(name)" }.first { folders.stamp($0) != nil }
  }

  /// The Liquid that stands in options and paths of the manifest.
  var optionTemplates: [Template] {
    var found = productPath.map { [$0] } ?? []
    for pipeline in pipelines {
      found += pipeline.assets.map(\.path)
      for step in pipeline.stages.flatMap({ $0.alternatives + $0.checks }) { found += step.params?.templates ?? [] }
    }
    return found
  }
}
