/// Which requests of a web server's log are events, by patterns of their paths.
///
/// A pattern is a path with names in braces: `/product/{product}`, `/search?q={query}`.
public struct LogPaths: Sendable {
  struct Pattern: Sendable {
    let kind: EventKind
    /// Parts of the path; one in braces is the name of a field.
    let parts: [Part]
    /// Parameters of the query string that must be there, and the field that each fills.
    let parameters: [(name: [UInt8], field: EventField)]
  }

  enum Part: Sendable {
    case text([UInt8])
    case field(EventField)
    case any
  }

  let patterns: [Pattern]
  /// The parameter of the query string that says who asked; without it, the address and the agent do.
  let userParameter: [UInt8]?

  /// Patterns in the order in which they are tried.
  public init(_ patterns: [(kind: EventKind, path: String)], userParameter: String? = nil) {
    self.patterns = patterns.map { kind, path in
      let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = halves[0].split(separator: "/").map { part -> Part in
        if part == "*" { return .any }
        return Self.field(part).map { .field($0) } ?? .text(Array(part.utf8))
      }
      let parameters = (halves.count > 1 ? halves[1] : "").split(separator: "&").compactMap { pair in
        let sides = pair.split(separator: "=", maxSplits: 1)
        return sides.count == 2 ? Self.field(sides[1]).map { (name: Array(sides[0].utf8), field: $0) } : nil
      }
      return Pattern(kind: kind, parts: parts, parameters: parameters)
    }
    self.userParameter = userParameter.map { Array($0.utf8) }
  }

  /// What many shops use.
  public static let usual = LogPaths([
    (.search, "/search?q={query}"), (.addToCart, "/cart/add/{product}"), (.view, "/product/{product}"),
    (.view, "/products/{product}"), (.view, "/p/{product}"),
  ])

  private static func field(_ text: Substring) -> EventField? {
    guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
    return EventField(name: String(text.dropFirst().dropLast()))
  }
}
