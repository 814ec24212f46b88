import Core
import Glibc
import Markup

/// What a feed's file must pass before it becomes visible.
enum FeedCheck {
  /// Well-formed XML.
  case xml
  /// XML that follows the sitemap protocol.
  case sitemap
  /// A JSON object a line.
  case jsonLines
  /// Records of CSV (RFC 4180), all of them with so many fields.
  case csv(fields: Int)

  /// Whether the file is to be XML.
  var isXML: Bool {
    switch self {
    case .xml, .sitemap: true
    case .jsonLines, .csv: false
    }
  }

  /// - Parameter isWellFormed: whether the file's text is known to be well-formed XML.
  /// - Throws: a diagnostic that names the first fault with its line.
  func file(at path: String, named name: String, isWellFormed: Bool = false) throws {
    switch self {
    case .xml: if !isWellFormed { try XMLCheck.file(at: path, named: name) }
    case .sitemap:
      if !isWellFormed { try XMLCheck.file(at: path, named: name) }
      try XMLSchema(SitemapSchema.text, named: "sitemap protocol").check(file: path, named: name)
    case .jsonLines:
      try eachLine(of: path, named: name) { line, number in
        let document: Document
        do { document = try Document(json: String(decoding: line, as: UTF8.self)) } catch {
          throw Diagnostic("malformed json", "\(error)", at: SourceLocation(file: name, line: number, column: 0))
        }
        guard withExtendedLifetime(document, { document.root.kind == .object }) else {
          throw Diagnostic("malformed json", "not an object", at: SourceLocation(file: name, line: number, column: 0))
        }
      }
    case .csv(let fields):
      var records = RecordCounter(fields: fields)
      try eachLine(of: path, named: name) { line, number in
        if let fault = records.feed(line) {
          throw Diagnostic("malformed csv", fault, at: SourceLocation(file: name, line: number, column: 0))
        }
      }
      if records.isOpen { throw Diagnostic("malformed csv", "'\(name)' ends within quotes") }
    }
  }
}

/// Counts the fields of CSV records, which quotes may spread over several lines.
private struct RecordCounter {
  let fields: Int
  private(set) var isOpen = false
  private var found = 1

  init(fields: Int) { self.fields = fields }

  /// Takes a line without its end; answers what is wrong with a record that ends in it.
  mutating func feed(_ line: [UInt8]) -> String? {
    for byte in line {
      if byte == UInt8(ascii: "\"") { isOpen.toggle() } else if byte == UInt8(ascii: ","), !isOpen { found += 1 }
    }
    if isOpen { return nil }
    defer { found = 1 }
    return found == fields ? nil : "expected \(fields) fields, found \(found)"
  }
}

/// Hands over the lines of a file one by one, without their ends, with their numbers from 1.
///
/// - Throws: a diagnostic where the file cannot be read, and what `body` throws.
func eachLine(of path: String, named name: String, _ body: ([UInt8], Int) throws -> Void) throws {
  guard let file = fopen(path, "r") else {
    let kind = errno == ENOENT ? "missing file" : "cannot read file"
    throw Diagnostic(kind, "'\(name)': \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  // getline grows this memory as it needs to.
  var line: UnsafeMutablePointer<CChar>?
  var room = 0
  defer { free(line) }
  var number = 0
  while true {
    let count = getline(&line, &room, file)
    guard count > 0, let line else { return }
    number += 1
    let end = line[count - 1] == 10 ? count - 1 : count
    try body(UnsafeBufferPointer(start: line, count: end).map { UInt8(bitPattern: $0) }, number)
  }
}
