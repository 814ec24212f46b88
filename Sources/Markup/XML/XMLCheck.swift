public import Core
import Glibc

/// Whether XML is well-formed, namespaces included; read in small pieces, so that a file of any length needs the same
/// memory.
///
/// Nothing outside the text is ever read: a DOCTYPE is refused before its content is looked at, no entity is defined or
/// expanded beyond the five of XML, no network is used, and libxml2's limits stay on (10 MB for an attribute or a CDATA
/// section). Safe on several threads at once.
public enum XMLCheck {
  /// Checks a file.
  ///
  /// - Parameters:
  ///   - path: where the file lies.
  ///   - name: how messages call it.
  /// - Throws: a diagnostic with line, column and excerpt of the first fault, or one that says why it cannot be read.
  public static func file(at path: String, named name: String) throws(Diagnostic) {
    let parser = XMLPushParser()
    try readFile(at: path, named: name) { piece in
      parser.feed(piece)
      return parser.fault == nil
    }
    parser.finish()
    guard let fault = parser.fault else { return }
    var line = LineFinder(number: fault.line)
    try readFile(at: path, named: name) { line.feed($0) }
    throw diagnostic(fault, in: name, excerpt: line.found)
  }

  /// Checks a text in memory.
  ///
  /// - Throws: a diagnostic with line, column and excerpt of the first fault.
  public static func text(_ text: some UTF8Text, named name: String) throws(Diagnostic) {
    let parser = XMLPushParser()
    text.withBytes { parser.feed($0) }
    parser.finish()
    guard let fault = parser.fault else { return }
    var line = LineFinder(number: fault.line)
    text.withBytes { _ = line.feed($0) }
    throw diagnostic(fault, in: name, excerpt: line.found)
  }

  private static func diagnostic(_ fault: XMLPushParser.Fault, in name: String, excerpt: String?) -> Diagnostic {
    Diagnostic(
      fault.kind, fault.detail, at: SourceLocation(file: name, line: fault.line, column: fault.column),
      excerpt: excerpt)
  }

  /// Hands a file over in pieces until `body` has seen enough.
  private static func readFile(at path: String, named name: String, _ body: (Bytes) -> Bool) throws(Diagnostic) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(name) }
    defer { close(file) }
    let size = 1 << 18
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    defer { piece.deallocate() }
    while true {
      let count = read(file, piece, size)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name) }
      if count == 0 || !body(Bytes(start: piece, count: count)) { return }
    }
  }

  private static func unreadable(_ name: String) -> Diagnostic {
    Diagnostic("cannot read file", "'\(name)': \(String(cString: strerror(errno)))")
  }
}

/// Picks one line out of a text that comes in pieces; of a long line its first 64 KiB.
private struct LineFinder {
  private var toSkip: Int
  private var line: [UInt8] = []

  init(number: Int) { toSkip = number - 1 }

  /// Takes a piece; tells whether more is needed.
  mutating func feed(_ piece: Bytes) -> Bool {
    for byte in piece {
      if byte == UInt8(ascii: "\n") {
        if toSkip == 0 { return false }
        toSkip -= 1
      } else if toSkip == 0 {
        if line.count == 1 << 16 { return false }
        line.append(byte)
      }
    }
    return toSkip >= 0
  }

  var found: String? { line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
}
