public import Markup

/// What a message may use so that Outlook on Windows, which lays messages out as Word does, shows it as it is meant.
///
/// The lists are ours, from Microsoft's "Word 2007 HTML and CSS rendering capabilities in Outlook 2007", which later
/// versions follow. Style elements are free to hold more, within `@media` rules, as long as the layout does without.
public enum OutlookSupport {
  /// Properties of `style` attributes.
  public static let properties: Set<String> = words(
    """
    background background-color border border-bottom border-collapse border-color border-left border-radius border-right
    border-spacing border-style border-top border-width color direction display font font-family font-size font-style
    font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left
    margin-right margin-top max-height max-width min-width mso-hide mso-line-height-rule mso-padding-alt mso-table-lspace
    mso-table-rspace opacity overflow padding padding-bottom padding-left padding-right padding-top table-layout text-align
    text-decoration text-indent text-transform vertical-align white-space width word-break -webkit-text-size-adjust
    -ms-text-size-adjust
    """)

  /// Elements of a message's body.
  public static let elements: Set<String> = words(
    """
    a b blockquote body br center code div em font h1 h2 h3 h4 h5 h6 head hr html i img li meta o:OfficeDocumentSettings
    ol p small span strong style sub sup table tbody td th thead title tr u ul v:roundrect w:anchorlock del s link
    """)

  private static let displays: Set<String> = ["block", "inline", "inline-block", "none"]

  /// What a message uses beyond the lists; empty for one that is fine.
  public static func problems(in html: Bytes) -> [String] {
    var problems: [String] = []
    var scanner = HTMLScanner(html)
    while let piece = scanner.next() {
      let text = String(decoding: html[piece.range], as: UTF8.self)
      switch piece.kind {
      case .startTag:
        let name = String(decoding: html[piece.name], as: UTF8.self)
        if !elements.contains(name) { problems.append("element '\(name)'") }
        problems += styles(of: piece, html, scanner)
      case .rawText:
        for layout in ["flex", "grid", "position", "float", "url("] where text.contains(layout) {
          problems.append("'\(layout)' in a style element")
        }
      default: break
      }
    }
    return problems
  }

  private static func styles(of piece: HTMLScanner.Piece, _ html: Bytes, _ scanner: HTMLScanner) -> [String] {
    var problems: [String] = []
    var place = piece.name.upperBound
    while let attribute = scanner.attribute(after: place, before: piece.range.upperBound) {
      place = attribute.range.upperBound
      guard html.equalsIgnoringCase(attribute.name, "style") else { continue }
      for declaration in CharacterReferences.decoded(html[attribute.value]).withBytes({ Declaration.list($0) }) {
        let name = String(decoding: declaration.name, as: UTF8.self)
        let value = String(decoding: declaration.value, as: UTF8.self)
        if !properties.contains(name) { problems.append("property '\(name)'") }
        if name == "display", !displays.contains(value) { problems.append("display '\(value)'") }
        for function in ["var(", "calc(", "url(", "clamp(", "min(", "max("] where value.contains(function) {
          problems.append("'\(function)' in '\(name)'")
        }
      }
    }
    return problems
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
  }
}
