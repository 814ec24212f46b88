import Core
import Glibc
import Host
import Testing

struct FeedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func nothingIsVisibleBeforeTheEndNorAfterAnAbandonedFeed() throws {
    let feeds: [any FeedWriter] = [
      try MerchantFeed(path: folder.path + "/merchant.xml", site: shop),
      try WordPressFeed(path: folder.path + "/import.xml", site: shop),
    ]
    for feed in feeds { try feed.add(json: product()) }
    #expect(folder.names.allSatisfy { $0.hasPrefix(".bespoke-") })
    for feed in feeds { feed.abandon() }
    #expect(folder.names.isEmpty)
  }

  @Test func aForgottenFeedLeavesNothing() throws {
    do { try MerchantFeed(path: folder.path + "/merchant.xml", site: shop).add(json: product()) }
    do { try WordPressFeed(path: folder.path + "/import.xml", site: shop).add(json: product()) }
    #expect(folder.names.isEmpty)
  }

  @Test func anOldFeedStaysUntilANewOneIsWhole() throws {
    let path = folder.path + "/merchant.xml"
    _ = try MerchantFeed(path: path, site: shop).finish()
    let old = try folder.text(of: "merchant.xml")
    let feed = try MerchantFeed(path: path, site: shop)
    try feed.add(json: product())
    #expect(try folder.text(of: "merchant.xml") == old)
    _ = try feed.finish()
    #expect(try folder.text(of: "merchant.xml") != old)
  }

  @Test func sameItemsGiveTheSameBytes() throws {
    func bytes() throws -> [String] {
      let feeds: [any FeedWriter] = [
        try MerchantFeed(path: folder.path + "/merchant.xml", site: shop),
        try WordPressFeed(path: folder.path + "/import.xml", site: shop),
      ]
      for feed in feeds {
        for index in 0..<50 {
          try feed.add(json: product(["id": "\"\(index)\"", "tags": "[\"a\",\"b\"]"]), path: "\(index).html")
        }
        _ = try feed.finish()
      }
      return try folder.names.map(folder.text)
    }
    #expect(try bytes() == bytes())
  }

  @Test func aFolderThatIsMissingIsADiagnostic() {
    let error = #expect(throws: Diagnostic.self) {
      try MerchantFeed(path: "/nonexistent/merchant.xml", site: shop)
    }
    #expect(error?.description == "cannot write: feed 'merchant.xml', at 'create': No such file or directory")
  }

  @Test func aFeedThatCannotTakeItsNameLeavesNothingElse() throws {
    #expect(mkdir(folder.path + "/taken.xml", 0o755) == 0)
    defer { rmdir(folder.path + "/taken.xml") }
    let path = folder.path + "/taken.xml"
    let makers: [() throws -> any FeedWriter] = [
      { try MerchantFeed(path: path, site: shop) }, { try WordPressFeed(path: path, site: shop) },
    ]
    for make in makers {
      let feed = try make()
      try feed.add(json: product())
      let error = #expect(throws: Diagnostic.self) { try feed.finish() }
      #expect(error?.description == "cannot write: feed 'taken.xml', at 'rename': Is a directory")
    }
    #expect(folder.names == ["taken.xml"])
  }

  @Test(arguments: [
    (Int64(0), "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (1_772_352_000, "Sun, 01 Mar 2026 08:00:00 +0000"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 +0000"),
    (-1, "Wed, 31 Dec 1969 23:59:59 +0000"), (.max, "Fri, 31 Dec 9999 23:59:59 +0000"),
  ])
  func datesAreThoseOfTheRun(runTime: Int64, date: String) throws {
    var site = shop
    site.runTime = runTime
    _ = try WordPressFeed(path: folder.path + "/w.xml", site: site).finish()
    #expect(try folder.text(of: "w.xml").contains("<pubDate>\(date)</pubDate>"))
  }

  @Test func anEmptyFeedIsWellFormed() throws {
    #expect(try MerchantFeed(path: folder.path + "/m.xml", site: shop).finish().written == 0)
    #expect(try WordPressFeed(path: folder.path + "/w.xml", site: shop).finish().written == 0)
    #expect(try ParsedFeed(try folder.text(of: "m.xml")).items.isEmpty)
    #expect(try ParsedFeed(try folder.text(of: "w.xml")).items.isEmpty)
  }
}
