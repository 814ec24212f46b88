import Core
import Glibc
import Markup

/// What was published, by slug: a line of JSON for each change, appended and flushed at once, so that a run that is
/// stopped anywhere goes on where it was.
///
/// One ledger belongs to one site.
final class PublishLedger {
  struct Entry: Equatable {
    var id: Int
    var hash: String
  }

  private(set) var entries: [String: Entry] = [:]
  private let file: UnsafeMutablePointer<FILE>?

  /// Opens a ledger, or begins one.
  ///
  /// - Throws: a diagnostic where the file cannot be read or written, or belongs to another site.
  init(path: String, site: String, isReadOnly: Bool) throws {
    let seesSite = try access(path, F_OK) == 0 && Self.read(path, site: site, into: &entries)
    guard !isReadOnly else {
      file = nil
      return
    }
    file = fopen(path, "a")
    guard file != nil else { throw Diagnostic("cannot write", "'\(path)': \(String(cString: strerror(errno)))") }
    if seesSite { write("\n") } else { append([("site", site)]) }
  }

  /// Reads the lines of a ledger; tells whether it names its site.
  private static func read(_ path: String, site: String, into entries: inout [String: Entry]) throws -> Bool {
    var seesSite = false
    try eachLine(of: path, named: path) { line, _ in
      if line.isEmpty { return }
      // The last line of a run that was killed may be half; what it told is found again at WordPress.
      guard let document = try? Document(json: String(decoding: line, as: UTF8.self)) else { return }
      let root = document.root
      try withExtendedLifetime(document) {
        if let known = root["site"].string {
          seesSite = true
          guard known == site else {
            throw Diagnostic(
              "wrong ledger", "'\(path)' is of '\(known)', not of '\(site)'", help: "name another file with '--ledger'")
          }
        } else if let slug = root["slug"].string {
          let id = root["id"].string.flatMap { Int($0) } ?? 0
          entries[slug] = id == 0 ? nil : Entry(id: id, hash: root["hash"].string ?? "")
        }
      }
    }
    return seesSite
  }

  deinit { if let file { fclose(file) } }

  /// Notes that an item is at WordPress, and in which state.
  func note(_ slug: String, _ entry: Entry) {
    entries[slug] = entry
    append([("slug", slug), ("id", "\(entry.id)"), ("hash", entry.hash)])
  }

  /// Notes that an item is published no longer.
  func forget(_ slug: String) {
    entries[slug] = nil
    append([("slug", slug), ("id", "0")])
  }

  private func append(_ members: [(String, String)]) {
    var json = JSONWriter()
    json.beginObject()
    for (name, text) in members {
      json.key(name)
      json.string(text)
    }
    json.endObject()
    write(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }

  private func write(_ text: String) {
    guard let file else { return }
    fputs(text, file)
    fflush(file)
  }
}
