import Core
import Markup

/// A Google Merchant product feed: RSS 2.0 with `g:` attributes, by Google's public product data specification.
///
/// A product that the run rendered several times, for profiles or languages, is one item: that of the first page in the
/// feed's language. Memory does not grow: the ids, which must be unique, lie in temporary files once they are many.
public final class MerchantFeed: FeedWriter {
  /// What a feed may choose.
  public struct Options: Sendable {
    /// The language tag of the pages that the feed links to; the site's default locale where nil.
    public var locale: String?
    /// The availability of products that state none; nil leaves such products out.
    public var availability: String?

    /// Options, all with their defaults.
    public init(locale: String? = nil, availability: String? = nil) {
      self.locale = locale
      self.availability = availability
    }
  }

  private let site: FeedSite
  private let locale: String
  private let availability: String?
  private let file: FeedFile
  private var writer = XMLWriter()
  private let ids = KeySet()
  private var summary = FeedSummary()

  /// Begins a feed.
  ///
  /// - Parameter path: where the feed is to appear; its folder exists.
  /// - Throws: a diagnostic where the file cannot be created.
  public init(path: String, site: FeedSite, options: Options = Options()) throws {
    self.site = site
    locale = options.locale ?? site.defaultLocale
    availability = options.availability
    file = try FeedFile(path: path)
    writer.declaration()
    writer.begin("rss")
    writer.attribute("version", "2.0")
    writer.attribute("xmlns:g", "http://base.google.com/ns/1.0")
    writer.begin("channel")
    writer.lineBreak()
    writer.element("title", site.name)
    writer.element("link", Escaping.url.escaped(site.baseURL))
    writer.element("description", site.organisation.isEmpty ? site.name : site.organisation)
    writer.lineBreak()
  }

  /// Adds a product, or notes why it cannot be sold through the feed.
  public func add(_ item: FeedItem) throws {
    guard item.product.exists, item.locale == locale else {
      summary.passedOver += 1
      return
    }
    let id = item.product["id"].line
    guard id.isEmpty || ids.insert(id) else {
      summary.passedOver += 1
      return
    }
    let lost = writer.lost
    do throws(MerchantItem.Refusal) {
      let entry = try MerchantItem(item, site: site, availability: availability)
      write(entry)
      summary.written += 1
      for repair in entry.repairs { summary.repair(repair, example: id) }
    } catch {
      summary.skip(error.reason, example: id.isEmpty ? item.path : id)
      return
    }
    if writer.lost > lost { summary.repair("characters that XML cannot hold left out", example: id) }
    if writer.bytes.count > 1 << 18 { try file.write(&writer.bytes) }
  }

  private func write(_ item: MerchantItem) {
    writer.begin("item")
    for (name, text) in item.attributes { writer.element(name, text) }
    writer.end()
    writer.lineBreak()
  }

  /// Completes the feed, checks it and makes it visible.
  public func finish() throws -> FeedSummary {
    defer { abandon() }
    writer.end()
    writer.end()
    writer.lineBreak()
    try file.write(&writer.bytes)
    try file.commit()
    return summary
  }

  /// Removes what was written.
  public func abandon() { file.abandon() }
}
