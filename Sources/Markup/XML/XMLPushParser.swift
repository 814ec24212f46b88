import CLibXML2
import Core

/// libxml2's push parser without a tree: it reads, and keeps nothing but the first fault.
final class XMLPushParser {
  /// A fault of the text; line and column count from 1.
  struct Fault {
    var kind: String
    var detail: String
    var line: Int
    var column: Int
  }

  private(set) var fault: Fault?
  // Made in init and freed in deinit, used by nobody else.
  private var context: xmlParserCtxtPtr?

  init() {
    Self.prepareLibrary()
    var handlers = xmlSAXHandler()
    handlers.initialized = XML_SAX2_MAGIC
    handlers.internalSubset = { parser, _, _, _ in
      XMLPushParser.at(parser)?.refuseDoctype()
    }
    handlers.cdataBlock = { parser, text, count in
      XMLPushParser.at(parser)?.checkSection(Bytes(start: text, count: Int(count)))
    }
    handlers.serror = { parser, error in
      guard let error else { return }
      XMLPushParser.at(parser)?.record(error.pointee)
    }
    // The parser copies the handlers. It is told of this object without owning it, as it lives no longer.
    context = xmlCreatePushParserCtxt(&handlers, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
    xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
  }

  deinit { xmlFreeParserCtxt(context) }

  /// Reads the next piece; nothing happens after a fault.
  func feed(_ piece: Bytes) {
    guard fault == nil, let start = piece.baseAddress else { return }
    // libxml2 counts in 32 bits.
    var offset = 0
    while offset < piece.count, fault == nil {
      let count = min(piece.count - offset, 1 << 18)
      let code = UnsafeRawPointer(start + offset).withMemoryRebound(to: CChar.self, capacity: count) {
        xmlParseChunk(context, $0, Int32(count), 0)
      }
      noteSilentFault(code)
      offset += count
    }
  }

  /// Says that the text is over.
  func finish() {
    guard fault == nil else { return }
    noteSilentFault(xmlParseChunk(context, nil, 0, 1))
  }

  private func noteSilentFault(_ code: Int32) {
    guard fault == nil, code != 0 || context?.pointee.nsWellFormed == 0 else { return }
    fault = Fault(kind: "malformed xml", detail: "libxml2 refused it with code \(code)", line: 0, column: 0)
  }

  private func refuseDoctype() { stop("unsafe xml", "a DOCTYPE is not allowed") }

  /// Refuses overlong sequences in a CDATA section, which libxml2 takes for the characters that they spell.
  private func checkSection(_ text: Bytes) {
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        index += 1
        continue
      }
      let (value, length) = text.codePoint(at: index)
      if value == nil { return stop("malformed xml", "a CDATA section holds bytes that are not UTF-8") }
      index += length
    }
  }

  private func stop(_ kind: String, _ detail: String) {
    let input = context?.pointee.input
    let (line, column) = (Int(input?.pointee.line ?? 0), Int(input?.pointee.col ?? 0))
    fault = fault ?? Fault(kind: kind, detail: detail, line: line, column: column)
    xmlStopParser(context)
  }

  private func record(_ error: xmlError) {
    // libxml2 calls an unbound namespace prefix a mere error, and goes on; a warning is about what is allowed.
    guard fault == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
    let message = error.message.map { String(cString: $0) } ?? "unknown fault"
    // The house style of messages: one line, no capital at the start.
    var detail = message.split(separator: "\n").first.map(String.init) ?? ""
    let second = detail.dropFirst().unicodeScalars.first
    if let first = detail.first, second?.properties.isUppercase != true {
      detail = first.lowercased() + detail.dropFirst()
    }
    fault = Fault(kind: "malformed xml", detail: detail, line: Int(error.line), column: Int(error.int2))
  }

  private static func at(_ parser: UnsafeMutableRawPointer?) -> XMLPushParser? {
    parser.map { Unmanaged<XMLPushParser>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Prepares libxml2 once, before any thread parses: nothing outside a text is ever loaded.
  static func prepareLibrary() { library }

  private static let library: Void = {
    xmlInitParser()
    xmlSetExternalEntityLoader { _, _, _ in nil }
  }()
}
