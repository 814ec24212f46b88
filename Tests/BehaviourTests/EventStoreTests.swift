import Core
import Foundation
import GRDB
import Testing

@testable import Behaviour

struct EventStoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/events.db" }
  private let now: Int64 = 1_717_200_000_000

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ count: Int, from first: Int = 0) -> String {
    (first..<(first + count)).map { "u\($0 % 50),p\($0 % 31),\(1_700_000_000 + $0 * 60)\n" }.joined()
  }

  private func exported(_ store: EventStore) throws -> String {
    var text = ""
    _ = try store.export { text += String(decoding: $0, as: UTF8.self) }
    return text
  }

  @Test func anImportThatWasStoppedGoesOnBehindTheLastBatch() throws {
    let file = try folder.file("a.csv", "user,product,time\n" + rows(1000))
    var options = ImportOptions()
    options.batchRows = 100
    let whole = try EventStore(path: folder.path + "/whole.db")
    let undisturbed = try EventImport(into: whole, options: options, now: now).run(file)
    let store = try EventStore(path: path)
    let importer = EventImport(into: store, options: options, now: now)
    let first = try importer.run(file) { $0.rows < 300 }
    #expect(first.report.events == 300)
    let second = try importer.run(file)
    #expect(second.resumedAt == 300 && !second.wasDone)
    #expect(second.report == undisturbed.report)
    #expect(try exported(store) == exported(whole))
    let third = try importer.run(file)
    #expect(third.wasDone && third.report == undisturbed.report)
  }

  @Test func aFileThatGrewIsReadFromWhereItEnded() throws {
    let store = try EventStore(path: path)
    let importer = EventImport(into: store, options: ImportOptions(), now: now)
    _ = try importer.run(folder.file("a.csv", "user,product,time\n" + rows(500)))
    let longer = try importer.run(folder.file("a.csv", "user,product,time\n" + rows(700)))
    #expect(longer.resumedAt == 500 && longer.report.events == 700)
    let other = try importer.run(folder.file("a.csv", "user,product,time\n" + rows(10, from: 5000)))
    #expect(other.resumedAt == 0 && other.report.events == 10)
  }

  /// Texts are looked up in groups, of which some are there and some are not.
  @Test func textsKeepTheirKeysFromImportToImport() throws {
    let store = try EventStore(path: path)
    let importer = EventImport(into: store, options: ImportOptions(), now: now)
    for (name, users) in [("a.csv", 0..<200), ("b.csv", 150..<450)] {
      let rows = users.map { "u\($0),\(name.prefix(1))\($0 % 90),\(1_700_000_000 + $0 * 60)\n" }.joined()
      #expect(try importer.run(folder.file(name, "user,product,time\n" + rows)).report.events == users.count)
    }
    let counts = try store.counts()
    #expect(counts.profiles == 450 && counts.products == 180 && counts.events == 500)
    let lines = try exported(store).split(separator: "\n")
    for user in [0, 149, 150, 199, 200, 449] {
      let own = lines.filter { $0.contains("\"user\":\"u\(user)\"") }
      let products = (user < 200 ? ["a\(user % 90)"] : []) + (user >= 150 ? ["b\(user % 90)"] : [])
      #expect(own.count == products.count && zip(own, products).allSatisfy { $0.contains("\"product\":\"\($1)\"") })
    }
  }

  @Test func aFailedBatchLeavesNothing() throws {
    let store = try EventStore(path: path)
    try store.write { db in
      try db.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON touched BEGIN SELECT RAISE(ABORT, 'no'); END")
    }
    let file = try folder.file("a.csv", "user,product,time\n" + rows(10))
    #expect(throws: (any Error).self) { try EventImport(into: store, options: ImportOptions(), now: now).run(file) }
    #expect(try store.counts().events == 0)
    try store.write { try $0.execute(sql: "DROP TRIGGER full") }
    let report = try EventImport(into: store, options: ImportOptions(), now: now).run(file).report
    #expect(report.events == 10)
  }

  @Test func aFileThatIsNoDatabaseIsNamedAndLeftAsItIs() throws {
    let text = String(repeating: "this is no database\n", count: 100)
    let path = try folder.file("events.db", text)
    do {
      _ = try EventStore(path: path)
      Issue.record("a text was opened as a database")
    } catch let error as Diagnostic {
      #expect(error.kind == "corrupt database")
      #expect(try folder.read("events.db") == text)
    }
  }

  @Test func aDatabaseOfANewerVersionIsRefused() throws {
    do {
      let store = try EventStore(path: path)
      try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 future')") }
    }
    do {
      _ = try EventStore(path: path)
      Issue.record("a newer schema was accepted")
    } catch let error as Diagnostic { #expect(error.kind == "newer database" && error.detail.contains("99 future")) }
  }

  @Test func aLockedDatabaseIsSaidToBeLocked() throws {
    let store = try EventStore(path: path)
    let other = try DatabaseQueue(path: path)
    try store.queue.inDatabase { try $0.busyTimeoutForTests(1) }
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN EXCLUSIVE")
      do {
        try store.write { try $0.execute(sql: "DELETE FROM touched") }
        Issue.record("a locked database was written")
      } catch let error as Diagnostic { #expect(error.kind == "locked database") }
      try db.execute(sql: "ROLLBACK")
    }
  }

  @Test func pruningRemovesWhatIsOldAndMarksItsPeople() throws {
    let store = try EventStore(path: path)
    _ = try EventImport(into: store, options: ImportOptions(), now: now).run(
      folder.file("a.csv", "user,product,time\nu1,p1,2024-01-01\nu1,p2,2024-03-01\nu2,p1,2024-03-01\n"))
    try store.write { try $0.execute(sql: "DELETE FROM touched") }
    let moment = try #require(Moment("2024-02-01"))
    #expect(try store.prune(before: moment.milliseconds) == 1)
    #expect(try store.counts().events == 2)
    #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM touched") } == 1)
  }
}

extension Database {
  fileprivate func busyTimeoutForTests(_ milliseconds: Int) throws {
    try execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
  }
}
