import Liquid

/// What one part of a run reads of a profile.
public struct PersonalReads: Sendable, Equatable {
  /// A plugin's name, "routes", or "options and paths" for the manifest's own Liquid.
  public let reader: String
  /// Paths below the profile, sorted; "*" for all of it.
  public let fields: [String]
}

extension Plan {
  /// Who reads what of a profile: plugins by what they declare, those that render templates by what these read.
  ///
  /// - Throws: `Diagnostic` where a template cannot be read.
  public func personalReads() throws -> [PersonalReads] {
    var found: [PersonalReads] = []
    for (name, plugin) in plugins.sorted(by: { $0.key < $1.key }) {
      var fields = Self.personal(plugin.description.reads)
      let uses = templateUses.filter { $0.step.plugin === plugin }
      if fields == ["*"], !uses.isEmpty {
        var paths: Set<String> = []
        for use in uses { paths.formUnion(try templateSet(use.kind).template(named: use.name).paths) }
        fields = Self.personal(paths)
      }
      found.append(PersonalReads(reader: name, fields: fields))
    }
    let conditions = manifest.routes.compactMap(\.condition).flatMap(\.paths) + [manifest.locales.from]
    found.append(PersonalReads(reader: "routes", fields: Self.personal(conditions.map { $0.joined(separator: ".") })))
    found.append(PersonalReads(reader: "options and paths", fields: Self.personal(optionTemplates.flatMap(\.paths))))
    return found
  }

  private static func personal(_ paths: some Sequence<String>) -> [String] {
    let own = Set(
      paths.map { $0.replacing("[]", with: "") }.filter { $0 == "profile" || $0.hasPrefix("profile.") })
    // Who takes the profile and fields of it, too, has been followed to the fields.
    let fields = own.subtracting(["profile"]).map { String($0.dropFirst(8)) }.sorted()
    return fields.isEmpty && !own.isEmpty ? ["*"] : fields
  }
}

extension Condition {
  /// The paths of the brief that it looks at.
  var paths: [[String]] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.paths)
    case .not(let part): part.paths
    case .value(let path, _): [path]
    }
  }
}
