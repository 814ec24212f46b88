import CLibXML2

/// Writes what a policy allows of a fragment, every text escaped, every element closed in its turn.
final class FragmentWriter {
  /// Elements within each other beyond which the rest of a fragment is cut off.
  private static let deepest = 256

  /// An element that the parser has begun and not ended.
  private struct Open {
    var name: String
    /// Whether its tag was written and its end is still owed.
    var isOwed: Bool
    /// Whether everything inside is left out.
    var isHidden: Bool
  }

  private let policy: SanitisingPolicy
  private let styles: StyleFilter
  private var output: [UInt8]
  private var open: [Open] = []
  private(set) var removed = 0
  /// The parser that feeds this writer, while it does.
  var parser: htmlParserCtxtPtr?

  init(policy: SanitisingPolicy, output: [UInt8]) {
    self.policy = policy
    self.output = output
    styles = StyleFilter(allowed: policy.styles)
  }

  /// Takes a start tag; false where the fragment is too deep to go on.
  func begin(_ name: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> Bool {
    if open.count == Self.deepest {
      removed += 1
      return false
    }
    let name = String(cString: name)
    let isInHidden = open.last?.isHidden ?? false
    var entry = Open(name: name, isOwed: false, isHidden: isInHidden || SanitisingPolicy.hidden.contains(name))
    defer { open.append(entry) }
    if isInHidden { return true }
    guard !entry.isHidden, let element = policy.elements[name], isAtHome(name, element) else {
      if name != FragmentText.root { removed += 1 }
      return true
    }
    var written: [UInt8] = []
    guard appendAttributes(attributes, of: element, to: &written) else {
      removed += 1
      return true
    }
    if element.isBlock { endParagraph() }
    output.append(UInt8(ascii: "<"))
    output.append(raw: name)
    output.append(contentsOf: written)
    if name == "img" { appendDefaults(for: written) }
    output.append(UInt8(ascii: ">"))
    entry.isOwed = !element.isVoid
    return true
  }

  /// Takes the end of the innermost element.
  func end() {
    guard let entry = open.popLast(), entry.isOwed else { return }
    writeEnd(entry.name)
  }

  /// Takes text.
  func text(_ text: Bytes) {
    if open.last?.isHidden ?? false { return }
    Escaping.htmlText.append(text, to: &output)
  }

  /// Ends what is open, and hands the bytes over.
  func finish() -> [UInt8] {
    while !open.isEmpty { end() }
    return output
  }

  /// Whether an element may stand where the parser met it: inside what it belongs to, and no link within a link.
  private func isAtHome(_ name: String, _ element: SanitisingPolicy.Element) -> Bool {
    if name == "a" { return !open.contains { $0.isOwed && $0.name == "a" } }
    if element.parents.isEmpty { return true }
    guard let parent = open.last(where: { $0.isOwed }) else { return false }
    return element.parents.contains(parent.name)
  }

  /// Ends an open paragraph, as a browser would before a block.
  private func endParagraph() {
    guard let paragraph = open.lastIndex(where: { $0.isOwed && $0.name == "p" }) else { return }
    for index in (paragraph..<open.count).reversed() where open[index].isOwed {
      writeEnd(open[index].name)
      open[index].isOwed = false
    }
  }

  private func writeEnd(_ name: String) {
    output.append(raw: "</" as StaticString)
    output.append(raw: name)
    output.append(UInt8(ascii: ">"))
  }

  /// A picture without a description is decoration, and loads when it is seen.
  private func appendDefaults(for written: [UInt8]) {
    let text = String(decoding: written, as: UTF8.self)
    if !text.contains(" alt=\"") { output.append(raw: #" alt="""# as StaticString) }
    let isLazy = policy.elements["img"]?.attributes["loading"] != nil
    if isLazy, !text.contains(" loading=\"") { output.append(raw: #" loading="lazy""# as StaticString) }
  }

  /// Writes the attributes that are allowed; false where a needed one is missing.
  private func appendAttributes(
    _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, of element: SanitisingPolicy.Element,
    to written: inout [UInt8]
  ) -> Bool {
    var isComplete = element.needed == nil
    // libxml2 gives names and values in turn, and nil after the last.
    var next = list
    while let pair = next, let name = pair[0] {
      next = pair + 2
      let name = String(cString: name)
      let value = pair[1].map { Bytes(start: $0, count: Int(xmlStrlen($0))) } ?? .none
      guard let check = element.attributes[name], let kept = checked(value, check) else {
        removed += 1
        continue
      }
      written.append(UInt8(ascii: " "))
      written.append(raw: name)
      written.append(raw: #"=""# as StaticString)
      Escaping.htmlAttribute.append(kept, to: &written)
      written.append(UInt8(ascii: "\""))
      if name == element.needed { isComplete = true }
    }
    return isComplete
  }

  /// The value as it may be written, or nil.
  private func checked(_ value: Bytes, _ check: SanitisingPolicy.Check) -> [UInt8]? {
    switch check {
    case .text: return value.count <= 4096 ? Array(value) : nil
    case .link: return SafeURL.read(value, schemes: policy.linkSchemes)
    case .picture: return SafeURL.read(value, schemes: policy.pictureSchemes)
    case .number: return Self.isNumber(value) ? Array(value) : nil
    case .flag: return []
    case .words(let words):
      let list = "\(words)".split(separator: " ")
      return list.contains { $0.utf8.elementsEqual(value) } ? Array(value) : nil
    case .color: return Self.isColor(value) ? Array(value) : nil
    case .style:
      var kept: [UInt8] = []
      removed += styles.append(value, to: &kept)
      return kept.isEmpty ? nil : kept
    }
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
