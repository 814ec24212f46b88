/// What elements of HTML need no end tag, and which close others.
///
/// Source: HTML Standard, sections 13.1.2 and 13.1.2.4.
enum HTMLNames {
  static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]
  /// Their content is text alone.
  static let raw: Set<String> = ["script", "style", "textarea", "title"]
  static let optional: Set<String> = [
    "html", "head", "body", "li", "dt", "dd", "p", "rt", "rp", "optgroup", "option", "colgroup", "caption", "thead",
    "tbody", "tfoot", "tr", "td", "th",
  ]
  private static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre",
    "search", "section", "table", "ul",
  ]

  /// Whether an element that begins ends another that is open.
  static func closes(_ name: String, _ open: String) -> Bool {
    switch open {
    case "p": blocks.contains(name)
    case "li": name == "li"
    case "dt", "dd": name == "dt" || name == "dd"
    case "option": name == "option" || name == "optgroup"
    case "optgroup": name == "optgroup"
    case "tr": name == "tr" || name == "tbody" || name == "tfoot"
    case "td", "th": ["td", "th", "tr", "tbody", "tfoot"].contains(name)
    case "thead", "tbody": name == "tbody" || name == "tfoot"
    case "colgroup", "caption": ["colgroup", "thead", "tbody", "tfoot", "tr"].contains(name)
    case "head": name == "body"
    default: false
    }
  }
}
