/// The lists of a policy in the form in which a writer asks them for every tag: nothing of them is counted or copied.
final class SanitisingRules: @unchecked Sendable {
  // Immutable after init; what rules point to lives as long as this object, which writers keep. Hence the unchecked
  // conformance.

  /// What is known of an element; lives as long as the rules.
  typealias Rule = UnsafePointer<Element>

  /// What becomes of an element.
  struct Element {
    let name: Bytes
    /// Whether the tags are written.
    let isAllowed: Bool
    /// Whether all that it holds goes.
    let isHidden: Bool
    let isVoid: Bool
    let isBlock: Bool
    let isLink: Bool
    let isParagraph: Bool
    let isPicture: Bool
    /// A bit of its own where other elements belong into it.
    let bit: UInt32
    /// The bits of elements of which one must hold it; 0 where any may.
    let parents: UInt32
    /// Whether one of the attributes must be left for the element to make sense.
    let hasNeeded: Bool
    let attributes: NameTable<Attribute>
  }

  /// What becomes of an attribute.
  struct Attribute {
    let name: Bytes
    let check: SanitisingPolicy.Check
    let isNeeded: Bool
    let isPictureText: Bool
    let isLoading: Bool
  }

  let elements: NameTable<Element>
  /// Whether pictures may say when they load.
  let hasLazyPictures: Bool

  init(_ lists: [String: SanitisingPolicy.Element]) {
    var bits: [String: UInt32] = [:]
    for parent in Set(lists.values.flatMap(\.parents)).sorted() { bits[parent] = 1 << UInt32(bits.count) }
    precondition(bits.count <= 32, "more elements have parts of their own than there are bits")
    let names = SanitisingPolicy.hidden.union(lists.keys).sorted()
    elements = NameTable(names) { name, bytes in
      let list = lists[name]
      return Element(
        name: bytes, isAllowed: list != nil, isHidden: SanitisingPolicy.hidden.contains(name),
        isVoid: list?.isVoid ?? false, isBlock: list?.isBlock ?? false, isLink: name == "a", isParagraph: name == "p",
        isPicture: name == "img", bit: bits[name] ?? 0,
        parents: (list?.parents ?? []).reduce(0) { $0 | (bits[$1] ?? 0) }, hasNeeded: list?.needed != nil,
        attributes: Self.attributes(list, of: name))
    }
    hasLazyPictures = lists["img"]?.attributes["loading"] != nil
  }

  deinit {
    elements.each { $0.attributes.deallocate() }
    elements.deallocate()
  }

  private static func attributes(_ element: SanitisingPolicy.Element?, of name: String) -> NameTable<Attribute> {
    let checks = element?.attributes ?? [:]
    return NameTable(checks.keys.sorted()) { attribute, bytes in
      Attribute(
        name: bytes, check: checks[attribute] ?? .flag, isNeeded: element?.needed == attribute,
        isPictureText: name == "img" && attribute == "alt", isLoading: name == "img" && attribute == "loading")
    }
  }
}
