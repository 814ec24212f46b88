import Core
import Yams

/// Reads YAML text into nodes with places.
struct YAMLReader {
  let file: String
  let lines: [Substring]

  init(file: String, text: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The source line of a place in the file, or in a fragment of it, for excerpts.
  func excerpt(_ location: SourceLocation?) -> String? {
    guard let location else { return nil }
    if location.file != file {
      guard let text = try? readText(location.file) else { return nil }
      return YAMLReader(file: location.file, text: text).excerpt(location)
    }
    guard lines.indices.contains(location.line - 1) else { return nil }
    let line = lines[location.line - 1]
    return String(line.hasSuffix("\r") ? line.dropLast() : line)
  }

  /// - Throws: `Diagnostic` of kind "invalid yaml".
  func read(_ text: String) throws(Diagnostic) -> ConfigNode {
    do {
      guard let node = try Yams.compose(yaml: text, .basic) else {
        return ConfigNode(.object([]), at: SourceLocation(file: file, line: 1, column: 1))
      }
      var values = 0
      return try convert(node, depth: 0, &values)
    } catch let error as YamlError {
      throw diagnostic(error)
    } catch let error as Diagnostic {
      throw error
    } catch {
      throw Diagnostic("invalid yaml", "\(error)", at: SourceLocation(file: file))
    }
  }

  /// The most values of a file, those that aliases repeat among them.
  private static let mostValues = 1_000_000

  private func convert(_ node: Node, depth: Int, _ values: inout Int) throws(Diagnostic) -> ConfigNode {
    let location = place(node.mark)
    values += 1
    guard values <= Self.mostValues else {
      throw Diagnostic(
        "invalid yaml", "aliases repeat more than a million values", at: location, excerpt: excerpt(location),
        help: "write the values out, or in fewer aliases of aliases")
    }
    guard depth < 64 else {
      throw Diagnostic("invalid yaml", "nested deeper than 64 levels", at: location, excerpt: excerpt(location))
    }
    switch node {
    case .scalar(let scalar): return ConfigNode(Self.resolve(scalar), at: location)
    case .sequence(let sequence):
      var elements: [ConfigNode] = []
      for element in sequence { elements.append(try convert(element, depth: depth + 1, &values)) }
      return ConfigNode(.array(elements), at: location)
    case .mapping(let mapping):
      var members: [ConfigNode.Member] = []
      for (key, value) in mapping {
        let keyPlace = place(key.mark)
        guard let name = key.scalar?.string else {
          throw Diagnostic("invalid yaml", "a key must be a plain text", at: keyPlace, excerpt: excerpt(keyPlace))
        }
        if members.contains(where: { $0.key == name }) {
          throw Diagnostic("invalid yaml", "the key '\(name)' stands twice", at: keyPlace, excerpt: excerpt(keyPlace))
        }
        members.append(.init(key: name, keyLocation: keyPlace, value: try convert(value, depth: depth + 1, &values)))
      }
      return ConfigNode(.object(members), at: location)
    case .alias:
      throw Diagnostic(
        "invalid yaml", "aliases are not read here", at: location, excerpt: excerpt(location),
        help: "write the value out")
    }
  }

  private static func resolve(_ scalar: Node.Scalar) -> ConfigNode.Content {
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    switch scalar.string {
    case "", "~", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case let text: return isNumber(text) ? .number(text) : .string(text)
    }
  }

  /// Whether a text is a number as JSON writes it.
  private static func isNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x30...0x39).contains(first) || first == UInt8(ascii: "-") else { return false }
    guard let document = try? Document(json: text) else { return false }
    return withExtendedLifetime(document) { [.integer, .double].contains(document.root.kind) }
  }

  private func place(_ mark: Mark?) -> SourceLocation {
    SourceLocation(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0)
  }

  private func place(ofByte offset: Int) -> SourceLocation {
    var text = lines.joined(separator: "\n")
    return text.withUTF8 { SourceLocation(file: file, source: $0, offset: offset) }
  }

  private func diagnostic(_ error: YamlError) -> Diagnostic {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let fault = YAMLFault(
        problem, context: context?.text ?? "", line: excerpt(place(mark)) ?? "", column: mark.column)
      let location = place(fault.isWhereItBegan ? context?.mark ?? mark : mark)
      return Diagnostic("invalid yaml", fault.detail, at: location, excerpt: excerpt(location), help: fault.help)
    case .reader(let problem, let offset, _, _):
      let location = offset.map { place(ofByte: $0) } ?? SourceLocation(file: file)
      return Diagnostic("invalid yaml", problem, at: location)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let location = place(context.mark)
      let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      return Diagnostic("invalid yaml", "keys stand twice: \(names)", at: location, excerpt: excerpt(location))
    default: return Diagnostic("invalid yaml", "\(error)", at: SourceLocation(file: file))
    }
  }
}
