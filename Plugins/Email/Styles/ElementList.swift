import Markup

/// The elements of a text as far as it has been read, and whether a selector takes the last of them.
struct ElementList {
  private struct Element {
    var tag: UInt64
    var id: UInt64
    var classes: Range<Int>
    /// The start tag behind its name.
    var attributes: Range<Int>
    var parent: Int
    var previous: Int
  }

  private var elements: [Element] = []
  private var classes: [UInt64] = []
  private var open: [Int] = []
  /// The last child that each open element, and the text itself, has so far.
  private var lastChildren: [Int] = [-1]

  /// Takes a start tag; whether it opens an element is said apart.
  mutating func append(tag: UInt64, id: UInt64, classes names: [UInt64], attributes: Range<Int>) {
    let first = classes.count
    classes += names
    let index = elements.count
    elements.append(
      Element(
        tag: tag, id: id, classes: first..<classes.count, attributes: attributes, parent: open.last ?? -1,
        previous: lastChildren[lastChildren.count - 1]))
    lastChildren[lastChildren.count - 1] = index
  }

  /// Opens the last element: what follows lies in it.
  mutating func openLast() {
    open.append(elements.count - 1)
    lastChildren.append(-1)
  }

  /// Closes the innermost open element of a type with all that lies in it; nothing where there is none.
  mutating func close(_ tag: UInt64) {
    guard let place = open.lastIndex(where: { elements[$0].tag == tag }) else { return }
    while open.count > place { closeInnermost() }
  }

  /// Closes the innermost open elements for as long as they are of such types.
  mutating func closeInnermost(_ tags: Set<UInt64>) {
    while let last = open.last, tags.contains(elements[last].tag) { closeInnermost() }
  }

  private mutating func closeInnermost() {
    open.removeLast()
    lastChildren.removeLast()
  }

  /// Whether a selector takes the last element.
  func matches(_ selector: Selector, in html: Bytes) -> Bool { matches(selector, 0, elements.count - 1, html) }

  private func matches(_ selector: Selector, _ place: Int, _ index: Int, _ html: Bytes) -> Bool {
    guard fits(elements[index], selector.compounds[place], html) else { return false }
    guard place < selector.combinators.count else { return true }
    let isSibling: Bool
    let isNear: Bool
    switch selector.combinators[place] {
    case .descendant: (isSibling, isNear) = (false, false)
    case .child: (isSibling, isNear) = (false, true)
    case .nextSibling: (isSibling, isNear) = (true, true)
    case .laterSibling: (isSibling, isNear) = (true, false)
    }
    var other = isSibling ? elements[index].previous : elements[index].parent
    while other >= 0 {
      if matches(selector, place + 1, other, html) { return true }
      if isNear { return false }
      other = isSibling ? elements[other].previous : elements[other].parent
    }
    return false
  }

  private func fits(_ element: Element, _ compound: Selector.Compound, _ html: Bytes) -> Bool {
    if compound.tag != 0, compound.tag != element.tag { return false }
    if compound.id != 0, compound.id != element.id { return false }
    if compound.isFirstChild, element.previous >= 0 { return false }
    for name in compound.classes where !classes[element.classes].contains(name) { return false }
    for test in compound.attributes where !fits(element, test, html) { return false }
    return true
  }

  private func fits(_ element: Element, _ test: Selector.AttributeTest, _ html: Bytes) -> Bool {
    let scanner = HTMLScanner(html)
    var place = element.attributes.lowerBound
    while let attribute = scanner.attribute(after: place, before: element.attributes.upperBound) {
      place = attribute.range.upperBound
      guard html[attribute.name].lazy.map(\.lowered).elementsEqual(test.name) else { continue }
      let value = html[attribute.value]
      switch test.relation {
      case .exists: return true
      case .equals: return value.elementsEqual(test.value)
      case .word: return value.split(whereSeparator: { $0 <= 0x20 }).contains { $0.elementsEqual(test.value) }
      case .dash:
        return value.elementsEqual(test.value) || value.starts(with: test.value + [UInt8(ascii: "-")])
      case .prefix: return !test.value.isEmpty && value.starts(with: test.value)
      case .suffix: return !test.value.isEmpty && value.suffix(test.value.count).elementsEqual(test.value)
      case .part:
        guard !test.value.isEmpty, value.count >= test.value.count else { return false }
        return (value.startIndex...(value.endIndex - test.value.count)).contains {
          value[$0...].starts(with: test.value)
        }
      }
    }
    return false
  }
}
