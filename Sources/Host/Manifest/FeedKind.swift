/// The feeds and CMS imports that the host writes.
public enum FeedKind: String, Sendable, CaseIterable {
  /// WordPress eXtended RSS 1.2.
  case wordpressWXR = "wordpress-wxr"
  /// Google Merchant, RSS 2.0 with the `g:` namespace.
  case googleMerchant = "google-merchant"
}
