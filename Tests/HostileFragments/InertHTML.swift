import CLibXML2
import Glibc

/// What a fragment would do in a reader's browser, as far as its markup tells: read by libxml2 into a tree, and its tags
/// counted by hand.
public struct InertHTML {
  /// Everything that could run, load a program or cover the page; empty for a harmless fragment.
  public private(set) var offences: [String] = []
  /// The words that a reader sees.
  public private(set) var text = ""

  /// Reads a fragment.
  public init(_ html: [UInt8]) {
    checkTags(html)
    let document = html.withUnsafeBytes {
      htmlReadMemory(
        $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, "UTF-8",
        Int32(HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue))
    }
    defer { xmlFreeDoc(document) }
    guard let root = xmlDocGetRootElement(document) else { return }
    visit(UnsafeMutableRawPointer(root).assumingMemoryBound(to: xmlNode.self))
    if let content = xmlNodeGetContent(root) {
      text = String(cString: content)
      free(content)
    }
  }

  private static let harmless: Set<String> = Set(
    """
    a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
    figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small
    span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

  private static let attributes: Set<String> = [
    "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "cite", "class", "colspan", "datetime", "dir",
    "height", "href", "hreflang", "lang", "loading", "open", "reversed", "role", "rowspan", "scope", "span", "src",
    "start", "style", "title", "type", "valign", "value", "width",
  ]

  /// Every `<` begins a tag of a known element, and every tag that is opened is closed in its turn.
  private mutating func checkTags(_ html: [UInt8]) {
    // Browsers read code points: a combining accent behind a '>' is no part of it.
    let text = String(decoding: html, as: UTF8.self).unicodeScalars
    var open: [String] = []
    for piece in text.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      let isEnd = piece.first == "/"
      let name = String(
        piece.dropFirst(isEnd ? 1 : 0).prefix { $0.isASCII && $0.properties.isAlphabetic || 48...57 ~= $0.value })
      guard Self.harmless.contains(name), piece.contains(">") else {
        offences.append("tag <\(String(piece.prefix(20)))")
        continue
      }
      if isEnd {
        if open.popLast() != name { offences.append("end of \(name) out of turn") }
      } else if !["br", "col", "hr", "img", "wbr"].contains(name) {
        open.append(name)
      }
    }
    if !open.isEmpty { offences.append("\(open) never closed") }
  }

  private mutating func visit(_ node: xmlNodePtr) {
    var next: xmlNodePtr? = node
    while let current = next {
      if current.pointee.type == XML_ELEMENT_NODE {
        let name = String(cString: current.pointee.name)
        // The parser puts the first two around a fragment.
        if name != "html", name != "body", !Self.harmless.contains(name) { offences.append("element \(name)") }
        var attribute = current.pointee.properties
        while let found = attribute {
          check(String(cString: found.pointee.name), value(of: found), on: name)
          attribute = found.pointee.next
        }
      } else if current.pointee.type != XML_TEXT_NODE {
        offences.append("node of type \(current.pointee.type.rawValue)")
      }
      if let child = current.pointee.children { visit(child) }
      next = current.pointee.next
    }
  }

  private func value(of attribute: xmlAttrPtr) -> String {
    guard let text = xmlNodeListGetString(attribute.pointee.doc, attribute.pointee.children, 1) else { return "" }
    defer { free(text) }
    return String(cString: text)
  }

  private mutating func check(_ attribute: String, _ value: String, on element: String) {
    if !Self.attributes.contains(attribute) { offences.append("attribute \(attribute)") }
    let squeezed = String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value > 0x20 })).lowercased()
    switch attribute {
    case "href", "src", "cite":
      let scheme = squeezed.prefix { !":/?#".contains($0) }
      let hasScheme = squeezed.dropFirst(scheme.count).first == ":"
      if hasScheme, !["http", "https", "mailto", "tel", "cid"].contains(scheme) { offences.append("url \(value)") }
    case "style":
      for word in ["url(", "expression(", "\\", "/*", "<", "var(", "@", "{"] where squeezed.contains(word) {
        offences.append("style \(value)")
      }
      for declaration in squeezed.split(separator: ";") {
        let property = declaration.prefix { $0 != ":" }
        for word in ["position", "behavior", "binding"] where property.contains(word) {
          offences.append("style \(value)")
        }
      }
    default: break
    }
  }
}
