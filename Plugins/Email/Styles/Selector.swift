import Markup

/// A selector of CSS (Selectors Level 3) as far as it can be decided while an element's start tag is read: types,
/// classes, ids, attributes, `:first-child`, and the four combinators.
struct Selector {
  enum Combinator {
    case descendant, child, nextSibling, laterSibling
  }

  struct AttributeTest {
    enum Relation: UInt8 {
      case exists = 0
      case equals = 0x3D  // =
      case word = 0x7E  // ~
      case dash = 0x7C  // |
      case prefix = 0x5E  // ^
      case suffix = 0x24  // $
      case part = 0x2A  // *
    }

    var name: [UInt8]
    var relation: Relation
    var value: [UInt8]
  }

  /// Tests of one element; names are hashes, 0 stands for any.
  struct Compound {
    var tag: UInt64 = 0
    var id: UInt64 = 0
    var classes: [UInt64] = []
    var attributes: [AttributeTest] = []
    var isFirstChild = false
  }

  /// The tests from the element itself outwards.
  private(set) var compounds: [Compound] = []
  /// How each compound is bound to the one after it.
  private(set) var combinators: [Combinator] = []
  /// Ids, then classes and attributes, then types.
  private(set) var specificity = 0

  /// Reads a selector; nil where it holds what cannot be decided at a start tag.
  init?(_ css: Bytes) {
    var index = 0
    var forward: [Compound] = []
    var bonds: [Combinator] = []
    while index < css.count {
      guard let compound = readCompound(css, &index) else { return nil }
      forward.append(compound)
      var bond: Combinator?
      while index < css.count, let found = Self.combinator(css[index]) {
        if bond == nil || bond == .descendant { bond = found } else if found != .descendant { return nil }
        index += 1
      }
      if index == css.count { break }
      guard let bond else { return nil }
      bonds.append(bond)
    }
    if forward.isEmpty || bonds.count != forward.count - 1 { return nil }
    compounds = forward.reversed()
    combinators = bonds.reversed()
  }

  private static func combinator(_ byte: UInt8) -> Combinator? {
    switch byte {
    case 0...0x20: .descendant
    case UInt8(ascii: ">"): .child
    case UInt8(ascii: "+"): .nextSibling
    case UInt8(ascii: "~"): .laterSibling
    default: nil
    }
  }

  private mutating func readCompound(_ css: Bytes, _ index: inout Int) -> Compound? {
    var compound = Compound()
    let start = index
    while index < css.count, Self.combinator(css[index]) == nil {
      switch css[index] {
      case UInt8(ascii: "*") where index == start:
        index += 1
      case UInt8(ascii: "."):
        index += 1
        guard let name = Self.name(css, &index) else { return nil }
        compound.classes.append(css.nameHash(name))
        specificity += 1 << 10
      case UInt8(ascii: "#"):
        index += 1
        guard let name = Self.name(css, &index), compound.id == 0 else { return nil }
        compound.id = ~css.nameHash(name)
        specificity += 1 << 20
      case UInt8(ascii: "["):
        guard let test = Self.attribute(css, &index) else { return nil }
        compound.attributes.append(test)
        specificity += 1 << 10
      case UInt8(ascii: ":"):
        index += 1
        guard let name = Self.name(css, &index), css.equalsIgnoringCase(name, "first-child") else { return nil }
        compound.isFirstChild = true
        specificity += 1 << 10
      default:
        guard index == start, let name = Self.name(css, &index) else { return nil }
        compound.tag = css.tagHash(name)
        specificity += 1
      }
    }
    return index > start ? compound : nil
  }

  private static func name(_ css: Bytes, _ index: inout Int) -> Range<Int>? {
    let start = index
    while index < css.count {
      let byte = css[index]
      guard byte.isLetter || byte &- 48 < 10 || byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      else { break }
      index += 1
    }
    return index > start ? start..<index : nil
  }

  private static func attribute(_ css: Bytes, _ index: inout Int) -> AttributeTest? {
    guard let close = css[index...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let inside = Bytes(rebasing: css[(index + 1)..<close]).trimmed
    index = close + 1
    var end = 0
    guard let name = Self.name(inside, &end) else { return nil }
    let lowered = inside[name].map(\.lowered)
    // Outlook on the web puts these around a message: only its own reading can tell.
    if lowered.starts(with: "data-ogs".utf8) { return nil }
    if end == inside.count { return AttributeTest(name: lowered, relation: .exists, value: []) }
    guard let relation = AttributeTest.Relation(rawValue: inside[end]) else { return nil }
    end += relation == .equals ? 1 : 2
    guard end <= inside.count, inside[end - 1] == UInt8(ascii: "=") else { return nil }
    let value = Bytes(rebasing: inside[end...]).trimmed
    let isQuoted = value.count > 1 && (value.first == UInt8(ascii: "\"") || value.first == UInt8(ascii: "'"))
    if isQuoted, value.last != value.first { return nil }
    return AttributeTest(
      name: lowered, relation: relation, value: isQuoted ? Array(value.dropFirst().dropLast()) : Array(value))
  }
}
