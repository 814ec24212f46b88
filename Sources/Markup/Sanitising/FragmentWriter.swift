import CLibXML2

/// Writes what a policy allows of a fragment, every text escaped, every element closed in its turn.
struct FragmentWriter {
  /// Elements within each other beyond which the rest of a fragment is cut off.
  private static let deepest = 256

  /// An element that the parser has begun and not ended.
  private struct Open {
    /// Nil for one that no list names.
    let element: SanitisingRules.Rule?
    /// Whether its tag was written and its end is still owed.
    var isOwed: Bool
    /// Whether everything inside is left out.
    let isHidden: Bool
  }

  private let policy: SanitisingPolicy
  private let rules: SanitisingRules
  private let styles: StyleFilter
  private var output: [UInt8]
  private var open: [Open] = []
  /// The attributes of the tag that is being read.
  private var attributes: [UInt8] = []
  /// How many links and paragraphs are open whose end is owed.
  private var (openLinks, openParagraphs) = (0, 0)
  private(set) var removed = 0
  /// The parser that feeds this writer, while it does.
  var parser: htmlParserCtxtPtr?

  init(policy: SanitisingPolicy, output: [UInt8]) {
    self.policy = policy
    self.output = output
    rules = policy.rules
    styles = StyleFilter(allowed: policy.styles)
  }

  /// Takes a start tag; false where the fragment is too deep to go on.
  mutating func begin(_ name: UnsafePointer<xmlChar>, _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> Bool {
    if open.count == Self.deepest {
      removed += 1
      return false
    }
    let name = Self.bytes(name)
    let isInHidden = open.last?.isHidden ?? false
    let element = rules.elements[name]
    let isHidden = isInHidden || element?.pointee.isHidden ?? false
    let isWritten = !isHidden && write(element, list)
    if !isWritten, !isInHidden, !name.elementsEqual(FragmentText.root.utf8) { removed += 1 }
    open.append(Open(element: element, isOwed: isWritten && element?.pointee.isVoid == false, isHidden: isHidden))
    if isWritten, let element { count(element.pointee, 1) }
    return true
  }

  /// Writes a start tag; false where the element may not stand here.
  private mutating func write(
    _ element: SanitisingRules.Rule?, _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) -> Bool {
    guard let element = element?.pointee, element.isAllowed, isAtHome(element), readAttributes(list, of: element) else {
      return false
    }
    if element.isBlock { endParagraph() }
    output.append(UInt8(ascii: "<"))
    output.append(contentsOf: element.name)
    output.append(contentsOf: attributes)
    output.append(UInt8(ascii: ">"))
    return true
  }

  /// Takes the end of the innermost element.
  mutating func end() {
    guard let entry = open.popLast(), entry.isOwed else { return }
    writeEnd(of: entry.element)
  }

  /// Takes text.
  mutating func text(_ text: Bytes) {
    if open.last?.isHidden ?? false { return }
    Escaping.htmlText.append(text, to: &output)
  }

  /// Ends what is open, and hands the bytes over.
  mutating func finish() -> [UInt8] {
    while !open.isEmpty { end() }
    return output
  }

  /// Whether an element may stand where the parser met it: inside what it belongs to, and no link within a link.
  private func isAtHome(_ element: SanitisingRules.Element) -> Bool {
    if element.isLink { return openLinks == 0 }
    if element.parents == 0 { return true }
    guard let parent = open.last(where: { $0.isOwed })?.element else { return false }
    return element.parents & parent.pointee.bit != 0
  }

  /// Ends an open paragraph, as a browser would before a block.
  private mutating func endParagraph() {
    guard openParagraphs > 0,
      let paragraph = open.lastIndex(where: { $0.isOwed && $0.element?.pointee.isParagraph == true })
    else { return }
    for index in (paragraph..<open.count).reversed() where open[index].isOwed {
      writeEnd(of: open[index].element)
      open[index].isOwed = false
    }
  }

  private mutating func writeEnd(of element: SanitisingRules.Rule?) {
    guard let element = element?.pointee else { return }
    output.append(raw: "</" as StaticString)
    output.append(contentsOf: element.name)
    output.append(UInt8(ascii: ">"))
    count(element, -1)
  }

  private mutating func count(_ element: SanitisingRules.Element, _ change: Int) {
    if element.isVoid { return }
    if element.isLink { openLinks += change }
    if element.isParagraph { openParagraphs += change }
  }

  // MARK: Attributes

  /// Reads the attributes that are allowed; false where a needed one is missing.
  private mutating func readAttributes(
    _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, of element: SanitisingRules.Element
  ) -> Bool {
    attributes.removeAll(keepingCapacity: true)
    var isComplete = !element.hasNeeded
    var (hasText, hasLoading) = (false, false)
    // libxml2 gives names and values in turn, and nil after the last.
    var next = list
    while let pair = next, let name = pair[0] {
      next = pair + 2
      let start = attributes.count
      guard let attribute = element.attributes[Self.bytes(name)]?.pointee else {
        removed += 1
        continue
      }
      attributes.append(UInt8(ascii: " "))
      attributes.append(contentsOf: attribute.name)
      attributes.append(raw: #"=""# as StaticString)
      guard append(pair[1].map(Self.bytes) ?? .none, attribute.check) else {
        removed += 1
        attributes.removeLast(attributes.count - start)
        continue
      }
      attributes.append(UInt8(ascii: "\""))
      if attribute.isNeeded { isComplete = true }
      hasText = hasText || attribute.isPictureText
      hasLoading = hasLoading || attribute.isLoading
    }
    if element.isPicture {
      // A picture without a description is decoration, and loads when it is seen.
      if !hasText { attributes.append(raw: #" alt="""# as StaticString) }
      if !hasLoading, rules.hasLazyPictures { attributes.append(raw: #" loading="lazy""# as StaticString) }
    }
    return isComplete
  }

  /// Writes a value as it may stand; false where it may not.
  private mutating func append(_ value: Bytes, _ check: SanitisingPolicy.Check) -> Bool {
    var kept = value
    switch check {
    case .text: if value.count > 4096 { return false }
    case .number: if !Self.isNumber(value) { return false }
    case .color: if !Self.isColor(value) { return false }
    case .flag: kept = .none
    case .words(let words):
      guard "\(words)".split(separator: " ").contains(where: { $0.utf8.elementsEqual(value) }) else { return false }
    case .link, .picture:
      guard let url = SafeURL.read(value, schemes: check.isPicture ? policy.pictureSchemes : policy.linkSchemes) else {
        return false
      }
      Escaping.htmlAttribute.append(url, to: &attributes)
      return true
    case .style:
      var style: [UInt8] = []
      removed += styles.append(value, to: &style)
      Escaping.htmlAttribute.append(style, to: &attributes)
      return !style.isEmpty
    }
    Escaping.htmlAttribute.append(kept, to: &attributes)
    return true
  }

  private static func bytes(_ text: UnsafePointer<xmlChar>) -> Bytes {
    Bytes(start: text, count: Int(xmlStrlen(text)))
  }

  private static func isNumber(_ value: Bytes) -> Bool {
    let digits = value.last == UInt8(ascii: "%") ? value.dropLast() : value[...]
    return 1...5 ~= digits.count && digits.allSatisfy { $0 &- 48 < 10 }
  }

  private static func isColor(_ value: Bytes) -> Bool {
    let rest = value.first == UInt8(ascii: "#") ? value.dropFirst() : value[...]
    return 1...20 ~= rest.count && rest.allSatisfy { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 }
  }
}
