import Core
import Glibc
import Markup

/// Publishes the pages of a `jsonl` feed into WordPress: creates what is new, changes what has changed, leaves the rest.
///
/// An item is known again by its slug in the ledger of the site. Before the first write the user's rights are checked;
/// after each the stored text is read back and compared byte for byte. Source of the requests: WordPress REST API
/// handbook, reference of posts, pages, media, categories and tags.
public final class WordPressPublisher {
  private let api: WordPressAPI
  private let site: String
  private let options: PublishOptions
  private let ledger: PublishLedger
  private var terms: WordPressTermStore
  private var media: WordPressMediaStore
  private var report = PublishReport()
  private var seen: Set<String> = []
  private var changes = 0

  /// A publisher for a site.
  ///
  /// - Parameter ledger: the file that remembers what was published there.
  /// - Throws: a diagnostic where the ledger cannot be used.
  public init(api: WordPressAPI, site: String, ledger: String, options: PublishOptions) throws {
    self.api = api
    self.site = site
    self.options = options
    self.ledger = try PublishLedger(path: ledger, site: site, isReadOnly: options.isDryRun)
    terms = WordPressTermStore(api: api)
    media = WordPressMediaStore(api: api)
  }

  /// Publishes a file.
  ///
  /// - Parameter progress: told of each item: how many are done, and the slug.
  /// - Throws: a diagnostic where the user may not publish, the file cannot be read, or the server is gone; what failed
  ///   for one item alone is in the report.
  public func publish(file: String, progress: (Int, String) -> Void = { _, _ in }) throws -> PublishReport {
    // All of the file is read before the first write, as half a publication is worse than none.
    try eachLine(of: file, named: file) { line, number in
      _ = try PublishItem(line: String(decoding: line, as: UTF8.self), number: number, file: file)
    }
    try checkRights()
    try eachLine(of: file, named: file) { line, number in
      let item = try PublishItem(line: String(decoding: line, as: UTF8.self), number: number, file: file)
      defer { progress(number, item.slug) }
      guard seen.insert(item.slug).inserted else {
        return report.failures.append((item.slug, "the slug is there twice"))
      }
      do {
        try publish(item)
      } catch let failure as Diagnostic where failure.kind == "refused by wordpress" || failure.kind == "altered" {
        report.failures.append((item.slug, failure.detail))
      }
    }
    try prune()
    return report
  }

  /// - Throws: a diagnostic of kind `not allowed` that names what the user lacks.
  private func checkRights() throws {
    guard let user = try api.get("/users/me?context=edit") else {
      throw Diagnostic("invalid site", "'\(site)' has no REST API at '/wp-json/wp/v2'")
    }
    try withExtendedLifetime(user) {
      let rights = user.root["capabilities"]
      var needed = ["edit_\(options.kind.rawValue)", "publish_\(options.kind.rawValue)", "unfiltered_html"]
      needed.append("edit_others_\(options.kind.rawValue)")
      if options.kind == .posts { needed.append("manage_categories") }
      if options.mediaFolder != nil { needed.append("upload_files") }
      let missing = needed.filter { rights[$0].bool != true }
      guard missing.isEmpty else {
        let roles = user.root["roles"].elements.compactMap(\.string).joined(separator: "', '")
        throw Diagnostic(
          "not allowed", "the user, of role '\(roles)', lacks '\(missing.joined(separator: "', '"))'",
          help: "publish as an editor or administrator: WordPress strips markup from what others write")
      }
    }
  }

  private func publish(_ item: PublishItem) throws {
    let hash = item.hash
    let known = ledger.entries[item.slug]
    if let known, known.hash == hash {
      report.unchanged += 1
      return
    }
    let found = try find(item, known)
    if known == nil, let found, !options.adopts, found.content != item.content || found.title != item.title {
      report.failures.append((item.slug, "WordPress has it already, not from here; '--adopt' takes it over"))
      return
    }
    guard changes < options.limit else {
      report.postponed += 1
      return
    }
    changes += 1
    if found == nil { report.created += 1 } else { report.updated += 1 }
    if options.isDryRun { return }
    let id = try write(item, over: found?.id)
    try verify(item, id)
    ledger.note(item.slug, .init(id: id, hash: hash))
  }

