import Core
import Host
import Markup
import Testing

struct WordPressPublisherTests {
  private let folder: TemporaryFolder
  private let server = FakeWordPress()

  init() throws { folder = try TemporaryFolder() }

  private func line(_ slug: String, content: String = "<p>Sleeps two. \\u80cc\\u5305 ]]> \\\\ &amp; {{ x }}</p>")
    -> String
  {
    #"{"url":"https://shop.example/\#(slug).html","path":"\#(slug).html","slug":"\#(slug)","title":"A <b>tent</b>","#
      + #""summary":"Dry & light","content":"\#(content)","images":["https://shop.example/images/tent.png"],"#
      + #""product":{"category":"Outdoor > Tents","tags":["new in"]}}"#
  }

  @discardableResult
  private func publish(
    _ lines: [String], site: String = "https://blog.example", _ change: (inout PublishOptions) -> Void = { _ in }
  ) throws -> PublishReport {
    try (lines.joined(separator: "\n") + "\n").write(toFile: folder.path + "/pages.jsonl")
    var options = PublishOptions()
    options.mediaFolder = folder.path
    change(&options)
    let api = try WordPressAPI(site: site, user: "ed", password: "abcd efgh", transport: server)
    return try WordPressPublisher(api: api, site: site, ledger: folder.path + "/ledger", options: options)
      .publish(file: folder.path + "/pages.jsonl")
  }

  @Test func createsPostsWithTermsAndReadsThemBack() throws {
    let report = try publish([line("a"), line("b")])
    #expect(report.created == 2 && report.failures.isEmpty)
    let post = try #require(server.posts.values.first { $0.slug == "a" })
    #expect(post.title == "A &lt;b&gt;tent&lt;/b&gt;" && post.excerpt == "Dry &amp; light")
    #expect(post.content == "<p>Sleeps two. 背包 ]]> \\ &amp; {{ x }}</p>" && post.status == "publish")
    #expect(Set(server.terms.keys) == ["categories/outdoor", "categories/outdoor-tents", "tags/new-in"])
    #expect(post.categories == [server.terms["categories/outdoor-tents"]])
    #expect(report.notes.count == 2)
  }

  @Test func aSecondRunWritesNothing() throws {
    try publish([line("a"), line("b")])
    let writes = server.writes
    let report = try publish([line("a"), line("b")])
    #expect(report.unchanged == 2 && report.created == 0 && server.writes == writes)
  }

  @Test func aChangedItemChangesOnePost() throws {
    try publish([line("a"), line("b")])
    let before = server.posts
    let report = try publish([line("a"), line("b", content: "<p>New</p>")])
    #expect(report.updated == 1 && report.unchanged == 1)
    #expect(server.posts.filter { before[$0.key] != $0.value }.values.map(\.slug) == ["b"])
    #expect(server.posts.count == 2)
  }

  @Test func whatIsGoneIsUnpublishedOnlyWhenAskedFor() throws {
    try publish([line("a"), line("b")])
    #expect(try publish([line("a")]).obsolete == 1)
    #expect(server.posts.values.allSatisfy { $0.status == "publish" })
    #expect(try publish([line("a")]) { $0.prunes = true }.unpublished == 1)
    #expect(server.posts.values.first { $0.slug == "b" }?.status == "draft")
    #expect(try publish([line("a")]) { $0.prunes = true }.unpublished == 0)
  }

  @Test func aDryRunWritesNothingAndRemembersNothing() throws {
    let report = try publish([line("a")]) { $0.isDryRun = true }
    #expect(report.created == 1 && server.writes == 0 && !folder.names.contains("ledger"))
    #expect(try publish([line("a")]).created == 1)
  }

  @Test func theLimitHoldsAndTheNextRunGoesOn() throws {
    let lines = ["a", "b", "c"].map { line($0) }
    let first = try publish(lines) { $0.limit = 2 }
    #expect(first.created == 2 && first.postponed == 1)
    let second = try publish(lines)
    #expect(second.created == 1 && second.unchanged == 2)
  }

  @Test func aRunThatLosesTheServerIsTakenUp() throws {
    try publish([line("a")])
    server.troubles = [200]
    #expect(throws: Diagnostic.self) { try publish([line("a"), line("b")]) }
    let report = try publish([line("a"), line("b")])
    #expect(report.created == 1 && report.unchanged == 1 && server.posts.count == 2)
  }

