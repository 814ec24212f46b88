/// What the language offers, with examples that are run as tests.
public enum LiquidReference {
  /// One tag or filter.
  public struct Entry: Sendable {
    /// Its name in templates.
    public let name: String
    /// What it does, in one sentence.
    public let summary: String
    /// A template that uses it.
    public let example: String
    /// What the example prints, for the locale "en" and the currency "USD".
    public let output: String
    /// Whether it is Bespoke's own, and not Shopify's.
    public let isOwn: Bool

    init(_ name: String, _ summary: String, _ example: String, _ output: String, isOwn: Bool = false) {
      self.name = name
      self.summary = summary
      self.example = example
      self.output = output
      self.isOwn = isOwn
    }
  }

  /// The filters' names, as the parser knows them.
  public static var filterNames: [String] { Filter.names(in: .bespoke) }

  /// The tags' names, as the parser knows them.
  public static var tagNames: [String] { Tag.names(in: .bespoke) }

  /// The reference as Markdown.
  public static func markdown() -> String {
    var text = "# Tags and filters\n\nMade from the code by `make record`; every example is run as a test. "
    text += "The guide is [templates.md](templates.md).\n\n"
    for (title, entries) in [("Tags", tags), ("Filters", filters)] {
      text += "## \(title)\n\n"
      for entry in entries {
        text += "### \(entry.name)\n\n\(entry.summary)\(entry.isOwn ? " Bespoke's own." : "")\n\n"
        let output = entry.output.last == "\n" ? String(entry.output.dropLast()) : entry.output
        text += "```liquid\n\(entry.example)\n```\n\n```\n\(output)\n```\n\n"
      }
    }
    text.removeLast()
    return text
  }
}
