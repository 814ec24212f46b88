import Core

/// How a feed of items one after another is written.
protocol FeedFormat {
  /// What was written and not yet taken.
  var bytes: [UInt8] { get set }
  /// What the whole file must pass.
  var check: FeedCheck { get }
  /// Writes what comes before the items.
  mutating func begin()
  /// Writes an item, or notes in the summary why it cannot be one.
  mutating func write(_ item: FeedItem, _ summary: inout FeedSummary)
  /// Writes what comes after the items.
  mutating func end()
}

/// A feed that is written item by item into a file, in memory that does not grow.
public final class StreamedFeed: FeedWriter {
  private let file: FeedFile
  private let locale: String?
  private var format: any FeedFormat
  private var summary = FeedSummary()

  /// - Parameter locale: the one language whose pages are items; every language's where nil.
  init(path: String, locale: String?, format: any FeedFormat) throws(Diagnostic) {
    file = try FeedFile(path: path, isXML: format.check.isXML)
    self.locale = locale
    self.format = format
    self.format.begin()
  }

  /// Adds an item, or notes why it cannot be part of the feed.
  public func add(_ item: FeedItem) throws {
    if let locale, item.locale != locale {
      summary.passedOver += 1
      return
    }
    format.write(item, &summary)
    if format.bytes.count > 1 << 18 { try file.write(&format.bytes) }
  }

  /// Completes the feed, checks it and makes it visible.
  public func finish() throws -> FeedSummary {
    defer { abandon() }
    format.end()
    try file.write(&format.bytes)
    try file.commit(format.check)
    return summary
  }

  /// Removes what was written.
  public func abandon() { file.abandon() }
}

extension StreamedFeed {
  /// An Atom feed (RFC 4287) of the pages in one language.
  ///
  /// - Parameters:
  ///   - path: where the feed is to appear; its folder exists.
  ///   - url: the feed's own absolute URL.
  ///   - locale: the language of the pages; the site's default where nil.
  /// - Throws: a diagnostic where the file cannot be created.
  public static func atom(path: String, url: String, site: FeedSite, locale: String? = nil) throws -> StreamedFeed {
    let locale = locale ?? site.defaultLocale
    return try StreamedFeed(path: path, locale: locale, format: AtomFormat(site: site, url: url, locale: locale))
  }

  /// An RSS 2.0 feed of the pages in one language.
  ///
  /// - Parameters:
  ///   - path: where the feed is to appear; its folder exists.
  ///   - url: the feed's own absolute URL.
  ///   - locale: the language of the pages; the site's default where nil.
  /// - Throws: a diagnostic where the file cannot be created.
  public static func rss(path: String, url: String, site: FeedSite, locale: String? = nil) throws -> StreamedFeed {
    let locale = locale ?? site.defaultLocale
    return try StreamedFeed(path: path, locale: locale, format: RSSFormat(site: site, url: url, locale: locale))
  }

  /// Shopify's product CSV, one product an item, in one language.
  ///
  /// - Parameters:
  ///   - path: where the file is to appear; its folder exists.
  ///   - locale: the language of the texts; the site's default where nil.
  /// - Throws: a diagnostic where the file cannot be created.
  public static func shopifyCSV(path: String, site: FeedSite, locale: String? = nil) throws -> StreamedFeed {
    try StreamedFeed(path: path, locale: locale ?? site.defaultLocale, format: ShopifyFormat(site: site))
  }

  /// A JSON object a line for a headless CMS: every page with its texts, links and product.
  ///
  /// - Parameters:
  ///   - path: where the file is to appear; its folder exists.
  ///   - locale: the language of the pages; every language's where nil.
  /// - Throws: a diagnostic where the file cannot be created.
  public static func jsonLines(path: String, site: FeedSite, locale: String? = nil) throws -> StreamedFeed {
    try StreamedFeed(path: path, locale: locale, format: JSONLinesFormat(site: site))
  }
}
