/// Writes XML into bytes: elements are begun, given attributes, filled and ended; every text is escaped.
///
/// Names must be valid XML names, which the compiler's literals make a matter of reading. The bytes may be taken out at
/// any moment between two calls, so that a file of any length passes through a small buffer.
public struct XMLWriter {
  /// What was written and not yet taken.
  public var bytes: [UInt8] = []
  /// Characters and ill-formed sequences that XML 1.0 cannot hold and that were dropped or replaced.
  public private(set) var lost = 0
  private var open: [StaticString] = []
  private var inStartTag = false

  /// An empty writer.
  public init() {}

  /// Writes the XML declaration.
  public mutating func declaration() {
    bytes.append(raw: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" as StaticString)
  }

  /// Begins an element.
  public mutating func begin(_ name: StaticString) {
    closeStartTag()
    bytes.append(UInt8(ascii: "<"))
    bytes.append(raw: name)
    open.append(name)
    inStartTag = true
  }

  /// Adds an attribute to the element just begun.
  public mutating func attribute(_ name: StaticString, _ value: some UTF8Text) {
    precondition(inStartTag, "an attribute follows begin() or another attribute")
    bytes.append(UInt8(ascii: " "))
    bytes.append(raw: name)
    bytes.append(raw: #"=""# as StaticString)
    lost += Escaping.xmlAttribute.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Adds text.
  public mutating func text(_ text: some UTF8Text) {
    closeStartTag()
    lost += Escaping.xmlText.append(text, to: &bytes)
  }

  /// Adds text as a CDATA section.
  public mutating func cdata(_ text: some UTF8Text) {
    closeStartTag()
    lost += Escaping.cdata.append(text, to: &bytes)
  }

  /// Adds a line break, for readers of the file.
  public mutating func lineBreak() {
    closeStartTag()
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Ends the innermost element.
  public mutating func end() {
    guard let name = open.popLast() else { preconditionFailure("end() without an open element") }
    if inStartTag {
      bytes.append(raw: "/>" as StaticString)
      inStartTag = false
      return
    }
    bytes.append(raw: "</" as StaticString)
    bytes.append(raw: name)
    bytes.append(UInt8(ascii: ">"))
  }

  /// Writes an element that holds text.
  public mutating func element(_ name: StaticString, _ text: some UTF8Text) {
    begin(name)
    self.text(text)
    end()
  }

  /// Writes an element that holds a CDATA section.
  public mutating func element(_ name: StaticString, cdata text: some UTF8Text) {
    begin(name)
    cdata(text)
    end()
  }

  private mutating func closeStartTag() {
    guard inStartTag else { return }
    bytes.append(UInt8(ascii: ">"))
    inStartTag = false
  }
}
