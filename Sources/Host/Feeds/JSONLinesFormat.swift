import Core
import Markup

/// A JSON object a line, for a headless CMS or a program of one's own.
struct JSONLinesFormat: FeedFormat {
  private let site: FeedSite
  private let slugs = WordPressSlug()
  var bytes: [UInt8] = []

  init(site: FeedSite) { self.site = site }

  var check: FeedCheck { .jsonLines }

  mutating func begin() {}
  mutating func end() {}

  mutating func write(_ item: FeedItem, _ summary: inout FeedSummary) {
    guard let entry = PageEntry(item, site: site, &summary) else { return }
    var json = JSONWriter()
    swap(&json.bytes, &bytes)
    json.beginObject()
    for (name, text) in [
      ("url", entry.url), ("path", item.path),
      ("slug", slugs.take(of: item, defaultLocale: site.defaultLocale)), ("locale", item.locale),
      ("title", entry.title),
      ("summary", entry.summary), ("updated", UTCDate(entry.moment).rfc3339),
    ] {
      json.key(name)
      json.string(text)
    }
    json.key("content")
    json.string(item.content)
    json.key("alternates")
    json.beginObject()
    for alternate in item.alternates {
      json.key(alternate.locale)
      json.string(alternate.url)
    }
    json.endObject()
    json.key("images")
    json.beginArray()
    for image in item.product.imageURLs(base: site.baseURL) { json.string(image) }
    json.endArray()
    if item.product.exists {
      json.key("product")
      json.bytes.appendJSON(item.product)
    }
    json.endObject()
    json.bytes.append(UInt8(ascii: "\n"))
    swap(&json.bytes, &bytes)
    summary.written += 1
  }
}
