import Foundation
import GRDB
import Testing

@testable import Behaviour

struct MigrationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A database as each earlier version left it, with a purchase.
  private func database(of version: String) throws -> String {
    let path = "\(folder.path)/\(version.prefix(1)).db"
    let queue = try DatabaseQueue(path: path)
    try Schema.migrator.migrate(queue, upTo: version)
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO profiles VALUES (1, 'anna');
          INSERT INTO products VALUES (1, 'tent');
          INSERT INTO events VALUES (1, 1714557610000, 7, \(EventKind.purchase.rawValue), 1, NULL, 2.0, 995000, NULL, 0, NULL,
            NULL, 0, NULL);
          INSERT INTO marks VALUES ('newest', 1714557610000);
          INSERT OR IGNORE INTO touched VALUES (1);
          """)
    }
    try queue.close()
    return path
  }

  @Test(arguments: Schema.migrator.migrations.dropLast())
  func everyEarlierVersionIsBroughtUpToDateAndBackedUp(version: String) throws {
    let path = try database(of: version)
    let store = try EventStore(path: path)
    #expect(try store.read { try Schema.migrator.hasCompletedMigrations($0) })
    let backup = try DatabaseQueue(path: path + ".backup")
    #expect(try backup.read { try Schema.migrator.appliedMigrations($0).last } == version)
    let file = try folder.file(
      "more.csv", "user,product,time,quantity,price\nanna,pegs,2024-05-03,1,5\nbert,tent,2024-05-03,1,99\n")
    #expect(try EventImport(into: store, options: .init(), now: 1_717_200_000_000).run(file).report.events == 2)
    var text = ""
    #expect(try ProfileBuild(store).run { text += String(decoding: $0, as: UTF8.self) }.written == 2)
    #expect(text.contains(#""id":"anna","segments":["#) && text.contains(#""lifetime_value":204"#))
  }

  @Test func aNewDatabaseIsNotBackedUp() throws {
    _ = try EventStore(path: folder.path + "/new.db")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".backup") }.isEmpty)
  }
}
