import Core
import Markup

/// RSS 2.0, by the RSS Advisory Board's specification (2.0.11), with the content module.
struct RSSFormat: FeedFormat {
  private let site: FeedSite
  private let url: String
  private let locale: String
  private var writer = XMLWriter()

  init(site: FeedSite, url: String, locale: String) {
    self.site = site
    self.url = url
    self.locale = locale
  }

  var bytes: [UInt8] {
    get { writer.bytes }
    set { writer.bytes = newValue }
  }

  var check: FeedCheck { .xml }

  mutating func begin() {
    writer.declaration()
    writer.begin("rss")
    writer.attribute("version", "2.0")
    writer.attribute("xmlns:atom", "http://www.w3.org/2005/Atom")
    writer.attribute("xmlns:content", "http://purl.org/rss/1.0/modules/content/")
    writer.begin("channel")
    writer.lineBreak()
    writer.element("title", site.name.isEmpty ? url : site.name)
    writer.element("link", Escaping.url.escaped(site.baseURL))
    writer.element("description", site.organisation.isEmpty ? site.name : site.organisation)
    writer.element("language", locale)
    writer.element("lastBuildDate", UTCDate(site.runTime).rfc2822)
    writer.begin("atom:link")
    writer.attribute("rel", "self")
    writer.attribute("type", "application/rss+xml")
    writer.attribute("href", Escaping.url.escaped(url))
    writer.end()
    writer.lineBreak()
  }

  mutating func write(_ item: FeedItem, _ summary: inout FeedSummary) {
    guard let entry = PageEntry(item, site: site, &summary) else { return }
    let lost = writer.lost
    writer.begin("item")
    writer.element("title", entry.title)
    writer.element("link", entry.url)
    writer.begin("guid")
    writer.attribute("isPermaLink", "true")
    writer.text(entry.url)
    writer.end()
    writer.element("pubDate", UTCDate(entry.moment).rfc2822)
    // A description is HTML: text is escaped once as that, and once as XML.
    writer.element("description", Escaping.htmlText.escaped(entry.summary.isEmpty ? entry.title : entry.summary))
    for category in item.product["category"].categoryPath { writer.element("category", category) }
    if !item.content.isEmpty { writer.element("content:encoded", cdata: item.content) }
    writer.end()
    writer.lineBreak()
    summary.written += 1
    if writer.lost > lost { summary.repair("characters that XML cannot hold left out", example: entry.example) }
  }

  mutating func end() {
    writer.end()
    writer.end()
    writer.lineBreak()
  }
}
