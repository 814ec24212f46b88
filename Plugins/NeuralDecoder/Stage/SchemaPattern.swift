import PluginAPI

extension Pattern {
  /// The compact JSON texts that fit a schema: a subset of JSON Schema 2020-12.
  ///
  /// Members are written in the order of `properties`, all of them.
  ///
  /// - Throws: `PluginError` with code `config` that names the keyword which is not supported.
  init(schema: Value, path: String = "schema") throws {
    try Self.check(schema, path)
    let list = schema["enum"].kind == .missing ? nil : Self.all(schema["enum"])
    if let constants = list ?? (schema["const"].kind == .missing ? nil : [schema["const"]]) {
      let texts = try constants.map { ($0, try Self.json($0, path)) }
      let fitting = try texts.filter { try Self.fits($0.0, schema, path) }
      guard !fitting.isEmpty else { throw PluginError(.config, field: path, "no constant fits its other keywords") }
      self = .choice(fitting.map { .literal($0.1) })
    } else if schema["anyOf"].kind != .missing {
      for key in Self.keys(schema) where !["anyOf", "title", "description"].contains(key) {
        throw PluginError(.config, field: "\(path).\(key)", "the keyword '\(key)' is not supported beside 'anyOf'")
      }
      self = .choice(try Self.all(schema["anyOf"]).map { try Pattern(schema: $0, path: "\(path).anyOf") })
    } else if schema["type"].kind == .array {
      self = .choice(try Self.all(schema["type"]).map { try Self.of($0.string, schema, path) })
    } else {
      self = try Self.of(schema["type"].string, schema, path)
    }
  }

  private static func of(_ type: String?, _ schema: Value, _ path: String) throws -> Pattern {
    switch type {
    case "object":
      let properties = schema["properties"]
      var parts: [Pattern] = [.text("{")]
      for index in 0..<properties.count {
        let key = String(decoding: properties.key(at: index), as: UTF8.self)
        parts.append(.literal(Array((index > 0 ? "," : "").utf8) + quoted(properties.key(at: index)) + [0x3A]))
        parts.append(try Pattern(schema: properties[index], path: "\(path).properties.\(key)"))
      }
      for name in all(schema["required"]) where properties[name.utf8].kind == .missing {
        throw PluginError(.config, field: "\(path).required", "'\(name.string ?? "")' is not among 'properties'")
      }
      return .sequence(parts + [.text("}")])
    case "array":
      let item = try Pattern(schema: schema["items"], path: "\(path).items")
      let (least, most) = try range(schema, "minItems", "maxItems", path)
      let rest = Pattern.repeated(
        .sequence([.text(","), item]), least: max(0, least - 1), most: most.map { max(0, $0 - 1) })
      let some = Pattern.sequence([item, rest])
      let body = most == 0 ? .sequence([]) : least > 0 ? some : Pattern.repeated(some, least: 0, most: 1)
      return .sequence([.text("["), body, .text("]")])
    case "string":
      let (least, most) = try range(schema, "minLength", "maxLength", path)
      return .sequence([.text("\""), .repeated(character, least: least, most: most), .text("\"")])
    case "integer": return integer
    case "number":
      let fraction = Pattern.sequence([.text("."), .repeated(.byte(digits), least: 1, most: 15)])
      return .sequence([integer, .repeated(fraction, least: 0, most: 1)])
    case "boolean": return .anyOf(["true", "false"])
    case "null": return .text("null")
    default:
      throw PluginError(.config, field: "\(path).type", "must be a type of JSON, got '\(type ?? "nothing")'")
    }
  }

  private static func range(
    _ schema: Value, _ low: StaticString, _ high: StaticString, _ path: String
  ) throws -> (least: Int, most: Int?) {
    let (least, most) = (schema[low].int ?? 0, schema[high].int)
    guard most ?? least >= least, most ?? 0 <= 4096 else {
      throw PluginError(.config, field: "\(path).\(high)", "must be in \(least)...4096")
    }
    return (least, most)
  }

  private static let digits = ByteSet(0x30...0x39)
  private static let integer = Pattern.sequence([
    .repeated(.text("-"), least: 0, most: 1),
    .choice([
      .text("0"), .sequence([.byte(ByteSet(0x31...0x39)), .repeated(.byte(digits), least: 0, most: 15)]),
    ]),
  ])

  /// A character of a JSON string: as itself, or one of the short escapes.
  private static let character = Pattern.choice([
    .character(ascii: ByteSet((0x20...0x7E).filter { $0 != 0x22 && $0 != 0x5C })),
    .sequence([.text("\\"), .byte(ByteSet(Array("\"\\/bfnrt".utf8)))]),
  ])

  private static func quoted(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = [0x22]
    let hex = Array("0123456789abcdef".utf8)
    for byte in text {
      switch byte {
      case 0x22, 0x5C: result += [0x5C, byte]
      case 0..<0x20: result += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: result.append(byte)
      }
    }
    return result + [0x22]
  }

  private static func json(_ value: Value, _ path: String) throws -> [UInt8] {
    switch value.kind {
    case .null: return Array("null".utf8)
    case .boolean: return Array((value.bool == true ? "true" : "false").utf8)
    case .integer, .double: return Array(value.utf8)
    case .string: return quoted(value.utf8)
    case .missing, .array, .object:
      throw PluginError(.config, field: path, "constants must be scalars, got \(value.kind)")
    }
  }
}
