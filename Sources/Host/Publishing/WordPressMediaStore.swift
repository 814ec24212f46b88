import Core
import Glibc
import Markup

/// The pictures of a site: known again by a slug that is a hash of URL and content, uploaded where they are missing.
struct WordPressMediaStore {
  private let api: WordPressAPI
  private var known: [String: Int?] = [:]
  private(set) var uploaded = 0

  init(api: WordPressAPI) { self.api = api }

  /// The picture of a URL, whose file lies below a folder as the item's page does; nil where there is no such file.
  mutating func picture(_ url: String, of item: PublishItem, below folder: String) throws -> Int? {
    if let found = known[url] { return found }
    let id = try find(url, folder)
    known[url] = .some(id)
    return id
  }

  private mutating func find(_ url: String, _ folder: String) throws -> Int? {
    // The URL's path, part by part from its start: a site need not lie at the root of its host.
    let path = url.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
    guard !path.contains("..") else { return nil }
    let names = path.indices.map { path[$0...].joined(separator: "/") }
    guard let name = names.first(where: { access("\(folder)/\($0)", R_OK) == 0 }) else { return nil }
    let bytes = try readBytes("\(folder)/\(name)")
    let content = bytes.withUnsafeBufferPointer { contentHash($0) }
    let slug = "media-\(url.fingerprint.hexadecimal)-\(content.hexadecimal)"
    if let list = try api.get("/media?slug=\(slug)&_fields=id"),
      let id = withExtendedLifetime(list, { list.root[0]["id"].int.map(Int.init) })
    {
      return id
    }
    let ending = WebAddress.fileExtension(of: url)
    let type = ["jpg": "image/jpeg", "jpeg": "image/jpeg"][ending] ?? "image/\(ending)"
    let answer = try api.upload(bytes, name: "\(slug).\(ending)", type: type)
    guard let id = withExtendedLifetime(answer, { answer.root["id"].int.map(Int.init) }) else {
      throw Diagnostic("refused by wordpress", "the answer to a picture names no id")
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("slug")
    json.string(slug)
    json.endObject()
    _ = try api.post("/media/\(id)", json.bytes)
    uploaded += 1
    return id
  }
}