  @Test func aLostLedgerDoublesNothing() throws {
    try publish([line("a")])
    #expect(folder.remove("ledger"))
    let report = try publish([line("a")])
    #expect(report.created == 0 && report.failures.isEmpty && server.posts.count == 1)
  }

  @Test func postsOfOthersAreTakenOverOnlyWhenAskedFor() throws {
    server.posts[7] = .init(title: "About", content: "Ours", slug: "a", status: "publish")
    let report = try publish([line("a")])
    #expect(report.failures.map(\.slug) == ["a"] && server.posts[7]?.content == "Ours")
    #expect(try publish([line("a")]) { $0.adopts = true }.updated == 1)
    #expect(server.posts.count == 1)
  }

  @Test(arguments: ["publish_posts", "edit_others_posts", "unfiltered_html", "manage_categories", "upload_files"])
  func missingRightsStopTheRunBeforeTheFirstWrite(right: String) throws {
    server.rights.removeAll { $0 == right }
    let error = #expect(throws: Diagnostic.self) { try publish([line("a")]) }
    #expect(error?.kind == "not allowed" && error?.detail.contains(right) == true && server.writes == 0)
  }

  @Test func whatTheSiteAltersIsReported() throws {
    server.filter = { $0.replacing("]]>", with: "]]&gt;") }
    let report = try publish([line("a")])
    #expect(report.failures.map(\.reason) == ["WordPress stored another 'content' than it was sent"])
  }

  @Test func aBusyServerIsAskedAgainAfterAPause() throws {
    server.troubles = [503, 429, 502]
    #expect(try publish([line("a")]).created == 1)
    #expect(server.waits == [1, 2, 4])
    server.troubles = Array(repeating: 503, count: 5)
    let error = #expect(throws: Diagnostic.self) { try publish([line("b")]) }
    #expect(error?.kind == "no connection")
  }

  @Test func wrongPasswordsAreNamedWithoutThem() throws {
    server.troubles = [401]
    let error = #expect(throws: Diagnostic.self) { try publish([line("a")]) }
    #expect(error?.description == "not allowed: WordPress knows no such user and application password")
    #expect(server.requests[0].headers.contains { $0.name == "Authorization" && $0.value == "Basic ZWQ6YWJjZCBlZmdo" })
  }

  @Test(arguments: ["http://blog.example", "ftp://blog.example", "blog.example", "", "http://127.0.0.1.evil.example"])
  func aPasswordNeverTravelsInTheClear(site: String) {
    #expect(throws: Diagnostic.self) { try publish([line("a")], site: site) }
    #expect(server.requests.isEmpty)
  }

  @Test func picturesAreUploadedOnce() throws {
    try "png".write(toFile: folder.path + "/tent.png")
    let lines = ["a", "b"].map { line($0).replacing("images/tent.png", with: "tent.png") }
    #expect(try publish(lines).pictures == 1)
    #expect(server.media.count == 1 && Set(server.posts.values.map(\.media)).count == 1)
    try publish([lines[0].replacing("Sleeps", with: "Holds"), lines[1]])
    #expect(server.media.count == 1)
  }

  @Test(arguments: ["", "{", "[]", #"{"slug":"a"}"#])
  func aBrokenFileStopsTheRunBeforeTheFirstWrite(broken: String) throws {
    #expect(throws: Diagnostic.self) { try publish([line("a"), broken, line("b")]) }
    #expect(server.requests.isEmpty)
  }

  @Test func aLedgerServesOneSite() throws {
    try publish([line("a")])
    let error = #expect(throws: Diagnostic.self) { try publish([line("a")], site: "https://other.example") }
    #expect(error?.kind == "wrong ledger")
  }

  @Test func aSlugThatIsThereTwiceIsPublishedOnce() throws {
    let report = try publish([line("a"), line("a", content: "x")])
    #expect(report.created == 1 && report.failures.map(\.slug) == ["a"])
  }
}

extension TemporaryFolder {
  /// Removes a file; tells whether it was there.
  fileprivate func remove(_ name: String) -> Bool { unlinkFile("\(path)/\(name)") }
}
