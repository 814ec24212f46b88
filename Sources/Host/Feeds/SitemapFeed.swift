import Core
import Glibc
import Markup

/// A sitemap by sitemaps.org's protocol 0.9, with languages and pictures: one file, or numbered files and an index.
///
/// A file holds at most 50,000 addresses and 50 MB; where more are needed, `sitemap.xml` becomes an index of
/// `sitemap-1.xml` and so on, which become visible before it. Every address tells its page in each language, itself
/// included, and the page for everyone else (`x-default`). Memory does not grow with the number of pages.
public final class SitemapFeed: FeedWriter {
  /// What one file may hold.
  public struct Limits: Sendable {
    /// Addresses in a file.
    public var addresses = 50_000
    /// Bytes in a file.
    public var bytes = 50_000_000

    /// The protocol's limits.
    public init() {}
  }

  private let path: String
  private let url: String
  private let site: FeedSite
  private let locale: String?
  private let limits: Limits
  private var files: [FeedFile] = []
  private var writer = XMLWriter()
  private var addresses = 0
  private var written = 0
  private var summary = FeedSummary()

  /// Begins a sitemap.
  ///
  /// - Parameters:
  ///   - path: where the sitemap is to appear; its folder exists.
  ///   - url: its own absolute URL.
  ///   - locale: the one language whose pages are listed; every language's where nil.
  /// - Throws: a diagnostic where the file cannot be created.
  public init(path: String, url: String, site: FeedSite, locale: String? = nil, limits: Limits = Limits()) throws {
    self.path = path
    self.url = url
    self.site = site
    self.locale = locale
    self.limits = limits
    try beginFile()
  }

  /// Adds a page, or notes why it cannot be listed.
  public func add(_ item: FeedItem) throws {
    if let locale, item.locale != locale {
      summary.passedOver += 1
      return
    }
    guard let entry = PageEntry(item, site: site, needsTitle: false, &summary) else { return }
    guard entry.url.utf8.count <= 2_048 else {
      return summary.skip("URL over 2,048 characters", example: entry.example)
    }
    let room = 400 + 5 * entry.url.utf8.count * (2 + item.alternates.count)
    if addresses == limits.addresses || written + writer.bytes.count + room > limits.bytes, addresses > 0 {
      try endFile()
      try beginFile()
    }
    writer.begin("url")
    writer.element("loc", entry.url)
    if item.product["updated_at"].exists { writer.element("lastmod", UTCDate(entry.moment).rfc3339) }
    writeAlternates(of: item)
    for image in item.product.imageURLs(base: site.baseURL) where image.utf8.count <= 2_048 {
      writer.begin("image:image")
      writer.element("image:loc", image)
      writer.end()
    }
    writer.end()
    writer.lineBreak()
    addresses += 1
    summary.written += 1
    if writer.bytes.count > 1 << 18 { try flush() }
  }

  /// Completes the files, checks them and makes them visible, the index last.
  public func finish() throws -> FeedSummary {
    defer { abandon() }
    if addresses == 0 {
      // The protocol knows no empty sitemap: one that is there already would tell of pages that are gone.
      unlink(path)
      removeParts(from: 1)
      return summary
    }
    try endFile()
    if files.count == 1 {
      try files[0].commit(.sitemap)
      removeParts(from: 1)
      return summary
    }
    summary.parts = files.indices.map { fileName(ofPart: $0 + 1) }
    for (file, name) in zip(files, summary.parts) { try file.commit(.sitemap, as: name) }
    let index = try FeedFile(path: path, part: ".index")
    writer.declaration()
    writer.begin("sitemapindex")
    writer.attribute("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")
    writer.lineBreak()
    for number in 1...files.count {
      writer.begin("sitemap")
      writer.element("loc", Escaping.url.escaped(name(ofPart: number, in: url)))
      writer.element("lastmod", UTCDate(site.runTime).rfc3339)
      writer.end()
      writer.lineBreak()
    }
    writer.end()
    writer.lineBreak()
    try index.write(&writer.bytes)
    try index.commit(.sitemap)
    removeParts(from: files.count + 1)
    return summary
  }

  /// Removes what was written.
  public func abandon() {
    for file in files { file.abandon() }
  }
}

extension SitemapFeed {
  private func beginFile() throws {
    files.append(try FeedFile(path: path, part: ".\(files.count + 1)"))
    (addresses, written) = (0, 0)
    writer.declaration()
    writer.begin("urlset")
    writer.attribute("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")
    writer.attribute("xmlns:xhtml", "http://www.w3.org/1999/xhtml")
    writer.attribute("xmlns:image", "http://www.google.com/schemas/sitemap-image/1.1")
    writer.lineBreak()
  }

  private func endFile() throws {
    writer.end()
    writer.lineBreak()
    try flush()
    files.last?.end()
  }

  private func flush() throws {
    written += writer.bytes.count
    try files.last?.write(&writer.bytes)
  }

  private func writeAlternates(of item: FeedItem) {
    // A single page has no other language to tell of.
    guard item.alternates.count > 1 else { return }
    for alternate in item.alternates {
      writeAlternate(alternate.locale, alternate.url)
      if alternate.locale == site.defaultLocale { writeAlternate("x-default", alternate.url) }
    }
  }

  private func writeAlternate(_ locale: String, _ url: String) {
    guard let absolute = url.withBytes({ WebAddress.resolve($0, base: site.baseURL) }) else { return }
    writer.begin("xhtml:link")
    writer.attribute("rel", "alternate")
    writer.attribute("hreflang", locale)
    writer.attribute("href", absolute)
    writer.end()
  }

  /// `a/sitemap-2.xml` for part 2 of `a/sitemap.xml`.
  private func name(ofPart number: Int, in path: String) -> String {
    let start = path.lastIndex(of: "/") ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: ".") else { return "\(path)-\(number)" }
    return "\(path[..<dot])-\(number)\(path[dot...])"
  }

  private func fileName(ofPart number: Int) -> String {
    let name = name(ofPart: number, in: path)
    return name.split(separator: "/").last.map(String.init) ?? name
  }

  /// Removes the parts that an earlier, longer sitemap left behind.
  private func removeParts(from first: Int) {
    var number = first
    while unlink(name(ofPart: number, in: path)) == 0 { number += 1 }
  }
}
