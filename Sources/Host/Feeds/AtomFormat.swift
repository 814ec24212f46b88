import Core
import Markup

/// Atom, by RFC 4287.
struct AtomFormat: FeedFormat {
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
    writer.begin("feed")
    writer.attribute("xmlns", "http://www.w3.org/2005/Atom")
    writer.attribute("xml:lang", locale)
    writer.lineBreak()
    let own = Escaping.url.escaped(url)
    writer.element("id", own)
    writer.element("title", site.name.isEmpty ? url : site.name)
    writer.element("updated", UTCDate(site.runTime).rfc3339)
    link(own, "self", "application/atom+xml")
    link(Escaping.url.escaped(site.baseURL), "alternate", "text/html")
    writer.begin("author")
    writer.element("name", site.organisation.isEmpty ? site.name : site.organisation)
    writer.end()
    writer.lineBreak()
  }

  mutating func write(_ item: FeedItem, _ summary: inout FeedSummary) {
    guard let entry = PageEntry(item, site: site, &summary) else { return }
    let lost = writer.lost
    writer.begin("entry")
    writer.element("id", entry.url)
    writer.element("title", entry.title)
    link(Array(entry.url.utf8), "alternate", "text/html")
    writer.element("updated", UTCDate(entry.moment).rfc3339)
    if !entry.summary.isEmpty { writer.element("summary", entry.summary) }
    if !item.content.isEmpty {
      writer.begin("content")
      writer.attribute("type", "html")
      writer.attribute("xml:base", entry.url)
      writer.text(item.content)
      writer.end()
    }
    for category in item.product["category"].categoryPath {
      writer.begin("category")
      writer.attribute("term", category)
      writer.end()
    }
    writer.end()
    writer.lineBreak()
    summary.written += 1
    if writer.lost > lost { summary.repair("characters that XML cannot hold left out", example: entry.example) }
  }

  mutating func end() {
    writer.end()
    writer.lineBreak()
  }

  private mutating func link(_ url: [UInt8], _ relation: StaticString, _ type: StaticString) {
    writer.begin("link")
    writer.attribute("rel", relation)
    writer.attribute("type", type)
    writer.attribute("href", url)
    writer.end()
  }
}
