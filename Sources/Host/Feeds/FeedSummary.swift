/// What became of a feed's items.
public struct FeedSummary: Sendable, Equatable {
  /// A reason, how often it applied, and to which items first.
  public struct Finding: Sendable, Equatable {
    /// Why, in a few words.
    public let reason: String
    /// How many items.
    public internal(set) var count = 0
    /// The ids or paths of the first items, at most three.
    public internal(set) var examples: [String] = []
  }

  /// Names of the further files that it is made of, which lie beside its own.
  public internal(set) var parts: [String] = []
  /// Items in the feed.
  public internal(set) var written = 0
  /// Items that the feed leaves out by design: other languages, a product that it has already, pages about none.
  public internal(set) var passedOver = 0
  /// Why items are not in the feed, in the order of first occurrence.
  public private(set) var skipped: [Finding] = []
  /// What was mended in items that are, in the order of first occurrence.
  public private(set) var repaired: [Finding] = []

  mutating func skip(_ reason: String, example: String) { Self.note(reason, example, in: &skipped) }

  mutating func repair(_ reason: String, example: String) { Self.note(reason, example, in: &repaired) }

  private static func note(_ reason: String, _ example: String, in findings: inout [Finding]) {
    let index = findings.firstIndex { $0.reason == reason } ?? findings.count
    if index == findings.count { findings.append(Finding(reason: reason)) }
    findings[index].count += 1
    if findings[index].examples.count < 3 { findings[index].examples.append(String(example.prefix(80))) }
  }
}
