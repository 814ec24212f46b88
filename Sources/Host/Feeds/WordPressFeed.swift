import Core
import Markup

/// A WordPress import file: WXR 1.2, as the WordPress importer reads it.
///
/// The importer creates and never updates: it knows an item again by its title, date and type. So every item has a date
/// of its own that depends on its URL alone, within four weeks before the base date: a second import of the same items
/// adds nothing. What the importer would silently lose or change is mended or left out here, and reported.
///
/// Memory: the distinct terms; what must be unique lies in temporary files once it is much.
public final class WordPressFeed: FeedWriter {
  /// What an import may choose.
  public struct Options: Sendable {
    /// Whether items become posts or pages.
    public enum PostType: String, Sendable {
      case post, page
    }

    /// Whether items become posts, which show categories and tags, or pages.
    public var postType = PostType.post
    /// Whether items are published at once or wait as drafts.
    public var isDraft = false
    /// The login name of the author in WordPress.
    public var author = "admin"
    /// Whether product pictures are imported as featured images.
    public var hasImages = true
    /// The moment before which all dates lie, in seconds since 1970; the site's run time where nil.
    ///
    /// Keep it from run to run, so that an item that WordPress has is known again.
    public var baseDate: Int64?

    /// Options, all with their defaults.
    public init() {}
  }

  private let site: FeedSite
  private let options: Options
  private let baseDate: Int64
  private let file: FeedFile
  /// The items, which the file must hold after the terms that they name.
  private let items: FeedFile
  private var writer = XMLWriter()
  private var terms = WordPressTerms()
  private let slugs = WordPressSlug()
  private let moments = KeySet()
  private let attachments = KeySet()
  private var lastID: UInt32 = 0
  private var summary = FeedSummary()

  /// Begins an import file.
  ///
  /// - Parameter path: where the file is to appear; its folder exists.
  /// - Throws: a diagnostic where the file cannot be created.
  public init(path: String, site: FeedSite, options: Options = Options()) throws {
    self.site = site
    self.options = options
    baseDate = min(options.baseDate ?? site.runTime, site.runTime)
    file = try FeedFile(path: path)
    items = try FeedFile(path: path, part: ".items")
    var around = XMLWriter()
    Self.beginChannel(in: &around)
    around.lineBreak()
    items.assume(around.bytes)
  }

  /// Adds an item, or notes why WordPress could not take it.
  public func add(_ item: FeedItem) throws {
    let example = item.product["id"].line.isEmpty ? item.path : item.product["id"].line
    guard item.content.count <= 8 << 20 else {
      return summary.skip("content over 8 MiB", example: example)
    }
    guard let url = item.url.withBytes({ WebAddress.resolve($0, base: site.baseURL) }) else {
      return summary.skip("page without a URL", example: example)
    }
    let lost = writer.lost
    let title = WordPressTitle(item)
    let image = options.hasImages ? attachment(of: item.product, example: example) : nil
    let (category, tags) = declareTerms(of: item.product, example: example)
    lastID += 1
    let moment = date(of: url, title: title.text)

    writer.begin("item")
    writer.element("title", cdata: title.text)
    writer.element("link", url)
    writer.element("pubDate", UTCDate(moment).rfc2822)
    writer.element("dc:creator", cdata: options.author)
    writeGUID(url)
    writer.element("description", "")
    writer.element("content:encoded", cdata: item.content)
    writer.element("excerpt:encoded", cdata: excerpt(of: item.product))
    writePost(moment, slug: slug(of: item, example: example), type: options.postType.rawValue)
    writer.element("wp:status", cdata: options.isDraft ? "draft" : "publish")
    if let category { write(category, domain: "category") }
    for tag in tags { write(tag, domain: "post_tag") }
    writeFields(of: item, image: image)
    writer.end()
    writer.lineBreak()

    summary.written += 1
    for repair in title.repairs { summary.repair(repair, example: example) }
    if writer.lost > lost { summary.repair("characters that XML cannot hold left out", example: example) }
    if writer.bytes.count > 1 << 18 { try items.write(&writer.bytes) }
  }

