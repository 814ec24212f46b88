import PluginAPI

/// What a schema's keywords are, and which constants fit them.
extension Pattern {
  private static let keywords: [String: [Value.Kind]] = [
    "type": [.string, .array], "properties": [.object], "required": [.array],
    "additionalProperties": [.boolean, .object],
    "items": [.object], "minItems": [.integer], "maxItems": [.integer], "minLength": [.integer],
    "maxLength": [.integer],
    "enum": [.array], "const": [.null, .boolean, .integer, .double, .string], "anyOf": [.array], "title": [.string],
    "description": [.string],
  ]

  /// - Throws: `PluginError` that names a keyword which is not supported, or has a value that it cannot have.
  static func check(_ schema: Value, _ path: String) throws {
    for (index, key) in keys(schema).enumerated() {
      let value = schema[index]
      func fault(_ detail: String) -> PluginError { PluginError(.config, field: "\(path).\(key)", detail) }
      guard let kinds = keywords[key] else { throw fault("the keyword '\(key)' is not supported") }
      guard kinds.contains(value.kind) else {
        let known = kinds.map { "\($0)" }.joined(separator: " or ")
        throw fault("must be \(key == "const" ? "a scalar" : known), got \(value.kind)")
      }
      if value.kind == .integer, key != "const", value.int ?? -1 < 0 { throw fault("must not be negative") }
      if value.kind == .array, value.count == 0, key != "required" { throw fault("must not be empty") }
    }
  }

  static func keys(_ object: Value) -> [String] {
    (0..<object.count).map { String(decoding: object.key(at: $0), as: UTF8.self) }
  }

  static func all(_ array: Value) -> [Value] { (0..<array.count).map { array[$0] } }

  /// Whether a scalar fits all keywords of a schema.
  static func fits(_ value: Value, _ schema: Value, _ path: String) throws -> Bool {
    try check(schema, path)
    if schema["const"].kind != .missing, !isEqual(value, schema["const"]) { return false }
    if schema["enum"].kind != .missing, !all(schema["enum"]).contains(where: { isEqual(value, $0) }) { return false }
    let types = schema["type"].kind == .array ? all(schema["type"]) : [schema["type"]]
    if schema["type"].kind != .missing, !types.contains(where: { hasType(value, $0.string) }) { return false }
    if value.kind == .string {
      let length = value.string?.unicodeScalars.count ?? 0
      guard length >= schema["minLength"].int ?? 0, length <= schema["maxLength"].int ?? .max else { return false }
    }
    guard schema["anyOf"].kind != .missing else { return true }
    return try all(schema["anyOf"]).contains { try fits(value, $0, "\(path).anyOf") }
  }

  private static func hasType(_ value: Value, _ type: String?) -> Bool {
    switch type {
    case "null": value.kind == .null
    case "boolean": value.kind == .boolean
    case "string": value.kind == .string
    case "number": value.kind == .integer || value.kind == .double
    case "integer": value.kind == .integer || value.kind == .double && value.double.map { $0 == $0.rounded() } ?? false
    default: false
    }
  }

  private static func isEqual(_ left: Value, _ right: Value) -> Bool {
    let isNumber = hasType(left, "number") && hasType(right, "number")
    return isNumber && left.double == right.double
      || left.kind == right.kind && left.utf8.elementsEqual(right.utf8)
        && left.bool == right.bool
  }
}