  /// The item as WordPress has it: by the id that is remembered, else by its slug.
  private func find(_ item: PublishItem, _ known: PublishLedger.Entry?) throws -> (
    id: Int, title: String, content: String
  )? {
    let fields = "context=edit&_fields=id,title,content,status"
    if let known, let page = try api.get("/\(options.kind.rawValue)/\(known.id)?\(fields)") {
      return withExtendedLifetime(page) {
        page.root["status"].string == "trash" ? nil : (known.id, page.root["title"]["raw"].string ?? "", "")
      }
    }
    let slug = String(decoding: Escaping.urlPath.escaped(item.slug), as: UTF8.self)
    guard
      let list = try api.get(
        "/\(options.kind.rawValue)?slug=\(slug)&status=publish,draft,pending,private,future&\(fields)")
    else { return nil }
    return withExtendedLifetime(list) {
      let page = list.root[0]
      guard page.exists, let id = page["id"].int.map(Int.init) else { return nil }
      return (id, page["title"]["raw"].string ?? "", page["content"]["raw"].string ?? "")
    }
  }

  private func write(_ item: PublishItem, over id: Int?) throws -> Int {
    var json = JSONWriter()
    json.beginObject()
    for (name, text) in [
      ("title", item.title), ("content", item.content), ("excerpt", item.excerpt), ("slug", item.slug),
    ] {
      json.key(name)
      json.string(text)
    }
    // What an editor has made of an item's status stays.
    if id == nil {
      json.key("status")
      json.string(options.isDraft ? "draft" : "publish")
    }
    if options.kind == .posts {
      json.key("categories")
      json.integers(try terms.category(item.categories).map { [$0] } ?? [])
      json.key("tags")
      json.integers(try item.tags.map { try terms.tag($0) })
    }
    if let folder = options.mediaFolder, let image = item.image {
      if let picture = try media.picture(image, of: item, below: folder) {
        json.key("featured_media")
        json.integer(picture)
        report.pictures = media.uploaded
      } else if report.notes.count < 10 {
        report.notes.append("no featured image for '\(item.slug)': '\(image)' is not below '\(folder)'")
      }
    }
    json.endObject()
    let answer = try api.post("/\(options.kind.rawValue)" + (id.map { "/\($0)" } ?? ""), json.bytes)
    return try withExtendedLifetime(answer) {
      guard let id = answer.root["id"].int.map(Int.init) else {
        throw Diagnostic("refused by wordpress", "the answer names no id")
      }
      return id
    }
  }

  /// Reads an item back.
  ///
  /// - Throws: a diagnostic of kind `altered` where WordPress has made something else of it.
  private func verify(_ item: PublishItem, _ id: Int) throws {
    let path = "/\(options.kind.rawValue)/\(id)?context=edit&_fields=title,content,excerpt,slug"
    guard let page = try api.get(path) else { throw Diagnostic("altered", "it is gone after it was written") }
    try withExtendedLifetime(page) {
      for (name, text) in [("title", item.title), ("content", item.content), ("excerpt", item.excerpt)]
      where page.root[name]["raw"].text.elementsEqual(text.utf8) == false {
        throw Diagnostic("altered", "WordPress stored another '\(name)' than it was sent")
      }
      let slug = page.root["slug"].string ?? ""
      guard slug == item.slug else {
        throw Diagnostic("altered", "WordPress has given it the slug '\(slug)': the trash may hold one of that name")
      }
    }
  }

  /// Makes drafts of what is no longer among the items.
  private func prune() throws {
    for (slug, entry) in ledger.entries.sorted(by: { $0.key < $1.key }) where !seen.contains(slug) {
      guard options.prunes, changes < options.limit else {
        report.obsolete += 1
        continue
      }
      changes += 1
      report.unpublished += 1
      if options.isDryRun { continue }
      let path = "/\(options.kind.rawValue)/\(entry.id)"
      if try api.get(path + "?context=edit&_fields=id") != nil {
        _ = try api.post(path, Array(#"{"status":"draft"}"#.utf8))
      }
      ledger.forget(slug)
    }
  }
}

extension JSONWriter {
  /// Writes an array of integers.
  mutating func integers(_ numbers: [Int]) {
    beginArray()
    for number in numbers { integer(number) }
    endArray()
  }
}
