import Foundation
import Yams

/// YAML as JSON text, so that cases in YAML run through the same documents as those in JSON.
struct JSONText {
  /// What JSON cannot say: a key that is no text, a number that is not finite, an object of some language.
  struct Unrepresentable: Error {}

  private(set) var text = ""

  init(_ node: Node) throws {
    try write(node)
  }

  private mutating func write(_ node: Node) throws {
    switch node {
    case .scalar(let scalar): try write(scalar, tag: node.tag.rawValue)
    case .sequence(let sequence):
      text += "["
      for (index, item) in sequence.enumerated() {
        if index > 0 { text += "," }
        try write(item)
      }
      text += "]"
    case .mapping(let mapping):
      text += "{"
      for (index, pair) in mapping.enumerated() {
        guard pair.key.tag.rawValue == Tag.Name.str.rawValue, let key = pair.key.string,
          !key.hasPrefix("instantiate:")
        else { throw Unrepresentable() }
        if index > 0 { text += "," }
        try write(string: key)
        text += ":"
        try write(pair.value)
      }
      text += "}"
    default: throw Unrepresentable()
    }
  }

  private mutating func write(_ scalar: Node.Scalar, tag: String) throws {
    let node = Node.scalar(scalar)
    switch tag {
    case Tag.Name.null.rawValue: text += "null"
    case Tag.Name.bool.rawValue: text += Bool.construct(from: scalar) == true ? "true" : "false"
    case Tag.Name.int.rawValue:
      guard let value = node.int else { throw Unrepresentable() }
      text += String(value)
    case Tag.Name.float.rawValue:
      guard let value = node.float, value.isFinite else { throw Unrepresentable() }
      text += value.description
    case Tag.Name.str.rawValue:
      if scalar.string.hasPrefix("instantiate:") { throw Unrepresentable() }
      try write(string: scalar.string)
    default: throw Unrepresentable()
    }
  }

  private mutating func write(string: String) throws {
    text += String(decoding: try JSONEncoder().encode(string), as: UTF8.self)
  }
}
