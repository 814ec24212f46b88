/// The feeds and CMS imports that the host writes.
public enum FeedKind: String, Sendable, CaseIterable {
  /// WordPress eXtended RSS 1.2.
  case wordpressWXR = "wordpress-wxr"
  /// Google Merchant, RSS 2.0 with the `g:` namespace.
  case googleMerchant = "google-merchant"
  /// A sitemap by sitemaps.org's protocol, with languages and pictures.
  case sitemap
  /// Atom, RFC 4287.
  case atom
  /// RSS 2.0.
  case rss
  /// Shopify's product CSV.
  case shopifyCSV = "shopify-csv"
  /// A JSON object a line, for a headless CMS.
  case jsonLines = "jsonl"

  /// Whether an item holds the page's content.
  var hasContent: Bool { self != .sitemap && self != .googleMerchant }
}
