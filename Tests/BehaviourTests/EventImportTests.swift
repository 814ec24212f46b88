import Foundation
import GRDB
import Testing

@testable import Behaviour

struct EventImportTests {
  private let folder: TemporaryFolder
  private let store: EventStore
  /// 2024-06-01 in UTC.
  private let now: Int64 = 1_717_200_000_000

  init() throws {
    folder = try TemporaryFolder()
    store = try EventStore(path: folder.path + "/events.db")
  }

  private func run(_ name: String, _ text: String, _ options: ImportOptions = ImportOptions()) throws -> CleaningReport
  {
    try EventImport(into: store, options: options, now: now).run(folder.file(name, text)).report
  }

  private func lines() throws -> [String] {
    var text = ""
    _ = try store.export { text += String(decoding: $0, as: UTF8.self) }
    return text.split(separator: "\n").map(String.init)
  }

  private let orders = """
    InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
    536365,85123A,WHITE  HOLDER ,6,2024-01-10 08:26:00,2.55,17850.0,United Kingdom
    536365,71053,LANTERN,6,2024-01-10 08:26:00,3.39,17850.0,United Kingdom
    C536379,85123A,WHITE HOLDER,-1,2024-01-11 09:41:00,2.55,17850.0,United Kingdom
    536380,POST,POSTAGE,1,2024-01-12 09:41:00,18.00,12583.0,France

    """

