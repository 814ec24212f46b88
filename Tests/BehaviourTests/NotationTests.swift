import Foundation
import Testing

@testable import Behaviour

/// How files of other countries and programs write what they hold.
struct NotationTests {
  private let folder: TemporaryFolder
  private let store: EventStore
  private let now: Int64 = 1_717_200_000_000

  init() throws {
    folder = try TemporaryFolder()
    store = try EventStore(path: folder.path + "/events.db")
  }

  private func run(_ text: String, _ options: ImportOptions = ImportOptions()) throws -> CleaningReport {
    try EventImport(into: store, options: options, now: now).run(folder.file("a.csv", text)).report
  }

  private func exported() throws -> String {
    var text = ""
    _ = try store.export { text += String(decoding: $0, as: UTF8.self) }
    return text
  }

  @Test func oneDateThatCanBeNothingElseTellsTheOrderOfAll() throws {
    let report = try run("user,product,time\nu,a,5/6/2023\nu,b,13/6/2023\n")
    #expect(report.events == 2 && report[.notation, .kept].examples.map(\.excerpt) == ["dates are day/month"])
    #expect(try exported().contains("2023-06-05T") && report.count(of: .ambiguousTime) == 0)
  }

  @Test func datesThatNothingTellsApartAreCounted() throws {
    let text = "user,product,time\nu,a,5/6/2023\nu,b,7/7/2023\nu,c,2023-06-05\n"
    let report = try run(text)
    #expect(report.events == 3 && report[.ambiguousTime, .kept].examples == [.init(line: 2, excerpt: "5/6/2023")])
    #expect(try exported().contains("2023-05-06T"))
    var options = ImportOptions()
    options.monthFirst = true
    options.startsOver = true
    #expect(try run(text, options).count(of: .ambiguousTime) == 0)
  }

  @Test func wherePricesHaveACommaDaysStandFirst() throws {
    let report = try run("user;product;time;price\nu;a;5/6/2023;2,50\n")
    #expect(report[.ambiguousTime, .kept].count == 1 && report[.notation, .kept].count == 2)
    #expect(try exported().contains("2023-06-05T"))
  }

  @Test func commasBeforeFractionsTellWhatPointsAre() throws {
    let report = try run("user;product;time;quantity;price\nu;a;2023-05-01;1;1.234\nu;b;2023-05-02;2;12,50 €\n")
    #expect(report.events == 2 && report[.notation, .kept].count == 1)
    let lines = try exported()
    #expect(lines.contains(#""price":1234}"#) && lines.contains(#""price":12.5,"currency":"EUR"}"#))
  }

  @Test func wordsForNothingAreNothing() throws {
    let report = try run(
      """
      id,order,user,product,time,quantity,price,brand,region
      NULL,nan,anna,a,2023-05-01,1,NaN,None,NA
      NULL,nan,anna,b,2023-05-02,1,5,Nord,NA
      NULL,nan,NULL,b,2023-05-02,1,5,Nord,NA
      NULL,nan,nan,b,2023-05-02,1,5,Nord,NA

      """)
    #expect(report.events == 2 && report[.missingUser, .dropped].count == 2 && report[.missingPrice, .kept].count == 1)
    let lines = try exported()
    #expect(lines.contains(#""region":"NA""#) && !lines.contains(#""order""#) && !lines.contains("None"))
  }

  @Test func theBestNameOfAFieldWinsInJSONToo() throws {
    for (index, order) in [#""order_id":"o1","session_id":"s","#, #""session_id":"s","order_id":"o1","#].enumerated() {
      let line =
        #"{\#(order)"type":"track","event":"Order Completed","user":"u","product":"p\#(index)","time":"2023-05-01"}"#
      let file = try folder.file("\(index).jsonl", line)
      _ = try EventImport(into: store, options: ImportOptions(), now: now).run(file)
    }
    #expect(
      try exported().split(separator: "\n").count { $0.contains(#""kind":"purchase""#) && $0.contains("\"o1\"") } == 2)
  }

  @Test func separatorsBehindTheLastCellAreNoCells() throws {
    #expect(try run("user;product;time\nu;a;2023-05-01;;\nu;b;2023-05-01;;x\n").events == 1)
  }

  @Test func noBreakSpacesAreNoPartOfAnID() throws {
    #expect(try run("user,product,time\n\u{A0}anna\u{A0},a,2023-05-01\nanna,b,2023-05-02\n").events == 2)
    #expect(try store.counts().profiles == 1)
  }

  @Test(arguments: ["False", "no", "0", "N", "withdrawn", "opt-out", "?"])
  func consentIsWhatIsClearlyGiven(word: String) throws {
    let report = try run(
      "user,product,time,consent\nanna,a,2023-05-01,\(word)\nbert,b,2023-05-02,YES\ncarl,b,2023-05-02,\n")
    #expect(report.events == 2 && report[.withoutConsent, .dropped].count == 1)
  }

  @Test func consentByPurposeIsOneToAnyOfThem() throws {
    let lines = [#"{"personalise":false,"measure":false}"#, #"{"personalise":false,"measure":true}"#, "false"].map {
      #"{"user":"u","product":"p","time":"2023-05-01","consent":\#($0)}"#
    }
    let file = try folder.file("a.jsonl", lines.joined(separator: "\n"))
    let report = try EventImport(into: store, options: ImportOptions(), now: now).run(file).report
    #expect(report.events == 1 && report[.withoutConsent, .dropped].count == 2)
  }

  @Test func aRowIsDroppedOnce() throws {
    var options = ImportOptions()
    options.outliers = .drop
    options.missing = .drop
    let rows = (0..<1200).map { "o\($0),u\($0 % 7),p1,2024-01-01T10:00:00Z,\($0 % 4 + 1),2\n" }
    let report = try run(
      "order,user,product,time,quantity,price\n" + rows.joined() + "x,u,p,2024-01-01,90000,90000\ny,u,p,2024-01-01,,\n",
      options)
    #expect(report.events == 1200 && report.dropped == 2 && report.rows == 1202)
  }

  @Test func aTotalOfNextToNothingIsNoPrice() throws {
    let report = try run("user,product,time,quantity,amount\nu,a,2023-05-01,0.0001,900000000000000\n")
    #expect(report.events == 1 && report[.unreadableNumber, .kept].count == 1)
  }

  @Test func aFileWrittenAnewWithMoreInBetweenIsReadAgain() throws {
    func rows(_ numbers: some Sequence<Int>) -> String { numbers.map { "u\($0),p\($0),2023-05-01\n" }.joined() }
    let header = "user,product,time\n"
    _ = try run(header + rows(1000..<2000))
    let report = try run(header + rows(1000..<1500) + rows(5000..<5003) + rows(1500..<2000))
    #expect(report.events == 3 && report[.duplicate, .dropped].count == 1000)
  }
}
