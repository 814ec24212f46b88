/// What a sanitised fragment may hold: elements, attributes, schemes of URLs, properties of styles.
public struct SanitisingPolicy: Sendable {
  /// How an attribute's value is checked.
  enum Check: Sendable {
    /// Any text, escaped.
    case text
    /// A link's URL.
    case link
    /// A picture's URL.
    case picture
    /// A whole number, with a percent sign if need be.
    case number
    /// Declarations of CSS.
    case style
    /// One of some words, separated by blanks.
    case words(StaticString)
    /// A colour: a name or a hexadecimal number.
    case color
    /// Only that it is there counts.
    case flag

    var isPicture: Bool { if case .picture = self { true } else { false } }
  }

  /// What is known of an allowed element.
  struct Element: Sendable {
    var attributes: [String: Check] = [:]
    /// Without content or end tag.
    var isVoid = false
    /// Ends an open paragraph.
    var isBlock = false
    /// Elements of which one must hold it; empty where any may.
    var parents: Set<String> = []
    /// Attributes of which one must be left for the element to make sense.
    var needed: String?
  }

  let rules: SanitisingRules
  let linkSchemes: [[UInt8]]
  let pictureSchemes: [[UInt8]]
  let styles: Set<String>

  init(elements: [String: Element], linkSchemes: [String], pictureSchemes: [String], styles: Set<String>) {
    rules = SanitisingRules(elements)
    self.linkSchemes = linkSchemes.map { Array($0.utf8) }
    self.pictureSchemes = pictureSchemes.map { Array($0.utf8) }
    self.styles = styles
  }

  /// For web pages and feeds: text, lists, tables, links, pictures.
  public static let page = SanitisingPolicy(
    elements: SanitisingLists.elements, linkSchemes: ["http", "https", "mailto", "tel"],
    pictureSchemes: ["http", "https"], styles: SanitisingLists.styles)

  /// For e-mails: also the presentational attributes of tables that Outlook reads, and pictures of the message itself.
  public static let email = SanitisingPolicy(
    elements: SanitisingLists.emailElements, linkSchemes: ["http", "https", "mailto", "tel"],
    pictureSchemes: ["http", "https", "cid"], styles: SanitisingLists.styles)

  /// Elements that go with all that they hold.
  static let hidden: Set<String> = [
    "applet", "audio", "base", "button", "canvas", "dialog", "embed", "fencedframe", "form", "frame", "frameset",
    "iframe", "input", "link", "listing", "map", "math", "meta", "meter", "noembed", "noframes", "noscript", "object",
    "option", "optgroup", "param", "plaintext", "portal", "script", "select", "selectedcontent", "slot", "style", "svg",
    "template", "textarea", "title", "video", "xml", "xmp",
  ]
}