  @Test func columnsAreFoundByTheirUsualNames() throws {
    var options = ImportOptions()
    options.refundPrefix = "C"
    options.productPattern = "#####*"
    options.timeZone = "Europe/London"
    options.currency = "GBP"
    let report = try run("orders.csv", orders, options)
    #expect(report.rows == 4 && report.events == 3 && report.dropped == 1)
    #expect(report[.otherCode, .dropped].examples.first == .init(line: 5, excerpt: "POST"))
    #expect(report[.cancellation, .kept].count == 1)
    let lines = try lines()
    #expect(lines.count == 3)
    let refund = #""kind":"refund","user":"17850","product":"85123A","name":"WHITE  HOLDER""#
    #expect(lines.contains { $0.contains(refund) })
    #expect(
      lines.contains {
        $0.hasSuffix(
          #""time":"2024-01-10T08:26:00Z","order":"536365","quantity":6,"price":3.39,"currency":"GBP","region":"United Kingdom"}"#
        )
      })
  }

  @Test func theSameEventsInAFileOfOtherColumnsAreRecognised() throws {
    _ = try run("a.csv", orders)
    let renamed = orders.replacingOccurrences(of: "InvoiceNo", with: "Invoice")
      .replacingOccurrences(of: "UnitPrice", with: "Price").replacingOccurrences(of: "CustomerID", with: "Customer ID")
    let report = try run("b.csv", renamed + "536390,71053,LANTERN,2,2024-02-01 10:00:00,3.39,17850.0,France\n")
    #expect(report.events == 1)
    #expect(report[.duplicate, .dropped].count == 3)
  }

  @Test func idsDecideWhereThereAreAny() throws {
    let report = try run(
      "a.jsonl",
      """
      {"id":"e1","event":"view","user":"u1","product":"p1","time":"2024-05-01T10:00:00Z"}
      {"id":"e1","event":"view","user":"u1","product":"p1","time":"2024-05-01T10:00:05Z"}
      {"id":"e2","event":"add to cart","user":"u1","product":"p1","time":1714557610}
      {"id":"e3","event":"message_open","user":"u1","time":"2024-05-01T13:00:00+02:00","channel":"mail"}
      {"id":"e4","event":"danced","user":"u1","time":"2024-05-01T12:00:00+02:00"}
      {"event":"view","user":"u1","time":"2024-05-01T12:00:00+02:00"}
      not JSON
      """)
    #expect(report.events == 3)
    #expect(report[.conflictingID, .dropped].examples.map(\.line) == [2] && report[.duplicate, .dropped].count == 0)
    #expect(report[.unknownKind, .dropped].examples.first?.excerpt == "danced")
    #expect(report[.missingProduct, .dropped].count == 1)
    #expect(report[.unreadableRow, .dropped].count == 1)
    let lines = try lines()
    #expect(lines[1].contains(#""kind":"add_to_cart""#) && lines[1].contains(#""time":"2024-05-01T10:00:10Z""#))
    #expect(lines.first?.contains(#""kind":"view""#) == true)
    #expect(lines.last?.contains(#""time":"2024-05-01T13:00:00+02:00","channel":"mail""#) == true)
  }

  @Test func exportedEventsComeBackAsTheSame() throws {
    _ = try run("orders.csv", orders)
    let exported = try lines()
    let report = try run("again.jsonl", exported.joined(separator: "\n"))
    #expect(report.events == 0 && report[.duplicate, .dropped].count == exported.count)
    let other = try EventStore(path: folder.path + "/other.db")
    _ = try EventImport(into: other, options: ImportOptions(), now: now).run(folder.path + "/again.jsonl")
    var text = ""
    _ = try other.export { text += String(decoding: $0, as: UTF8.self) }
    #expect(text.split(separator: "\n").map(String.init) == exported)
  }

  @Test func reviewsKeepTheirRatingAndMessagesTheirOpening() throws {
    let report = try run(
      "a.csv",
      """
      event,user,product,category,brand,time,rating
      review,u1,p1,tents,Nord,2024-05-01T10:00:00Z,4.5
      message open,u1,,,,2024-05-02T10:00:00Z,
      review,u1,p1,tents,Nord,2024-05-03T10:00:00Z,lovely
      """)
    #expect(report.events == 3 && report[.unreadableNumber, .kept].examples.first?.excerpt == "lovely")
    let lines = try lines()
    #expect(lines[0].contains(#""kind":"review","user":"u1","product":"p1","category":"tents","brand":"Nord""#))
    #expect(lines[0].hasSuffix(#""rating":4.5}"#) && !lines[2].contains("rating"))
    #expect(lines[1].contains(#""kind":"message_open","user":"u1","time""#))
    var text = ""
    _ = try ProfileBuild(store).run { text += String(decoding: $0, as: UTF8.self) }
    #expect(text.contains(#""review_count":2"#) && text.contains(#""mean_rating":4.5"#))
  }

  @Test func impossibleValuesAreDroppedAndNamed() throws {
    let report = try run(
      "a.csv",
      """
      user,product,time,quantity,price
      u1,p1,1970-01-01 00:00:00,1,1
      u1,p1,2100-01-01 00:00:00,1,1
      u1,p1,yesterday,1,1
      u1,p1,2024-02-30,1,1
      ,p1,2024-02-03,1,1
      u1,,2024-02-03,1,1
      u1,p1,,1,1
      u1,p1,2024-02-03,-5,1
      u1,p1,2024-02-03,0,1
      u1,p1,2024-02-03,1,-2
      u1,p1,2024-02-03,1,0
      """)
    #expect(report.events == 1)
    #expect(report[.impossibleTime, .dropped].count == 2)
    #expect(report[.unreadableTime, .dropped].examples.map(\.excerpt) == ["yesterday", "2024-02-30"])
    for finding in [
      Finding.missingUser, .missingProduct, .missingTime, .negativeQuantity, .zeroQuantity, .negativePrice,
    ] { #expect(report[finding, .dropped].count == 1, "\(finding)") }
    #expect(report[.zeroPrice, .kept].count == 1)
    #expect(report.rows == report.events + report.dropped)
  }

  @Test func timesWithoutAZoneAreLocal() throws {
    var options = ImportOptions()
    options.timeZone = "Europe/London"
    _ = try run("a.csv", "user,product,time\nu1,p1,2024-01-10 08:00\nu1,p1,2024-05-10 08:00\n", options)
    let lines = try lines()
    #expect(lines.first?.contains("2024-01-10T08:00:00Z") == true)
    #expect(lines.last?.contains("2024-05-10T08:00:00+01:00") == true)
    #expect(throws: (any Error).self) {
      var options = ImportOptions()
      options.timeZone = "Europe/Londen"
      return try run("b.csv", "user,product,time\n", options)
    }
  }

  @Test func anUnknownColumnNamesTheNearestOne() throws {
    var options = ImportOptions()
    options.columns[.user] = "Custumer"
    do {
      _ = try run("a.csv", "Customer,product,time\nu1,p1,2024-01-10\n", options)
      Issue.record("a column that is not there was accepted")
    } catch { #expect("\(error)".contains("did you mean 'Customer'?")) }
  }

  @Test func lateAndUnorderedEventsAreKeptAndCounted() throws {
    _ = try run("a.csv", "user,product,time\nu1,p1,2024-03-02\nu1,p2,2024-03-01\n")
    let report = try run("b.csv", "user,product,time\nu1,p3,2024-02-01\nu1,p4,2024-03-05\n")
    #expect(report.events == 2)
    #expect(report[.late, .kept].count == 1 && report[.outOfOrder, .kept].count == 0)
    #expect(try lines().map { $0.contains("p3") }.first == true)
  }

  @Test func requestsOfALogBecomeEvents() throws {
    var options = ImportOptions()
    options.log = .usual
    let agent = #""Mozilla/5.0 (X11)""#
    let report = try run(
      "access.log",
      """
      10.0.0.1 - anna [10/May/2024:13:55:36 +0200] "GET /product/K-7%20b HTTP/1.1" 200 2326 "-" \(agent)
      10.0.0.2 - - [10/May/2024:13:55:37 +0200] "GET /search?q=red+tent&page=2 HTTP/1.1" 200 99 "-" \(agent)
      10.0.0.2 - - [10/May/2024:13:55:38 +0200] "GET /style.css HTTP/1.1" 200 99 "-" \(agent)
      10.0.0.2 - - [10/May/2024:13:55:39 +0200] "GET /product/x HTTP/1.1" 404 99 "-" \(agent)
      10.0.0.3 - - [10/May/2024:13:55:40 +0200] "GET /product/x HTTP/1.1" 200 99 "-" "Googlebot/2.1"
      nonsense
      """, options)
    #expect(report.events == 2)
    for finding in [Finding.otherRequest, .failedRequest, .robot, .unreadableRow] {
      #expect(report[finding, .dropped].count == 1, "\(finding)")
    }
    let lines = try lines()
    #expect(lines[0].contains(#""kind":"view","user":"anna","product":"K-7 b","time":"2024-05-10T13:55:36+02:00""#))
    #expect(lines[1].contains(#""kind":"search","user":"visitor-"#) && lines[1].contains(#""query":"red tent""#))
    #expect(!lines[1].contains("10.0.0.2"))
  }

  @Test func browsingFasterThanAPersonIsARobots() throws {
    var options = ImportOptions()
    options.robotLimit = 20
    let fast = (0..<30).map { "robot,p\($0),2024-05-01T10:00:\($0 < 10 ? "0" : "")\($0)Z" }
    let slow = (0..<30).map { "anna,p\($0),2024-05-01T10:\($0 < 10 ? "0" : "")\($0):00Z" }
    let report = try run("a.csv", (["user,product,time"] + fast + slow).joined(separator: "\n"), options)
    #expect(report.events == 30 && report[.robot, .dropped].count == 30)
    #expect(try lines().allSatisfy { $0.contains("anna") })
  }

  @Test func missingNumbersAreRepairedAsConfigured() throws {
    for (treatment, price) in [
      (ImportOptions.Treatment.mean, "4"), (.median, "3"), (.mode, "3"), (.interpolation, "5"),
    ] {
      var options = ImportOptions()
      options.missing = treatment
      let text = """
        order,user,product,time,quantity,price
        o1,u1,p1,2024-01-01,1,3
        o2,u1,p1,2024-01-02,1,3
        o3,u2,p1,2024-01-03,1,
        o4,u1,p1,2024-01-04,1,7
        o5,u1,p1,2024-01-05,1,3
        o5,u1,p2,2024-01-05,1,900
        """
      let store = try EventStore(path: folder.path + "/\(treatment).db")
      let report = try EventImport(into: store, options: options, now: now).run(folder.file("a.csv", text)).report
      #expect(report[.missingPrice, treatment.outcome].count == 1)
      var lines = ""
      _ = try store.export { lines += String(decoding: $0, as: UTF8.self) }
      #expect(lines.contains(#""order":"o3","quantity":1,"price":\#(price)}"#), "\(treatment)")
    }
  }

  @Test func outliersAreTreatedAsConfigured() throws {
    let rows = (0..<1200).map { "o\($0),u\($0 % 7),p1,2024-01-01T10:00:00Z,\($0 % 4 + 1),2" }
    let text =
      "order,user,product,time,quantity,price\n" + rows.joined(separator: "\n")
      + "\nbig,u1,p1,2024-01-02,80995,2\n"
    var options = ImportOptions()
    options.outliers = .median
    let report = try run("a.csv", text, options)
    #expect(report[.outlyingQuantity, .median].examples.first?.excerpt == "80995.0")
    #expect(report[.outlyingQuantity, .median].count == 1)
    let repaired = try lines().filter {
      $0.contains(#""order":"big","quantity":3,"#) || $0.contains(#""order":"big","quantity":2,"#)
    }
    #expect(repaired.count == 1)
  }
}
