import ArgumentParser
import Core
import Glibc
import Host

struct PublishWordPress: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wordpress",
    abstract: "Create and update posts or pages through the REST API of a WordPress site.",
    discussion: """
      Publishes what a feed of kind 'jsonl' has written. Items are known again by their slug in the ledger; a second run \
      changes nothing. The application password is read from the environment variable BESPOKE_WORDPRESS_PASSWORD.

      Example:
        bespoke publish wordpress out/demo/pages.jsonl --site https://blog.example --user editor --dry-run
        bespoke publish wordpress out/demo/pages.jsonl --site https://blog.example --user editor --prune
      """)

  @Argument(help: "The file of a 'jsonl' feed.")
  var file: String

  @Option(help: "The site's URL; https, or http on this machine.")
  var site: String

  @Option(help: "The login name of an editor or administrator.")
  var user: String

  @Option(help: "What items become: 'posts' or 'pages'.")
  var type: Kind = .posts

  @Option(help: "Whether new items are 'publish'ed or wait as 'draft's; a changed one keeps its status.")
  var status: Status = .publish

  @Option(help: ArgumentHelp("The most items to create or change.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Folder below which pictures lie as their URLs say; the feed's own where left out.", valueName: "folder"))
  var media: String?

  @Flag(help: "Publish no pictures.")
  var noMedia = false

  @Option(
    help: ArgumentHelp("File that remembers what was published; beside the feed where left out.", valueName: "file"))
  var ledger: String?

  @Flag(help: "Say what would be done, and write nothing.")
  var dryRun = false

  @Flag(help: "Make drafts of what was published before and is no longer in the feed.")
  var prune = false

  @Flag(help: "Take over items of the same slug that were not published from here.")
  var adopt = false

  @Flag(help: "Print the report as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case posts, pages
  }

  enum Status: String, ExpressibleByArgument, CaseIterable {
    case publish, draft
  }

  private var password: String { getenv("BESPOKE_WORDPRESS_PASSWORD").map { String(cString: $0) } ?? "" }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("'--limit' must be at least 1, got \(limit)") }
    if password.isEmpty {
      throw ValidationError("set the environment variable BESPOKE_WORDPRESS_PASSWORD to an application password")
    }
  }

  func run() throws {
    try reportingErrors(json: json) {
      var options = PublishOptions()
      options.kind = type == .pages ? .pages : .posts
      options.isDraft = status == .draft
      options.isDryRun = dryRun
      options.limit = limit ?? .max
      options.prunes = prune
      options.adopts = adopt
      let folder = file.contains("/") ? String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) : "."
      options.mediaFolder = noMedia ? nil : media ?? folder
      let api = try WordPressAPI(site: site, user: user, password: password, transport: URLSessionTransport())
      let publisher = try WordPressPublisher(
        api: api, site: site, ledger: ledger ?? file + ".published", options: options)
      let isShown = !quiet && !json && isatty(2) == 1
      let report = try publisher.publish(file: file) { count, slug in
        if isShown { writeToTerminal("\r\u{1B}[K\(count) \(slug.prefix(60))") }
      }
      if isShown { writeToTerminal("\r\u{1B}[K") }
      print(json ? report.document.json : report.words(isDryRun: dryRun))
      if !report.failures.isEmpty { throw ExitStatus.someFailed }
    }
  }
}

extension PublishReport {
  private var counts: [(name: String, count: Int)] {
    [
      ("created", created), ("updated", updated), ("unchanged", unchanged), ("unpublished", unpublished),
      ("obsolete", obsolete), ("postponed", postponed), ("pictures", pictures), ("failed", failures.count),
    ]
  }

  fileprivate func words(isDryRun: Bool) -> String {
    var lines = [counts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }.joined(separator: ", ")]
    if lines[0].isEmpty { lines[0] = "nothing to do" }
    if isDryRun { lines[0] = "would be: " + lines[0] }
    if obsolete > 0 { lines.append("  obsolete items stay as they are; '--prune' makes drafts of them") }
    for failure in failures.prefix(20) { lines.append("  failed: '\(failure.slug)': \(failure.reason)") }
    if failures.count > 20 { lines.append("  and \(failures.count - 20) more; '--json' lists all") }
    for note in notes { lines.append("  \(note)") }
    return lines.joined(separator: "\n")
  }

  fileprivate var document: Document {
    Document { builder in
      builder.beginObject()
      for (name, count) in counts {
        builder.key(name)
        builder.int(Int64(count))
      }
      builder.key("failures")
      builder.beginArray()
      for failure in failures {
        builder.beginObject()
        builder.key("slug")
        builder.string(failure.slug)
        builder.key("reason")
        builder.string(failure.reason)
        builder.end()
      }
      builder.end()
      builder.key("notes")
      builder.beginArray()
      for note in notes { builder.string(note) }
      builder.end()
      builder.end()
    }
  }
}
