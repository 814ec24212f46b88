/// What a page tells machines about itself.
///
/// Every text is borrowed; an empty one is left out.
public struct PageMarkup {
  /// A name with the page it leads to.
  public struct Link {
    /// What people read.
    public var name: Bytes
    /// An absolute URL.
    public var url: Bytes

    /// A link.
    public init(name: Bytes, url: Bytes = .none) {
      self.name = name
      self.url = url
    }
  }

  /// What the page is called.
  public var name = Bytes.none
  /// The page's absolute URL.
  public var url = Bytes.none
  /// The page's language tag.
  public var locale = Bytes.none
  /// Who wrote the page's text.
  public var source = DigitalSource.people
  /// The product that the page is about.
  public var product: ProductMarkup?
  /// Recommended products, in the page's order.
  public var recommendations: [Link] = []

  /// Markup of a page about nothing.
  public init() {}
}
