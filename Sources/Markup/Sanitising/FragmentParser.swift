import CLibXML2

/// Reads a fragment with libxml2's HTML parser, without a tree, and tells a writer what comes.
enum FragmentParser {
  /// - Parameter text: UTF-8 as `FragmentText` leaves it.
  static func parse(_ text: [UInt8], into writer: FragmentWriter) {
    XMLPushParser.prepareLibrary()
    guard let context = htmlNewParserCtxt() else { return }
    defer { htmlFreeParserCtxt(context) }
    var handlers = htmlSAXHandler()
    handlers.startElement = { context, name, attributes in
      guard let writer = FragmentParser.writer(of: context), let name else { return }
      if !writer.begin(name, attributes) { FragmentParser.stop(writer) }
    }
    handlers.endElement = { context, _ in FragmentParser.writer(of: context)?.end() }
    handlers.characters = { context, text, count in
      FragmentParser.writer(of: context)?.text(Bytes(start: text, count: Int(count)))
    }
    handlers.ignorableWhitespace = handlers.characters
    context.pointee.sax.pointee = handlers
    // The writer outlives the context, and nobody else uses it meanwhile.
    context.pointee.userData = Unmanaged.passUnretained(writer).toOpaque()
    writer.parser = context
    defer { writer.parser = nil }
    // The encoding is given, so that no <meta> of the fragment can choose another; nothing is implied around it.
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NODEFDTD.rawValue | HTML_PARSE_NOERROR.rawValue
      | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOIMPLIED.rawValue
      | HTML_PARSE_IGNORE_ENC.rawValue
    text.withUnsafeBytes { bytes in
      let start = bytes.bindMemory(to: CChar.self).baseAddress
      xmlFreeDoc(htmlCtxtReadMemory(context, start, Int32(bytes.count), nil, "UTF-8", Int32(options)))
    }
  }

  private static func writer(of context: UnsafeMutableRawPointer?) -> FragmentWriter? {
    context.map { Unmanaged<FragmentWriter>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func stop(_ writer: FragmentWriter) { xmlStopParser(writer.parser) }
}
