/// A message for people: what is wrong, where, and how to mend it.
///
/// Rendered as `kind: detail (in FILE:LINE:COLUMN)`, then the line with a caret, then `help:`. Kind, detail and help
/// are lower case without a full stop; names stand in single quotes; the found and the expected value are both named.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable {
    case error, warning
  }

  /// How bad it is.
  public var severity: Severity
  /// What sort of fault: "unknown filter".
  public var kind: String
  /// The fault itself.
  public var detail: String
  /// Where.
  public var location: SourceLocation?
  /// The source line that the location names, without its line break.
  public var excerpt: String?
  /// How to mend it.
  public var help: String?

  /// A message; `severity` is error unless said otherwise.
  public init(
    _ kind: String, _ detail: String, at location: SourceLocation? = nil, excerpt: String? = nil, help: String? = nil,
    severity: Severity = .error
  ) {
    self.severity = severity
    self.kind = kind
    self.detail = detail
    self.location = location
    self.excerpt = excerpt
    self.help = help
  }

  /// The whole message, without a final line break.
  public var description: String {
    var text = "\(kind): \(detail)"
    if let location { text += " (in \(location))" }
    if let location, let excerpt, location.line > 0 {
      let label = "\(location.line)"
      let margin = String(repeating: " ", count: label.count)
      let (shown, caret) = Self.window(of: excerpt, column: location.column)
      text += "\n  \(label) | \(shown)"
      if location.column > 0 {
        text += "\n  \(margin) | \(caret)^"
        if let help { return text + " help: \(help)" }
      }
    }
    if let help { text += "\n  help: \(help)" }
    return text
  }

  /// At most 100 code points of a line around a column, and the blanks that bring a caret under it.
  private static func window(of line: String, column: Int) -> (shown: String, caret: String) {
    let scalars = Array(line.unicodeScalars)
    let place = max(0, min(column - 1, scalars.count))
    let first = scalars.count <= 100 ? 0 : max(0, place - 60)
    let last = min(scalars.count, first + 100)
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: scalars[first..<last].map { $0.value < 0x20 ? " " : $0 })
    let caret = scalars[first..<place].map { $0.isWide ? "  " : " " }.joined()
    return (String(shown), caret)
  }
}

extension Unicode.Scalar {
  /// Whether a terminal draws the character two columns wide (the common ranges of UAX #11).
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
