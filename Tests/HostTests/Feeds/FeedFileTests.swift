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
    #expect(folder.names.allSatisfy { $0.hasPrefix(".") && $0.hasSuffix(".partial") })
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
    #expect(error?.description == "cannot create feed: 'merchant.xml': No such file or directory")
  }

  @Test func anEmptyFeedIsWellFormed() throws {
    #expect(try MerchantFeed(path: folder.path + "/m.xml", site: shop).finish().written == 0)
    #expect(try WordPressFeed(path: folder.path + "/w.xml", site: shop).finish().written == 0)
    #expect(try ParsedFeed(try folder.text(of: "m.xml")).items.isEmpty)
    #expect(try ParsedFeed(try folder.text(of: "w.xml")).items.isEmpty)
  }
}
