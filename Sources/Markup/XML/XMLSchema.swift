import CLibXML2
public import Core
import Glibc

/// An XML Schema (XSD 1.0) that files are held to, read as a stream, so that a file of any length needs the same memory.
///
/// Meant for schemas of ours and for files that `XMLCheck` has passed. Not thread-safe.
public final class XMLSchema {
  // Made in init and freed in deinit, used by nobody else.
  private let schema: xmlSchemaPtr

  /// Reads a schema that is whole in itself.
  ///
  /// - Throws: a diagnostic where the text is no schema.
  public init(_ text: StaticString, named name: String) throws(Diagnostic) {
    XMLPushParser.prepareLibrary()
    let parser = text.withBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { xmlSchemaNewMemParserCtxt($0.baseAddress, Int32($0.count)) }
    }
    defer { xmlSchemaFreeParserCtxt(parser) }
    let fault = FirstFault()
    xmlSchemaSetParserStructuredErrors(parser, FirstFault.handler, Unmanaged.passUnretained(fault).toOpaque())
    guard let schema = xmlSchemaParse(parser) else {
      throw Diagnostic("invalid schema", fault.detail ?? "'\(name)' cannot be read")
    }
    self.schema = schema
  }

  deinit { xmlSchemaFree(schema) }

  /// Checks a file.
  ///
  /// - Parameters:
  ///   - path: where the file lies.
  ///   - name: how messages call it.
  /// - Throws: a diagnostic with the line of the first fault, or one that says why the file cannot be read.
  public func check(file path: String, named name: String) throws(Diagnostic) {
    guard let input = xmlParserInputBufferCreateFilename(path, XML_CHAR_ENCODING_UTF8) else {
      throw Diagnostic("cannot read file", "'\(name)': \(String(cString: strerror(errno)))")
    }
    let context = xmlSchemaNewValidCtxt(schema)
    defer { xmlSchemaFreeValidCtxt(context) }
    let fault = FirstFault()
    xmlSchemaSetValidStructuredErrors(context, FirstFault.handler, Unmanaged.passUnretained(fault).toOpaque())
    // The validation takes the input over, and closes it.
    let code = xmlSchemaValidateStream(context, input, XML_CHAR_ENCODING_UTF8, nil, nil)
    if code == 0, fault.detail == nil { return }
    throw Diagnostic(
      "invalid xml", fault.detail ?? "'\(name)' does not follow its schema",
      at: SourceLocation(file: name, line: fault.line, column: 0))
  }
}

/// The first thing that libxml2 complains about.
private final class FirstFault {
  private(set) var detail: String?
  private(set) var line = 0

  static let handler: xmlStructuredErrorFunc = { context, error in
    guard let context, let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
    Unmanaged<FirstFault>.fromOpaque(context).takeUnretainedValue().record(error.pointee)
  }

  private func record(_ error: xmlError) {
    if detail != nil { return }
    let message = error.message.map { String(cString: $0) } ?? "unknown fault"
    detail = message.split(separator: "\n").first.map { $0.last == "." ? String($0.dropLast()) : String($0) } ?? ""
    line = Int(error.line)
  }
}
