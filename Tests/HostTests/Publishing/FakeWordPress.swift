import Core
import Host
import Markup
import Synchronization

/// A WordPress in memory, with the habits of the real one that matter: a slug that is taken gets a number, terms and
/// pictures are found by slug, rights come from the role, and only some answers succeed.
final class FakeWordPress: HTTPTransport {
  struct Post: Equatable {
    var title = ""
    var content = ""
    var excerpt = ""
    var slug = ""
    var status = ""
    var media = 0
    var categories: [Int] = []
  }

  var posts: [Int: Post] = [:]
  var terms: [String: Int] = [:]
  var media: [String: Int] = [:]
  var rights = [
    "edit_posts", "publish_posts", "edit_others_posts", "unfiltered_html", "manage_categories", "upload_files",
  ]
  /// Answers that come before the right ones.
  var troubles: [Int] = []
  /// What the site does to a text that is stored.
  var filter: (String) -> String = { $0 }
  private(set) var requests: [HTTPRequest] = []
  private(set) var waits: [Double] = []
  private var lastID = 100

  var writes: Int { requests.count { $0.method == "POST" } }

  func wait(seconds: Double) { waits.append(seconds) }

  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    requests.append(request)
    if !troubles.isEmpty { return HTTPResponse(status: troubles.removeFirst(), body: Array("<html>".utf8)) }
    let whole = request.url.dropFirst("https://blog.example/wp-json/wp/v2".count)
    let parts = whole.split(separator: "?", maxSplits: 1)
    let path = String(parts.first ?? "")
    let query = parts.count > 1 ? String(parts[1]) : ""
    let slug = query.split(separator: "&").first { $0.hasPrefix("slug=") }.map { String($0.dropFirst(5)) }
    let names = path.split(separator: "/").map(String.init)
    switch (request.method, names.first, names.count) {
    case ("GET", "users", _):
      let list = rights.map { #""\#($0)":true"# }.joined(separator: ",")
      return answer(#"{"roles":["editor"],"capabilities":{\#(list)}}"#)
    case ("GET", "posts", 1):
      let found = posts.filter { $0.value.slug == slug?.removingPercents }
      return answer("[\(found.map { json($0.key, $0.value) }.joined(separator: ","))]")
    case ("GET", "posts", _):
      guard let id = Int(names[1]), let post = posts[id] else { return HTTPResponse(status: 404) }
      return answer(json(id, post))
    case ("POST", "posts", _): return answer(try store(request, Int(names.dropFirst().first ?? "")))
    case ("GET", _, 1):
      let known = names[0] == "media" ? media : terms
      let id = known[names[0] == "media" ? slug ?? "" : "\(names[0])/\(slug ?? "")"]
      return answer(id.map { #"[{"id":\#($0)}]"# } ?? "[]")
    case ("POST", "media", 2):
      let body = try Document(json: String(decoding: request.body, as: UTF8.self))
      media[body.root["slug"].string ?? ""] = Int(names[1])
      return answer("{}")
    case ("POST", "media", _):
      lastID += 1
      return answer(#"{"id":\#(lastID)}"#)
    default:
      let body = try Document(json: String(decoding: request.body, as: UTF8.self))
      lastID += 1
      terms["\(names[0])/\(body.root["slug"].string ?? "")"] = lastID
      return answer(#"{"id":\#(lastID)}"#)
    }
  }

  private func store(_ request: HTTPRequest, _ id: Int?) throws -> String {
    let body = try Document(json: String(decoding: request.body, as: UTF8.self))
    return withExtendedLifetime(body) {
      lastID += 1
      let id = id ?? lastID
      var post = posts[id] ?? Post()
      let root = body.root
      if let title = root["title"].string { post.title = filter(title) }
      if let content = root["content"].string { post.content = filter(content) }
      if let excerpt = root["excerpt"].string { post.excerpt = filter(excerpt) }
      if let status = root["status"].string { post.status = status }
      if let media = root["featured_media"].int { post.media = Int(media) }
      if root["categories"].exists { post.categories = root["categories"].elements.compactMap { $0.int.map(Int.init) } }
      if var slug = root["slug"].string {
        if posts.contains(where: { $0.key != id && $0.value.slug == slug }) { slug += "-2" }
        post.slug = slug
      }
      posts[id] = post
      return json(id, post)
    }
  }

  private func json(_ id: Int, _ post: Post) -> String {
    func quoted(_ text: String) -> String {
      "\"" + String(decoding: Escaping.jsonString.escaped(text), as: UTF8.self) + "\""
    }
    return #"{"id":\#(id),"title":{"raw":\#(quoted(post.title))},"content":{"raw":\#(quoted(post.content))},"#
      + #""excerpt":{"raw":\#(quoted(post.excerpt))},"slug":\#(quoted(post.slug)),"status":"\#(post.status)"}"#
  }

  private func answer(_ json: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(json.utf8)) }
}

extension String {
  fileprivate var removingPercents: String {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
