import CLibXML2

/// Reads a fragment with libxml2's HTML parser, without a tree, and tells a writer what comes.
enum FragmentParser {
  /// - Parameter text: UTF-8 as `FragmentText` leaves it.
  static func parse(_ text: [UInt8], into writer: inout FragmentWriter) {
    XMLPushParser.prepareLibrary()
    guard let context = htmlNewParserCtxt() else { return }
    defer { htmlFreeParserCtxt(context) }
    var handlers = htmlSAXHandler()
    handlers.startElement = { writer, name, attributes in
      guard let writer = FragmentParser.writer(writer), let name else { return }
      if !writer.pointee.begin(name, attributes) { xmlStopParser(writer.pointee.parser) }
    }
    handlers.endElement = { writer, _ in FragmentParser.writer(writer)?.pointee.end() }
    handlers.characters = { writer, text, count in
      FragmentParser.writer(writer)?.pointee.text(Bytes(start: text, count: Int(count)))
    }
    handlers.ignorableWhitespace = handlers.characters
    context.pointee.sax.pointee = handlers
    writer.parser = context
    defer { writer.parser = nil }
    // The encoding is given, so that no <meta> of the fragment can choose another; nothing is implied around it.
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NODEFDTD.rawValue | HTML_PARSE_NOERROR.rawValue
      | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOIMPLIED.rawValue
      | HTML_PARSE_IGNORE_ENC.rawValue
    withUnsafeMutablePointer(to: &writer) { writer in
      // The pointer is valid until the parser has read everything, and nobody else uses the writer meanwhile.
      context.pointee.userData = UnsafeMutableRawPointer(writer)
      text.withUnsafeBytes { bytes in
        let start = bytes.bindMemory(to: CChar.self).baseAddress
        xmlFreeDoc(htmlCtxtReadMemory(context, start, Int32(bytes.count), nil, "UTF-8", Int32(options)))
      }
    }
  }

  private static func writer(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<FragmentWriter>? {
    context?.assumingMemoryBound(to: FragmentWriter.self)
  }
}
