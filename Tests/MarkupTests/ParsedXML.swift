import CLibXML2
import Glibc

/// A small XML document, parsed by libxml2 as a reader of our files would.
struct ParsedXML {
  let text: String
  let attribute: String

  /// Reads the root's text and its attribute `a`; nil where the bytes are not well-formed.
  init?(_ bytes: [UInt8]) {
    let document = bytes.withUnsafeBytes {
      xmlReadMemory(
        $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, nil,
        Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue))
    }
    guard let document else { return nil }
    defer { xmlFreeDoc(document) }
    let root = xmlDocGetRootElement(document)
    text = Self.take(xmlNodeGetContent(root))
    attribute = Self.take(xmlGetProp(root, "a"))
  }

  private static func take(_ text: UnsafeMutablePointer<xmlChar>?) -> String {
    guard let text else { return "" }
    // libxml2 allocates with malloc, unless a program asks for something else.
    defer { free(text) }
    return String(cString: text)
  }
}
