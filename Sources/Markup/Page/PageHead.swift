/// The metadata of a page.
///
/// Every text is borrowed; an empty one is left out, and so is a URL that is not absolute http or https.
public struct PageHead {
  /// The page in another language.
  public struct Alternate {
    /// A BCP 47 tag, or `x-default`.
    public var hreflang: Bytes
    /// An absolute URL.
    public var url: Bytes

    /// The page in a language.
    public init(hreflang: Bytes, url: Bytes) {
      self.hreflang = hreflang
      self.url = url
    }
  }

  /// The title.
  public var title = Bytes.none
  /// Plain text for search engines and previews.
  public var description = Bytes.none
  /// The page's own absolute URL.
  public var canonical = Bytes.none
  /// Every language of the page, its own included.
  public var alternates: [Alternate] = []
  /// The absolute URL of the picture that previews show.
  public var image = Bytes.none
  /// What the picture shows.
  public var imageDescription = Bytes.none
  /// The site's name.
  public var siteName = Bytes.none
  /// The page's language tag.
  public var locale = Bytes.none
  /// Open Graph's type of page.
  public var type: StaticString = "website"
  /// The price as a decimal number.
  public var price = Bytes.none
  /// The ISO 4217 code.
  public var currency = Bytes.none
  /// A JSON-LD graph as `JSONLD` writes it: it must be safe within `<script>`, and is copied as it is.
  public var jsonLD = Bytes.none
  /// Who wrote the page's text.
  public var source = DigitalSource.people

  /// The head of a page without content.
  public init() {}
}
