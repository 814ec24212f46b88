/// The committed lists of the policies.
enum SanitisingLists {
  private typealias Element = SanitisingPolicy.Element
  private typealias Check = SanitisingPolicy.Check

  /// Attributes that every element may have.
  private static let common: [String: Check] = [
    "class": .text, "title": .text, "lang": .text, "dir": .words("ltr rtl auto"), "style": .style,
  ]

  static let elements: [String: SanitisingPolicy.Element] = {
    var list: [String: Element] = [:]
    func allow(_ names: StaticString, _ element: Element = Element()) {
      var element = element
      element.attributes.merge(common) { own, _ in own }
      for name in "\(names)".split(separator: " ") { list[String(name)] = element }
    }
    allow("abbr b bdi bdo cite code dfn em i kbd mark rp rt ruby s samp small span strong sub sup u var")
    allow("address article aside div figure footer h1 h2 h3 h4 h5 h6 header p pre section", Element(isBlock: true))
    allow("br wbr", Element(isVoid: true))
    allow("hr", Element(isVoid: true, isBlock: true))
    allow("a", Element(attributes: ["href": .link, "hreflang": .text], needed: "href"))
    allow(
      "img",
      Element(
        attributes: [
          "src": .picture, "alt": .text, "width": .number, "height": .number, "loading": .words("lazy eager"),
        ], isVoid: true, needed: "src"))
    allow("blockquote", Element(attributes: ["cite": .link], isBlock: true))
    allow("q", Element(attributes: ["cite": .link]))
    allow("del ins", Element(attributes: ["cite": .link, "datetime": .text]))
    allow("time", Element(attributes: ["datetime": .text]))
    allow("ul", Element(isBlock: true))
    allow("ol", Element(attributes: ["start": .number, "reversed": .flag, "type": .words("1 a A i I")], isBlock: true))
    allow("li", Element(attributes: ["value": .number], isBlock: true, parents: ["ul", "ol"]))
    allow("dl", Element(isBlock: true))
    allow("dt dd", Element(isBlock: true, parents: ["dl"]))
    allow("figcaption", Element(isBlock: true, parents: ["figure"]))
    allow("details", Element(attributes: ["open": .flag], isBlock: true))
    allow("summary", Element(isBlock: true, parents: ["details"]))
    allow("table", Element(isBlock: true))
    allow("caption colgroup thead tbody tfoot", Element(parents: ["table"]))
    allow("col", Element(attributes: ["span": .number], isVoid: true, parents: ["colgroup"]))
    allow("tr", Element(parents: ["table", "thead", "tbody", "tfoot"]))
    allow("td", Element(attributes: ["colspan": .number, "rowspan": .number], parents: ["tr"]))
    allow(
      "th",
      Element(
        attributes: ["colspan": .number, "rowspan": .number, "scope": .words("row col rowgroup colgroup")],
        parents: ["tr"]))
    return list
  }()

  static let emailElements: [String: SanitisingPolicy.Element] = {
    var list = elements
    for name in ["details", "summary", "wbr", "ruby", "rt", "rp"] { list[name] = nil }
    let tables: [String: Check] = [
      "align": .words("left center right"), "valign": .words("top middle bottom baseline"), "bgcolor": .color,
      "width": .number, "height": .number,
    ]
    for name in ["table", "tr", "td", "th"] { list[name]?.attributes.merge(tables) { own, _ in own } }
    let spacing: [String: Check] = [
      "border": .number, "cellpadding": .number, "cellspacing": .number, "role": .words("presentation"),
    ]
    list["table"]?.attributes.merge(spacing) { own, _ in own }
    list["img"]?.attributes["border"] = .number
    list["img"]?.attributes["loading"] = nil
    return list
  }()

  /// Properties of CSS that change how a text looks, never where it lies on the page or what it loads.
  static let styles: Set<String> = Set(
    """
    background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse
    border-color border-left border-left-color border-left-style border-left-width border-radius border-right
    border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color
    border-top-style border-top-width border-width caption-side clear color direction display float font font-family
    font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom
    margin-left margin-right margin-top max-height max-width min-height min-width padding padding-bottom padding-left
    padding-right padding-top table-layout text-align text-decoration text-indent text-transform vertical-align
    white-space width word-break word-spacing
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
