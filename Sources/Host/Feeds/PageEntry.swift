import Core
import Markup

/// What a feed of pages tells of one.
struct PageEntry {
  /// Absolute.
  let url: String
  /// Plain text.
  let title: String
  /// Plain text; may be empty.
  let summary: String
  /// When the product last changed, in seconds since 1970; the run's time where it is not told.
  let moment: Int64
  /// What names the item in a report.
  let example: String

  /// Notes in the summary of a feed what was mended, or why the page cannot be an entry.
  init?(_ item: FeedItem, site: FeedSite, needsTitle: Bool = true, _ report: inout FeedSummary) {
    let id = item.product["id"].line
    example = id.isEmpty ? item.path : id
    guard let url = item.url.withBytes({ WebAddress.resolve($0, base: site.baseURL) }) else {
      report.skip("page without a URL", example: example)
      return nil
    }
    self.url = url
    var title = item.title.onOneLine
    if title.isEmpty { title = item.product["name"].plainLine }
    if title.isEmpty, needsTitle {
      title = item.path.onOneLine
      report.repair("no title: path used", example: example)
    }
    self.title = title
    var words = item.product["tagline"].plainLine
    if words.isEmpty { words = item.product["description"].plainLine }
    summary = words.cut(to: 300)
    moment = min(item.product["updated_at"].string.flatMap(secondsSince1970) ?? site.runTime, site.runTime)
  }
}
