import Core
import Foundation
import GRDB
import Testing

@testable import Behaviour

/// The bad input of real shops: each has its name here or, where it is told by a report, in `EventImportTests`.
struct BadInputTests {
  private let folder: TemporaryFolder
  private let now: Int64 = 1_717_200_000_000
  private var path: String { folder.path + "/events.db" }

  init() throws { folder = try TemporaryFolder() }

  private func report(_ store: EventStore, _ name: String, _ text: String) throws -> CleaningReport {
    try EventImport(into: store, options: .init(), now: now).run(folder.file(name, text)).report
  }

  @Test func oneUserWithAllTheEventsIsOneProfile() throws {
    let store = try EventStore(path: path)
    var rows = "id,event,user,product,time,quantity,price\n"
    for number in 0..<20_000 {
      rows += "\(number),\(number % 2 == 0 ? "purchase" : "refund"),u,p\(number % 3),\(1_700_000_000 + number),1,2\n"
    }
    #expect(try report(store, "a.csv", rows).events == 20_000)
    var text = ""
    #expect(try ProfileBuild(store).run { text += String(decoding: $0, as: UTF8.self) }.written == 1)
    #expect(text.contains(#""events":20000"#) && text.utf8.count < 20_000)
  }

  @Test func aUserWithoutEventsHasAProfileOnceThereIsAnAccount() throws {
    let store = try EventStore(path: path)
    #expect(try ProfileBuild(store).run { _ in } == .init())
    _ = try store.loadAccounts(folder.file("accounts.jsonl", "{\"id\":\"u\"}\n"))
    #expect(try ProfileBuild(store).run { _ in }.written == 1)
  }

  @Test func aRefundOfAnUnknownProductTakesNothingOff() throws {
    let store = try EventStore(path: path)
    _ = try report(
      store, "a.csv",
      "event,user,product,time,quantity,price\nrefund,u,ghost,2024-05-01,3,5\npurchase,u,tent,2024-05-02,1,9\n")
    var text = ""
    _ = try ProfileBuild(store).run { text += String(decoding: $0, as: UTF8.self) }
    #expect(text.contains(#""orders":1,"lifetime_value":9"#) && text.contains(#""refund_count":1"#))
  }

  @Test func filesThatOverlapGiveEachEventOnce() throws {
    let store = try EventStore(path: path)
    let header = "order,user,product,time,quantity,price\n"
    let rows = (0..<300).map { "o\($0),u\($0 % 7),p\($0 % 5),\(1_700_000_000 + $0 * 60),1,5\n" }
    #expect(try report(store, "one.csv", header + rows[..<200].joined()).events == 200)
    let second = try report(store, "two.csv", header + rows[100...].joined())
    #expect(second.events == 100 && second[.duplicate, .dropped].count == 100)
    #expect(try store.counts().events == 300)
  }

  @Test func aFullDiskKeepsWhatWasCommittedAndSaysSo() throws {
    let store = try EventStore(path: path)
    var options = ImportOptions()
    options.batchRows = 500
    let rows = (0..<20_000).map { "u\($0),p\($0 % 50),\(1_700_000_000 + $0)\n" }.joined()
    let file = try folder.file("a.csv", "user,product,time\n" + rows)
    // The file may grow by so many pages and no more, as on a disk that is full.
    let limit = try store.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 } + 60
    try store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(limit)") }
    let importer = EventImport(into: store, options: options, now: now)
    do {
      _ = try importer.run(file)
      Issue.record("the disk was not full")
    } catch let error as Diagnostic {
      #expect(error.kind == "cannot write" && "\(error)".contains("it goes on where it stopped"))
    }
    let kept = try store.counts().events
    #expect(kept > 0 && kept % 500 == 0)
    try store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1073741823") }
    let result = try importer.run(file)
    #expect(result.resumedAt == kept)
    #expect(try store.counts().events == 20_000)
  }

  @Test func aDamagedDatabaseIsNamedAndLeftAsItIs() throws {
    do {
      let store = try EventStore(path: path)
      let rows = (0..<3000).map { "u\($0),p\($0 % 50),\(1_700_000_000 + $0)\n" }.joined()
      _ = try report(store, "a.csv", "user,product,time\n" + rows)
      try store.queue.close()
    }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in stride(from: 8192, to: bytes.count, by: 64) { bytes[place] = 0xEE }
    try bytes.write(to: URL(fileURLWithPath: path))
    do {
      let store = try EventStore(path: path)
      _ = try store.export { _ in }
      Issue.record("the damage was not seen")
    } catch let error as Diagnostic {
      #expect(error.kind == "corrupt database" && "\(error)".contains("left as it is"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == bytes.count)
  }
}