  /// Completes the file, checks it and makes it visible.
  public func finish() throws -> FeedSummary {
    defer { abandon() }
    try items.write(&writer.bytes)
    var head = XMLWriter()
    head.declaration()
    Self.beginChannel(in: &head)
    head.lineBreak()
    let base = Escaping.url.escaped(site.baseURL)
    head.element("title", site.name)
    head.element("link", base)
    head.element("description", site.organisation)
    head.element("pubDate", UTCDate(site.runTime).rfc2822)
    head.element("language", site.defaultLocale)
    head.element("wp:wxr_version", "1.2")
    head.element("wp:base_site_url", base)
    head.element("wp:base_blog_url", base)
    head.lineBreak()
    head.begin("wp:author")
    head.element("wp:author_id", "1")
    head.element("wp:author_login", cdata: options.author)
    head.element("wp:author_email", cdata: "")
    head.element("wp:author_display_name", cdata: options.author)
    head.element("wp:author_first_name", cdata: "")
    head.element("wp:author_last_name", cdata: "")
    head.end()
    head.lineBreak()
    terms.write(to: &head)
    try file.write(&head.bytes)
    head.end()
    head.end()
    items.assume(head.bytes)
    try file.write(contentsOf: items)
    head.lineBreak()
    try file.write(&head.bytes)
    try file.commit()
    return summary
  }

  /// Removes what was written.
  public func abandon() {
    file.abandon()
    items.abandon()
  }

  private static func beginChannel(in writer: inout XMLWriter) {
    writer.begin("rss")
    writer.attribute("version", "2.0")
    for (name, url) in namespaces { writer.attribute(name, url) }
    writer.begin("channel")
  }

  private static let namespaces: [(StaticString, StaticString)] = [
    ("xmlns:excerpt", "http://wordpress.org/export/1.2/excerpt/"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:wfw", "http://wellformedweb.org/CommentAPI/"), ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:wp", "http://wordpress.org/export/1.2/"),
  ]
}

// MARK: Identity

extension WordPressFeed {
  /// A moment before the base date that depends on the URL alone, unless another item of this title has it.
  private func date(of url: String, title: String) -> Int64 {
    let fourWeeks: UInt64 = 28 * 86_400
    var moment = baseDate - 1 - Int64(url.fingerprint % fourWeeks)
    while !moments.insert("\(moment) \(title)") { moment -= 1 }
    return moment
  }

  private func slug(of item: FeedItem, example: String) -> String {
    let stated = item.product["slug"].line
    if !WordPressSlug.make(from: stated).isEmpty, WordPressSlug.make(from: stated) != item.product["slug"].string {
      summary.repair("'slug' written as WordPress would", example: example)
    }
    return slugs.take(of: item, defaultLocale: site.defaultLocale)
  }

  private func writeGUID(_ url: String) {
    writer.begin("guid")
    writer.attribute("isPermaLink", "false")
    // WordPress keeps 255 bytes and writes '&' as a reference.
    let isShort = url.utf8.count <= 255 && !url.utf8.contains(UInt8(ascii: "&"))
    writer.text(isShort ? url : "urn:bespoke:\(url.fingerprint.hexadecimal)")
    writer.end()
  }

