import Core
import Markup

/// One page of a `jsonl` feed, as WordPress is told of it.
struct PublishItem {
  let slug: String
  let url: String
  let title: String
  let excerpt: String
  let content: String
  let categories: [String]
  let tags: [String]
  let image: String?

  /// Reads a line of the feed.
  ///
  /// - Throws: a diagnostic where the line is none of such a feed.
  init(line: String, number: Int, file: String) throws(Diagnostic) {
    let place = SourceLocation(file: file, line: number, column: 0)
    let document: Document
    do { document = try Document(json: line) } catch { throw Diagnostic("malformed json", "\(error)", at: place) }
    let root = document.root
    slug = root["slug"].string ?? ""
    url = root["url"].string ?? ""
    title = WordPressTitle.inert((root["title"].string ?? "").onOneLine.cut(to: 255))
    excerpt = String(decoding: Escaping.htmlText.escaped((root["summary"].string ?? "").onOneLine), as: UTF8.self)
    content = root["content"].string ?? ""
    categories = root["product"]["category"].categoryPath.map(WordPressTerms.name)
    tags = root["product"]["tags"].elements.map { WordPressTerms.name($0.plainLine) }.filter { !$0.isEmpty }
    let formats: Set<String> = ["jpg", "jpeg", "png", "gif", "webp"]
    image = root["images"].elements.lazy.compactMap(\.string)
      .first { formats.contains(WebAddress.fileExtension(of: $0)) }
    withExtendedLifetime(document) {}
    guard !slug.isEmpty, !url.isEmpty, !title.isEmpty else {
      throw Diagnostic(
        "no page", "expected an object with 'slug', 'url', 'title' and 'content'", at: place,
        help: "publish what a feed of kind 'jsonl' has written")
    }
  }

  /// What tells this state of the item from others.
  var hash: String {
    var hash = SeedHash(1)
    for text in [title, excerpt, content, image ?? "", "\(categories)", "\(tags)"] { hash.combine(text) }
    return hash.value.hexadecimal
  }
}
