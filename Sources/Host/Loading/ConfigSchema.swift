public import Core

/// The part of JSON Schema 2020-12 that options need: `type`, `properties`, `required`, `additionalProperties`, `enum`,
/// `const`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength`, `items`, `minItems`, `maxItems`.
///
/// Other keywords (`title`, `description`, `default`, ...) are for people and editors and are not checked.
public struct ConfigSchema: Sendable {
  /// Something that does not fit.
  public struct Fault: Sendable, Equatable {
    /// Keys and indices from the options down to the place.
    public let path: [String]
    /// "must be in 0...5, got -1": what was expected and what was found.
    public let detail: String
    /// How to mend it, where that can be guessed.
    public let help: String?
    /// Whether the fault is the key rather than its value.
    public let isKey: Bool
  }

  // Keeps `root` alive.
  private let document: Document
  /// The schema itself.
  public let root: Value

  init(_ document: Document, _ root: Value) {
    self.document = document
    self.root = root
  }

  /// Everything about the options that does not fit; empty when they do.
  public func faults(of options: Value) -> [Fault] {
    var faults: [Fault] = []
    check(options, root, [], &faults)
    return faults
  }

  private func check(_ value: Value, _ schema: Value, _ path: [String], _ faults: inout [Fault]) {
    func fault(_ detail: String, _ help: String? = nil) {
      faults.append(Fault(path: path, detail: detail, help: help, isKey: false))
    }
    let types = schema["type"].kind == .array ? schema["type"].elements : [schema["type"]]
    let names = types.compactMap(\.string)
    if !names.isEmpty, !names.contains(where: { Self.fits(value, $0) }) {
      return fault("must be \(names.map(Self.article).joined(separator: " or ")), got \(Self.shown(value))")
    }
    if schema["const"].exists, !Self.equal(value, schema["const"]) {
      fault("must be \(Self.shown(schema["const"])), got \(Self.shown(value))")
    }
    if schema["enum"].kind == .array, !schema["enum"].elements.contains(where: { Self.equal($0, value) }) {
      let allowed = schema["enum"].elements
      let nearest = value.string.flatMap { nearestName(to: $0, among: allowed.compactMap(\.string)) }
      fault(
        "must be one of \(allowed.map(Self.shown).joined(separator: ", ")), got \(Self.shown(value))",
        nearest.map { "did you mean '\($0)'?" })
    }
    switch value.kind {
    case .integer, .double: checkRange(value, schema, fault)
    case .string:
      let length = value.string?.unicodeScalars.count ?? 0
      if let least = schema["minLength"].int, length < least {
        fault(least == 1 ? "must not be empty" : "must have at least \(least) characters, has \(length)")
      }
      if let most = schema["maxLength"].int, length > most {
        fault("must have at most \(most) characters, has \(length)")
      }
    case .array:
      if let least = schema["minItems"].int, value.count < least {
        fault("must have at least \(least) items, has \(value.count)")
      }
      if let most = schema["maxItems"].int, value.count > most {
        fault("must have at most \(most) items, has \(value.count)")
      }
      if schema["items"].kind == .object {
        for index in 0..<value.count { check(value[index], schema["items"], path + ["\(index)"], &faults) }
      }
    case .object: checkMembers(value, schema, path, &faults)
    default: break
    }
  }

  private func checkRange(_ value: Value, _ schema: Value, _ fault: (String, String?) -> Void) {
    guard let number = value.double else { return }
    let least = schema["minimum"].double ?? -.infinity
    let most = schema["maximum"].double ?? .infinity
    let above = schema["exclusiveMinimum"].double ?? -.infinity
    let below = schema["exclusiveMaximum"].double ?? .infinity
    if number >= least, number <= most, number > above, number < below { return }
    let found = value.scalarText ?? ""
    switch (schema["minimum"].scalarText, schema["maximum"].scalarText) {
    case (let low?, let high?): fault("must be in \(low)...\(high), got \(found)", nil)
    case (let low?, nil) where number < least: fault("must be at least \(low), got \(found)", nil)
    case (nil, let high?) where number > most: fault("must be at most \(high), got \(found)", nil)
    default:
      let bound =
        number <= above
        ? "above \(schema["exclusiveMinimum"].scalarText ?? "")"
        : "below \(schema["exclusiveMaximum"].scalarText ?? "")"
      fault("must be \(bound), got \(found)", nil)
    }
  }

  private func checkMembers(_ value: Value, _ schema: Value, _ path: [String], _ faults: inout [Fault]) {
    let properties = schema["properties"]
    let known = (0..<properties.count).map { String(decoding: properties.key(at: $0), as: UTF8.self) }
    for index in 0..<value.count {
      let key = String(decoding: value.key(at: index), as: UTF8.self)
      if known.contains(key) {
        check(value[index], properties[key], path + [key], &faults)
      } else if schema["additionalProperties"].bool == false {
        let nearest = nearestName(to: key, among: known)
        let help =
          nearest.map { "did you mean '\($0)'?" }
          ?? (known.isEmpty ? "it takes no options" : "options are \(known.map { "'\($0)'" }.joined(separator: ", "))")
        faults.append(Fault(path: path + [key], detail: "is not an option", help: help, isKey: true))
      } else if schema["additionalProperties"].kind == .object {
        check(value[index], schema["additionalProperties"], path + [key], &faults)
      }
    }
    for name in schema["required"].elements.compactMap(\.string) where value[name].kind == .missing {
      faults.append(Fault(path: path + [name], detail: "is missing", help: nil, isKey: false))
    }
  }

  private static func fits(_ value: Value, _ type: String) -> Bool {
    switch type {
    case "null": value.kind == .null
    case "boolean": value.kind == .boolean
    case "integer": value.kind == .integer || value.double.map { $0 == $0.rounded() } == true
    case "number": value.kind == .integer || value.kind == .double
    case "string": value.kind == .string
    case "array": value.kind == .array
    case "object": value.kind == .object
    default: true
    }
  }

  private static func article(_ type: String) -> String {
    switch type {
    case "integer": "a whole number"
    case "array", "object": "an \(type)"
    case "boolean": "true or false"
    case "null": "null"
    default: "a \(type)"
    }
  }

  private static func equal(_ left: Value, _ right: Value) -> Bool {
    if let a = left.double, let b = right.double { return a == b }
    return left.kind == right.kind && left.scalarText == right.scalarText
  }

  private static func shown(_ value: Value) -> String {
    switch value.kind {
    case .string: "'\(value.string ?? "")'"
    case .array: "an array"
    case .object: "an object"
    case .null, .missing: "null"
    default: value.scalarText ?? ""
    }
  }
}
