import Core
import Markup

/// The categories and tags of a site: found by slug, created where they are missing, each asked for once.
struct WordPressTermStore {
  private let api: WordPressAPI
  private var known: [String: Int] = [:]

  init(api: WordPressAPI) { self.api = api }

  /// The category at the end of a path, made with all its parents; nil for an empty path.
  mutating func category(_ path: [String]) throws -> Int? {
    var parent: Int?
    var slug = ""
    for name in path {
      let piece = WordPressSlug.make(from: name)
      slug = WordPressSlug.shorten(slug.isEmpty ? piece : "\(slug)-\(piece)", to: 190)
      parent = try term("categories", name, slug, parent: parent)
    }
    return parent
  }

  /// The tag of a name.
  mutating func tag(_ name: String) throws -> Int {
    try term("tags", name, WordPressSlug.make(from: name), parent: nil)
  }

  private mutating func term(_ kind: String, _ name: String, _ slug: String, parent: Int?) throws -> Int {
    let slug = slug.isEmpty ? "term-\(name.fingerprint.hexadecimal)" : slug
    let key = "\(kind)/\(slug)"
    if let id = known[key] { return id }
    let encoded = String(decoding: Escaping.urlPath.escaped(slug), as: UTF8.self)
    if let list = try api.get("/\(kind)?slug=\(encoded)&_fields=id"),
      let id = withExtendedLifetime(list, { list.root[0]["id"].int.map(Int.init) })
    {
      known[key] = id
      return id
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("name")
    json.string(name)
    json.key("slug")
    json.string(slug)
    if let parent {
      json.key("parent")
      json.integer(parent)
    }
    json.endObject()
    let answer = try api.post("/\(kind)", json.bytes)
    guard let id = withExtendedLifetime(answer, { answer.root["id"].int.map(Int.init) }) else {
      throw Diagnostic("refused by wordpress", "the answer to a new term names no id")
    }
    known[key] = id
    return id
  }
}