  private func writePost(_ moment: Int64, slug: String, type: String) {
    let date = UTCDate(moment).sql
    writer.element("wp:post_id", "\(lastID)")
    writer.element("wp:post_date", cdata: date)
    writer.element("wp:post_date_gmt", cdata: date)
    writer.element("wp:post_modified", cdata: date)
    writer.element("wp:post_modified_gmt", cdata: date)
    writer.element("wp:comment_status", cdata: "closed")
    writer.element("wp:ping_status", cdata: "closed")
    writer.element("wp:post_name", cdata: slug)
    writer.element("wp:post_parent", "0")
    writer.element("wp:menu_order", "0")
    writer.element("wp:post_type", cdata: type)
    writer.element("wp:post_password", cdata: "")
    writer.element("wp:is_sticky", "0")
  }
}

// MARK: Terms, fields, pictures

extension WordPressFeed {
  private func declareTerms(
    of product: Value, example: String
  ) -> (category: WordPressTerms.Term?, tags: [WordPressTerms.Term]) {
    let category = terms.category(product["category"])
    var isAltered = category.isAltered
    var tags: [WordPressTerms.Term] = []
    for index in 0..<product["tags"].count {
      let tag = terms.tag(product["tags"][index])
      isAltered = isAltered || tag.isAltered
      if let term = tag.term, !tags.contains(where: { $0.slug == term.slug }) { tags.append(term) }
    }
    if isAltered { summary.repair("signs in terms that WordPress strips replaced", example: example) }
    return (category.term, tags)
  }

  private func write(_ term: WordPressTerms.Term, domain: StaticString) {
    writer.begin("category")
    writer.attribute("domain", domain)
    writer.attribute("nicename", term.slug)
    writer.cdata(term.name)
    writer.end()
  }

  private func excerpt(of product: Value) -> [UInt8] {
    var text = product["tagline"].plainLine
    if text.isEmpty { text = product["description"].plainLine }
    return Escaping.htmlText.escaped(text.cut(to: 300))
  }

  private func writeFields(of item: FeedItem, image: UInt32?) {
    let product = item.product
    let price = Price(product["price"].text)
    let currency = product["currency"].line
    writeField("sku", product["id"].line)
    writeField("price", price.map { $0.isZero ? "" : $0.text() } ?? "")
    if price != nil { writeField("currency", currency.isEmpty ? site.currency : currency) }
    writeField("locale", item.locale)
    if !item.alternates.isEmpty {
      var json = JSONWriter()
      json.beginObject()
      for alternate in item.alternates {
        json.key(alternate.locale)
        json.string(alternate.url)
      }
      json.endObject()
      writeField("hreflang", json.bytes)
    }
    if let image { writeField("_thumbnail_id", "\(image)") }
  }

  private func writeField(_ key: StaticString, _ value: some UTF8Text) {
    if value.withBytes({ $0.isEmpty }) { return }
    writer.begin("wp:postmeta")
    writer.element("wp:meta_key", cdata: key)
    writer.element("wp:meta_value", cdata: value)
    writer.end()
  }

  /// The attachment that holds the product's first picture that WordPress imports, written where it is new.
  private func attachment(of product: Value, example: String) -> UInt32? {
    let formats: Set<String> = ["jpg", "jpeg", "png", "gif", "webp"]
    let urls = product.imageURLs(base: site.baseURL)
    guard let url = urls.first(where: { formats.contains(WebAddress.fileExtension(of: $0)) }) else {
      if !urls.isEmpty {
        summary.repair("no featured image: WordPress imports jpg, png, gif and webp", example: example)
      }
      return nil
    }
    if let known = attachments.add(url, number: lastID + 1) { return known }
    lastID += 1
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let title = path.split(separator: "/").last.map(String.init) ?? url
    writer.begin("item")
    writer.element("title", cdata: title)
    writer.element("link", url)
    writer.element("dc:creator", cdata: options.author)
    writeGUID(url)
    writer.element("description", "")
    writer.element("content:encoded", cdata: "")
    writer.element("excerpt:encoded", cdata: "")
    writePost(date(of: url, title: title), slug: "media-\(url.fingerprint.hexadecimal)", type: "attachment")
    writer.element("wp:status", cdata: "inherit")
    writer.element("wp:attachment_url", cdata: url)
    writeField("_wp_attachment_image_alt", product["name"].plainLine)
    writer.end()
    writer.lineBreak()
    return lastID
  }
}
