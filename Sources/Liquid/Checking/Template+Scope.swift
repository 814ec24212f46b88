public import Core

extension Template {
  /// What a scope lacks that the template's header asks for: missing parameters and values of another sort.
  public func problems(with scope: Scope) -> [Diagnostic] {
    let host = Host(scope.access)
    let root = host.datum(scope.root)
    return header.parameters.compactMap { parameter in
      if scope.extras.contains(where: { $0.name == parameter.name }) { return nil }
      var name = parameter.name
      let value = root.kind == .hostObject ? name.withUTF8 { host.member(root, $0) } ?? .null : .null
      if value.kind == .null {
        guard parameter.isRequired else { return nil }
        return diagnostic("missing parameter", "'\(parameter.name)' was not given", at: parameter.place)
      }
      guard let found = value.parameterKind, found != parameter.kind else { return nil }
      return diagnostic(
        "wrong parameter", "'\(parameter.name)' was given a \(found.rawValue), expected a \(parameter.kind.rawValue)",
        at: parameter.place)
    }
  }
}
