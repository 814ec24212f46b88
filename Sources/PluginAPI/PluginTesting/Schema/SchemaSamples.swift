import PluginAPI

/// Makes up JSON texts that fit a schema, in the part of JSON Schema 2020-12 that Bespoke checks options with.
enum SchemaSamples {
  /// Texts that between them use every property, type, `enum` value and bound; never empty.
  static func all(of schema: Value) -> [String] {
    if schema["const"].kind != .missing { return [JSONWriter.value(schema["const"])] }
    let allowed = schema["enum"]
    if allowed.count > 0 { return (0..<allowed.count).map { JSONWriter.value(allowed[$0]) } }
    let types = schema["type"]
    if types.kind == .array { return (0..<types.count).flatMap { of(type: types[$0].string, schema) } }
    return of(type: types.string ?? (schema["properties"].exists ? "object" : "string"), schema)
  }

  private static func of(type: String?, _ schema: Value) -> [String] {
    switch type {
    case "null": ["null"]
    case "boolean": ["true", "false"]
    case "integer": integers(schema)
    case "number": numbers(schema)
    case "array": arrays(schema)
    case "object": objects(schema)
    default: [JSONWriter.string(String(repeating: "x", count: max(schema["minLength"].int ?? 0, 1)))]
    }
  }

  private static func integers(_ schema: Value) -> [String] {
    let least = schema["minimum"].int ?? schema["exclusiveMinimum"].int.map { $0 + 1 }
    let most = schema["maximum"].int ?? schema["exclusiveMaximum"].int.map { $0 - 1 }
    let bounds = [least, most].compactMap { $0.map { "\($0)" } }
    return bounds.isEmpty ? ["1"] : bounds
  }

  private static func numbers(_ schema: Value) -> [String] {
    let least = schema["minimum"].double ?? schema["exclusiveMinimum"].double
    let most = schema["maximum"].double ?? schema["exclusiveMaximum"].double
    let between: Double =
      switch (least, most) {
      case (let least?, let most?): least + (most - least) * 0.375
      case (let least?, nil): least + 0.5
      case (nil, let most?): most - 0.5
      case (nil, nil): 0.5
      }
    return [JSONWriter.number(between)] + integersAmong(schema["minimum"], schema["maximum"])
  }

  private static func integersAmong(_ bounds: Value...) -> [String] {
    bounds.filter { $0.double != nil }.map(JSONWriter.value)
  }

  private static func arrays(_ schema: Value) -> [String] {
    let count = max(schema["minItems"].int ?? 0, 1)
    let items = schema["items"].kind == .object ? all(of: schema["items"]) : [#""x""#]
    let filled = items.map { "[\(Array(repeating: $0, count: count).joined(separator: ","))]" }
    return schema["minItems"].int ?? 0 == 0 ? filled + ["[]"] : filled
  }

  private static func objects(_ schema: Value) -> [String] {
    let properties = schema["properties"]
    let keys = (0..<properties.count).map { JSONWriter.string(String(decoding: properties.key(at: $0), as: UTF8.self)) }
    let samples = (0..<properties.count).map { all(of: properties[$0]) }
    let required = schema["required"]
    let names = (0..<required.count).map { JSONWriter.value(required[$0]) }
    func object(_ values: [(Int, String)]) -> String {
      "{\(values.map { "\(keys[$0.0]):\($0.1)" }.joined(separator: ","))}"
    }
    let full = samples.indices.map { ($0, samples[$0][0]) }
    var texts = [object(full), object(full.filter { names.contains(keys[$0.0]) })]
    for index in samples.indices {
      for other in samples[index].dropFirst() {
        var values = full
        values[index].1 = other
        texts.append(object(values))
      }
    }
    return texts
  }
}
