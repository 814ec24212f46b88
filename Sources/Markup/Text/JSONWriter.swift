/// Writes JSON into bytes, one value after another; commas are its business.
public struct JSONWriter {
  /// What was written.
  public var bytes: [UInt8] = []
  private let escaping: Escaping
  private var needsComma = false

  /// An empty writer; `inScript` makes the text safe within `<script>`.
  public init(inScript: Bool = false) { escaping = inScript ? .scriptJSON : .jsonString }

  /// Opens an object.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes the innermost object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes the innermost array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the key of the value that follows.
  public mutating func key(_ name: some UTF8Text) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  public mutating func string(_ text: some UTF8Text) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    escaping.append(text, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Writes an integer.
  public mutating func integer(_ number: Int) {
    separate()
    bytes.append(raw: "\(number)")
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }
}
