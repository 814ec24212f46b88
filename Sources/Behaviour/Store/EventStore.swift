import Core
import GRDB
import Glibc

/// The database of events and of what is made from them: one SQLite file.
///
/// Thread-safe: GRDB gives out the one connection in turns. Commits survive a kill of the process at any moment
/// (write-ahead log); a loss of power may take the last batches with it, never half of one.
public final class EventStore: Sendable {
  /// The file as the user named it.
  public let path: String
  let queue: DatabaseQueue

  /// Opens a database, made where it is missing and brought to the newest schema where it is older.
  ///
  /// Before an older one is changed, it is copied to `PATH.backup`.
  ///
  /// - Throws: `Diagnostic` of kind "missing file", "locked database", "corrupt database", "newer database" or
  ///   "cannot write".
  public init(path: String, mustExist: Bool = false) throws {
    self.path = path
    if mustExist, access(path, F_OK) != 0 {
      throw Diagnostic(
        "missing file", "no database '\(path)'", help: "make it with 'bespoke events import FILE --database \(path)'")
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      // A page of 8 kB holds about 150 events; the cache holds the upper part of the trees.
      try db.execute(
        sql: """
          PRAGMA page_size = 8192;
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = NORMAL;
          PRAGMA cache_size = -65536;
          PRAGMA temp_store = MEMORY;
          PRAGMA journal_size_limit = 67108864;
          """)
    }
    let settings = configuration
    queue = try Self.explaining(path) {
      let queue = try DatabaseQueue(path: path, configuration: settings)
      try Self.migrate(queue, path: path)
      return queue
    }
  }

  /// Runs a body that reads.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.explaining(path) { try queue.read(body) }
  }

  /// Runs a body in a transaction; nothing is kept of it where it throws.
  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.explaining(path) {
      try queue.writeWithoutTransaction { db in
        var result: T?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { throw DatabaseError(message: "the transaction gave no result") }
        return result
      }
    }
  }

  /// Writes what lies in the write-ahead log into the file.
  func checkpoint() throws {
    try Self.explaining(path) { try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
  }

  /// Brings the schema up to date; refuses a file that a newer version wrote.
  private static func migrate(_ queue: DatabaseQueue, path: String) throws {
    let migrator = Schema.migrator
    let (isNew, isCurrent, unknown) = try queue.read { db in
      let applied = try migrator.appliedIdentifiers(db)
      return (
        applied.isEmpty, try migrator.hasCompletedMigrations(db),
        applied.subtracting(migrator.migrations).sorted()
      )
    }
    guard unknown.isEmpty else {
      throw Diagnostic(
        "newer database", "'\(path)' has the schema '\(unknown[0])', which this version does not know",
        help: "use the version of bespoke that wrote it, or a newer one")
    }
    if isCurrent { return }
    if !isNew {
      let backup = try DatabaseQueue(path: path + ".backup")
      try queue.backup(to: backup)
      try backup.close()
    }
    try migrator.migrate(queue)
  }

  /// Runs a body and says in words what SQLite finds wrong.
  static func explaining<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw Diagnostic(
          "locked database", "another program is writing to '\(path)'", help: "try again when it is done")
      case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        let backup = access(path + ".backup", F_OK) == 0 ? "put back '\(path).backup', or " : ""
        throw Diagnostic(
          "corrupt database",
          "'\(path)' is not a whole database: \(error.message ?? "no reason given"); it was left as it is",
          help: "\(backup)move the file away and import the events again")
      case .SQLITE_FULL, .SQLITE_IOERR:
        throw Diagnostic(
          "cannot write",
          "'\(path)': \(error.message ?? "the disk gave an error"); the batches committed before are kept",
          help: "make room and run the same import again: it goes on where it stopped")
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
        throw Diagnostic("cannot write", "cannot open '\(path)': \(error.message ?? "no reason given")")
      default: throw error
      }
    }
  }
}
