import Core

extension CompiledStep {
  /// Where an option stands, or else the step itself.
  func place(of option: String) -> SourceLocation {
    let node = source.node.node
    let found = node.node(at: option.split(separator: ".").map(String.init))
    return option.isEmpty || found === node ? source.location : found.location
  }
}

extension Plan {
  /// What a plugin says of its options, with the place, and where it speaks of a template with the template's file and
  /// the name that was likely meant.
  func withPlace(_ error: Diagnostic) -> Diagnostic {
    var result = error
    let missing = error.detail.firstMatch(of: /missing template: '([^'\n]+)' does not exist/)
    let help = missing.map { match in helpFor(missing: String(match.1)) }
    guard let place = error.detail.firstMatch(of: /\(in ([^:\n]+):[0-9]+:[0-9]+\)/) else {
      result.excerpt = excerpt(error.location)
      result.help = error.help ?? help
      return result
    }
    // The template's own place says more than that of the option that names it.
    result.location = nil
    if let file = templateFile(String(place.1)) {
      result.detail.replaceSubrange(place.1.startIndex..<place.1.endIndex, with: file)
    }
    if let help, !error.detail.contains("help: ") { result.detail += " help: \(help)" }
    return result
  }

  /// The line of the manifest, or of a fragment of it, that a place names.
  func excerpt(_ location: SourceLocation?) -> String? {
    guard let location, let text = try? readText(location.file) else { return nil }
    return YAMLReader(file: location.file, text: text).excerpt(location)
  }

  private func helpFor(missing name: String) -> String {
    let files = manifest.templateFolders.flatMap(regularFiles).filter { $0.hasSuffix(".liquid") }
    let names = name.hasSuffix(".liquid") ? files : files.map(TemplateUse.key)
    let bare = names.filter { $0.hasPrefix("snippets/") }.map { String($0.dropFirst(9)) }
    if let nearest = nearestName(to: name, among: names + bare) { return "did you mean '\(nearest)'?" }
    let folders = manifest.templateFolders.map { "'\($0)'" }.joined(separator: ", ")
    return folders.isEmpty ? "there is no folder 'templates' beside the manifest" : "it was searched for in \(folders)"
  }
}
