import CPluginABI
import Core

/// A node of a manifest with its place: YAML resolved by the core schema of YAML 1.2.
///
/// Plain `true`, `false`, `null` and JSON numbers have their meaning; every other plain scalar is a string, so that
/// `no` stays Norwegian. Numbers keep their source text.
final class ConfigNode {
  struct Member {
    let key: String
    let keyLocation: SourceLocation
    let value: ConfigNode
  }

  enum Content {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([ConfigNode])
    case object([Member])
  }

  let content: Content
  let location: SourceLocation

  init(_ content: Content, at location: SourceLocation) {
    self.content = content
    self.location = location
  }

  /// The member with this key, or nil.
  subscript(key: String) -> ConfigNode? { members.last { $0.key == key }?.value }

  /// The members of an object; empty for everything else.
  var members: [Member] {
    if case .object(let members) = content { members } else { [] }
  }

  /// The node at a path of keys and indices, as far down as it goes.
  func node(at path: [String]) -> ConfigNode {
    guard let first = path.first else { return self }
    let rest = Array(path.dropFirst())
    switch content {
    case .object: return self[first]?.node(at: rest) ?? self
    case .array(let elements):
      guard let index = Int(first), elements.indices.contains(index) else { return self }
      return elements[index].node(at: rest)
    default: return self
    }
  }

  /// "a string", "an array": for messages.
  var typeName: String {
    switch content {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The value as it stands, for messages.
  var shown: String {
    switch content {
    case .bool(let truth): "\(truth)"
    case .number(let text): text
    case .string(let text): "'\(text)'"
    default: typeName
    }
  }

  /// Adds the node to a document.
  func write(to builder: DocumentBuilder) {
    switch content {
    case .null: builder.null()
    case .bool(let truth): builder.bool(truth)
    case .number(var text): text.withUTF8 { builder.number($0) }
    case .string(let text): builder.string(text)
    case .array(let elements):
      builder.beginArray()
      for element in elements { element.write(to: builder) }
      builder.end()
    case .object(let members):
      builder.beginObject()
      for member in members {
        builder.key(member.key)
        member.value.write(to: builder)
      }
      builder.end()
    }
  }

  /// The node as a document of its own.
  var document: Document { Document { write(to: $0) } }

  /// Where each value of the node's document stands, by its place on the tape.
  func locations(in value: Value) -> [UInt32: SourceLocation] {
    var found = [value.raw.node: location]
    let children: [ConfigNode] =
      switch content {
      case .array(let elements): elements
      case .object(let members): members.map(\.value)
      default: []
      }
    for (index, child) in children.enumerated() {
      found.merge(child.locations(in: value[index])) { first, _ in first }
    }
    return found
  }
}
