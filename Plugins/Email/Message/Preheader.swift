import Markup

/// The words that a mail program shows behind the subject: a hidden line at the start of the body.
enum Preheader {
  /// Puts a line behind the body's start tag; nothing where the text is empty or there is no body.
  ///
  /// Invisible characters after the words keep the program from showing what comes next.
  static func insert(_ text: String, into html: [UInt8]) -> [UInt8] {
    if text.isEmpty { return html }
    let place = html.withBytes { bytes in
      var scanner = HTMLScanner(bytes)
      while let piece = scanner.next() {
        if piece.kind == .startTag, bytes.equalsIgnoringCase(piece.name, "body") { return piece.range.upperBound }
      }
      return 0
    }
    if place == 0 { return html }
    var line: [UInt8] = []
    line.append(
      raw:
        #"<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">"#
    )
    Escaping.htmlText.append(text, to: &line)
    for _ in 0..<max(0, 90 - text.count) { line.append(raw: "&#847;&zwnj;&nbsp;" as StaticString) }
    line.append(raw: "</div>" as StaticString)
    return Array(html[..<place]) + line + Array(html[place...])
  }
}
