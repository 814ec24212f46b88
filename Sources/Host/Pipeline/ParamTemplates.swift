import Core
import Liquid

/// A step's options of which some strings are Liquid, rendered for each brief.
indirect enum ParamTemplates: @unchecked Sendable {
  // Templates and the values' document are immutable; hence the unchecked conformance.
  case literal(Value)
  case template(Template)
  case object([(key: String, value: ParamTemplates)])
  case array([ParamTemplates])

  /// Whether a text holds Liquid.
  static func isLiquid(_ text: String) -> Bool { text.contains("{{") || text.contains("{%") }

  /// The templates of a value, or nil where it is literal throughout.
  ///
  /// - Parameter parse: parses a text; it is told the path of its option.
  static func find(
    in value: Value, path: [String] = [], parse: (String, [String]) throws(Diagnostic) -> Template
  ) throws(Diagnostic) -> ParamTemplates? {
    switch value.kind {
    case .string:
      guard let text = value.string, isLiquid(text) else { return nil }
      return .template(try parse(text, path))
    case .array, .object:
      var parts: [(key: String, value: ParamTemplates)] = []
      var found = false
      for index in 0..<value.count {
        let key = value.kind == .object ? String(decoding: value.key(at: index), as: UTF8.self) : "\(index)"
        let part = try find(in: value[index], path: path + [key], parse: parse)
        found = found || part != nil
        parts.append((key, part ?? .literal(value[index])))
      }
      guard found else { return nil }
      return value.kind == .object ? .object(parts) : .array(parts.map(\.value))
    default: return nil
    }
  }

  /// All templates in it.
  var templates: [Template] {
    switch self {
    case .literal: []
    case .template(let template): [template]
    case .object(let members): members.flatMap { $0.value.templates }
    case .array(let elements): elements.flatMap(\.templates)
    }
  }

  /// Adds the rendered options to a document.
  func write(to builder: DocumentBuilder, renderer: Renderer, scope: Scope) throws(Diagnostic) {
    switch self {
    case .literal(let value): builder.link(value)
    case .template(let template): builder.string(try renderer.render(template, scope: scope))
    case .object(let members):
      builder.beginObject()
      for member in members {
        builder.key(member.key)
        try member.value.write(to: builder, renderer: renderer, scope: scope)
      }
      builder.end()
    case .array(let elements):
      builder.beginArray()
      for element in elements { try element.write(to: builder, renderer: renderer, scope: scope) }
      builder.end()
    }
  }
}
