public import Core

/// How the fields of a row become the canonical fields of a record: the `map` of an input, checked and compiled.
///
/// Canonical fields that the map does not name are taken from fields of the same name; all other fields of a row stay
/// where they are. Immutable, shared by all threads.
public struct FieldMap: Sendable {
  /// What the rows are about.
  public let kind: RecordKind
  /// The fields of a record, canonical ones first.
  let fields: [PlannedField]
  /// For each of `fields`: `PlannedField.decidingSlot`.
  let decidingSlots: [Int]
  /// Numbers the names of a row's fields that rules speak of.
  let names: NameTable
  /// For each of `names`: whether the field moves into another, or makes room for one of the same name.
  let isTaken: [Bool]
  /// The beginnings of names that rules collect.
  let prefixes: [[UInt8]]
  /// Where each field's rule stands.
  let places: [String: SourceLocation]
  /// Whether there is a map at all.
  let isIdentity: Bool

  /// A map that takes canonical fields from fields of the same name.
  public init(for kind: RecordKind) {
    var problems: [Diagnostic] = []
    self.init(.missing, for: kind, problems: &problems)
  }

  /// Compiles the `map` object of an input.
  ///
  /// - Parameters:
  ///   - map: the object, canonical field to rule; may be missing.
  ///   - kind: what the rows are about.
  ///   - locate: where a value stands in the manifest.
  ///   - problems: gets all that is wrong, warnings included.
  public init(
    _ map: Value, for kind: RecordKind, locate: @escaping (Value) -> SourceLocation? = { _ in nil },
    problems: inout [Diagnostic]
  ) {
    var compiler = FieldMapCompiler(kind: kind, locate: locate)
    if map.exists, map.kind != .object {
      compiler.problem(map, "'map' must be an object, got \(shown(map))")
    }
    var stated: [String: FieldRule] = [:]
    var order: [String] = []
    var places: [String: SourceLocation] = [:]
    for index in 0..<(map.kind == .object ? map.count : 0) {
      let name = String(decoding: map.key(at: index), as: UTF8.self)
      if stated[name] == nil { order.append(name) }
      compiler.checkName(name, map[index])
      places[name] = locate(map[index])
      stated[name] = compiler.rule(map[index], for: name, shape: kind.shape(of: name))
    }
    let canonical = kind.schema.map(\.name)
    var fields = kind.schema.map { name, shape in
      PlannedField(topLevel: name, shape: shape, rule: stated[name] ?? compiler.sameName(name), of: kind)
    }
    for name in order where !canonical.contains(name) {
      let rule = stated[name] ?? FieldRule()
      fields.append(PlannedField(name: name, shape: rule.isNumeric ? .number : .any, rule: rule))
    }
    for field in fields { compiler.take(field.name) }
    self.kind = kind
    self.fields = fields
    decidingSlots = fields.map(\.decidingSlot)
    names = compiler.names
    isTaken = (0..<compiler.names.names.count).map { compiler.taken.contains($0) }
    prefixes = compiler.prefixes
    isIdentity = order.isEmpty
    self.places = places
    problems += compiler.problems
  }

  /// What the map asks of a file that the file does not have: fields that no column gives.
  public func problems(with layout: RowLayout, file: String) -> [Diagnostic] {
    guard layout.hasCells, !isIdentity else { return [] }
    let columns = Set(layout.columns)
    func missing(_ field: PlannedField, at place: SourceLocation?) -> [Diagnostic] {
      let sources = field.rule.sources
      let isStated = sources.first?.name != field.name || field.rule.join != nil
      let found = sources.contains {
        columns.contains($0.name) || columns.contains(String($0.name.prefix { $0 != "." }))
      }
      var result = field.rule.members.flatMap { missing($0, at: place) }
      if isStated, !sources.isEmpty, !found {
        let wanted = sources.map { "'\($0.name)'" }.joined(separator: ", ")
        let nearest = sources.lazy.compactMap { nearestName(to: $0.name, among: layout.columns) }.first
        result.append(
          Diagnostic(
            "missing column", "field '\(field.name)' is made from \(wanted), which '\(file)' does not have", at: place,
            help: nearest.map { "did you mean '\($0)'?" }
              ?? "columns are \(layout.columns.prefix(20).map { "'\($0)'" }.joined(separator: ", "))",
            severity: .warning))
      }
      return result
    }
    return fields.flatMap { missing($0, at: places[$0.name]) }
  }
}
