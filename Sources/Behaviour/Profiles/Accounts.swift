import Core
import GRDB
import Host

extension EventStore {
  /// What became of a file of accounts.
  public struct AccountReport: Sendable, Equatable {
    /// Accounts kept.
    public var kept = 0
    /// Lines without an id, or that are no JSON objects.
    public var unreadable = 0
    /// Accounts of people who were erased.
    public var erased = 0
  }

  /// Keeps what people told of themselves, one JSON object with an `id` a line; an id that is there already is replaced.
  ///
  /// - Throws: `Diagnostic` of kind "invalid accounts" where the file is no JSON lines.
  public func loadAccounts(_ path: String) throws -> AccountReport {
    let reader = try RowReader(path: path)
    guard !reader.layout.hasCells else {
      throw Diagnostic(
        "invalid accounts", "'\(reader.name)' is a table, expected JSON lines as {\"id\":\"u1\",\"locale\":\"de-DE\"}")
    }
    let tombstones = try read { try Tombstones($0) }
    let builder = DocumentBuilder()
    var report = AccountReport()
    var chunk = RowChunk(targetBytes: 4 << 20, maxRows: 16_384)
    while try reader.next(into: &chunk) {
      try write { db in
        let save = try RowStatement(db, "INSERT OR REPLACE INTO accounts VALUES (?, ?)")
        for row in chunk.rows {
          try chunk.withBytes(of: row) { bytes in
            builder.reset()
            guard row.fault == nil, let account = try? builder.parseJSON(bytes), account.kind == .object,
              var id = account["id"].scalarText.map(PersonID.normal), !id.isEmpty
            else { return report.unreadable += 1 }
            try id.withUTF8 { id in
              if !tombstones.isEmpty, tombstones.holds(id) { return report.erased += 1 }
              save.bind(1, id)
              save.bind(2, bytes)
              _ = try save.run()
              report.kept += 1
            }
          }
        }
      }
    }
    return report
  }
}
