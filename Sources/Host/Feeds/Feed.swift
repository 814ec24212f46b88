public import Core

/// What a feed is told of one asset.
public struct FeedItem {
  /// The canonical product; missing where the asset is about none.
  public let product: Value
  /// The absolute URL of the page.
  public let url: String
  /// The path of the asset within the run's output.
  public let path: String
  /// The page's language tag.
  public let locale: String
  /// The page's title, plain text.
  public let title: String
  /// The HTML fragment for a CMS; lent for the length of the call.
  public let content: UnsafeBufferPointer<UInt8>
  /// The page in every language, its own included.
  public let alternates: [(locale: String, url: String)]

  /// One asset.
  public init(
    product: Value, url: String, path: String, locale: String, title: String, content: UnsafeBufferPointer<UInt8>,
    alternates: [(locale: String, url: String)] = []
  ) {
    self.product = product
    self.url = url
    self.path = path
    self.locale = locale
    self.title = title
    self.content = content
    self.alternates = alternates
  }
}

/// What a feed is told of the site.
public struct FeedSite: Sendable {
  /// The site's name.
  public var name: String
  /// The absolute URL that relative ones are appended to.
  public var baseURL: String
  /// Who runs the site.
  public var organisation: String
  /// The ISO 4217 code of prices without one of their own.
  public var currency: String
  /// The language tag of the site's first language.
  public var defaultLocale: String
  /// The manifest's `run_time`, in seconds since 1970.
  public var runTime: Int64

  /// A site.
  public init(
    name: String, baseURL: String, organisation: String, currency: String, defaultLocale: String, runTime: Int64
  ) {
    self.name = name
    self.baseURL = baseURL
    self.organisation = organisation
    self.currency = currency
    self.defaultLocale = defaultLocale
    self.runTime = runTime
  }
}

/// Writes one feed, from items that come one by one in their final order, in memory that does not grow with their text.
///
/// Nothing is visible under the feed's name before `finish` has checked and flushed it. A writer that is neither
/// finished nor abandoned removes what it wrote when it goes away. Not thread-safe.
public protocol FeedWriter: AnyObject {
  /// Adds an item, or notes why it cannot be part of the feed.
  ///
  /// - Throws: a diagnostic where the file system refuses.
  func add(_ item: FeedItem) throws

  /// Completes the feed, checks it and makes it visible.
  ///
  /// - Throws: a diagnostic where the file system refuses or the feed is not well-formed; nothing is visible then.
  func finish() throws -> FeedSummary

  /// Removes what was written.
  func abandon()
}
