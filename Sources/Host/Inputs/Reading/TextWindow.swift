import Core

/// The part of an input's text that is being looked at, as UTF-8 or Windows-1252 bytes.
///
/// Offsets count from the first byte that is not consumed yet.
final class TextWindow {
  let source: ByteSource
  let encoding: TextEncoding
  /// Whether the encoding was guessed from the bytes rather than stated.
  let encodingIsGuess: Bool

  private var text = ByteBuffer(capacity: blockSize)
  private var consumed = 0
  private var raw = ByteBuffer(capacity: 4096)
  private var utf16: UTF16Decoder?
  private(set) var atEnd = false

  private static let blockSize = 1 << 18

  init(source: ByteSource, encoding stated: TextEncoding?) throws {
    self.source = source
    while raw.count < 4096, try source.read(into: &raw, atMost: 4096 - raw.count) > 0 {}
    let head = raw.view
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw Diagnostic("unreadable input", "'\(source.name)' is UTF-32, expected UTF-8, UTF-16 or Windows-1252")
    }
    let guess = TextEncoding.guess(from: head)
    encoding = stated ?? guess.encoding
    encodingIsGuess = stated == nil
    raw.removeFirst(stated == nil || stated == guess.encoding ? guess.markLength : 0)
    if encoding == .utf16LittleEndian || encoding == .utf16BigEndian {
      utf16 = UTF16Decoder(bigEndian: encoding == .utf16BigEndian)
      utf16?.decode(raw.view, into: &text)
    } else {
      text.append(raw.view)
    }
    raw.removeAll()
  }

  /// The bytes read and not consumed, borrowed until `more` or `consume`.
  var view: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: text.view[consumed...]) }

  /// Gives up the first bytes.
  func consume(_ length: Int) { consumed += length }

  /// Reads on; false at the end of the input.
  func more() throws -> Bool {
    if atEnd { return false }
    text.removeFirst(consumed)
    consumed = 0
    if utf16 != nil {
      raw.removeAll()
      atEnd = try source.read(into: &raw, atMost: Self.blockSize) == 0
      utf16?.decode(raw.view, into: &text)
      if atEnd { utf16?.finish(into: &text) }
    } else {
      atEnd = try source.read(into: &text, atMost: Self.blockSize) == 0
    }
    return !atEnd || !view.isEmpty && utf16 != nil
  }
}
