import GRDB
import GRDBSQLite

/// A prepared statement that is run once a row without a Swift value for each argument.
///
/// Made and used inside one access to the database, by its thread.
struct RowStatement {
  // Invariant: `handle` is the statement that `statement` keeps alive.
  private let statement: Statement
  private let handle: OpaquePointer
  private let db: Database

  init(_ db: Database, _ sql: String) throws {
    statement = try db.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
    self.db = db
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

  /// Binds a key; 0 stands for none.
  @inline(__always)
  func bind(_ index: Int32, key: Int64) { bind(index, key, missing: 0) }

  /// Binds a value, one of which stands for none.
  @inline(__always)
  func bind(_ index: Int32, _ value: Int64, missing: Int64) {
    if value == missing { sqlite3_bind_null(handle, index) } else { sqlite3_bind_int64(handle, index, value) }
  }

  @inline(__always)
  func bind(_ index: Int32, _ value: Double?) {
    if let value { sqlite3_bind_double(handle, index, value) } else { sqlite3_bind_null(handle, index) }
  }

  /// Binds text that stays where it is until the row is done.
  @inline(__always)
  func bind(_ index: Int32, _ text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress, !text.isEmpty else {
      sqlite3_bind_text(handle, index, "", 0, nil)
      return
    }
    start.withMemoryRebound(to: CChar.self, capacity: text.count) {
      _ = sqlite3_bind_text(handle, index, $0, Int32(text.count), nil)
    }
  }

  func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  /// Runs a statement that gives no rows; answers how many rows it changed.
  @inline(__always)
  func run() throws -> Int {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw error(code) }
    return Int(sqlite3_changes(db.sqliteConnection))
  }

  /// The first integer of the first row, or nil where there is none.
  func firstInteger() throws -> Int64? {
    let code = sqlite3_step(handle)
    defer { sqlite3_reset(handle) }
    switch code {
    case SQLITE_ROW: return sqlite3_column_int64(handle, 0)
    case SQLITE_DONE: return nil
    default: throw error(code)
    }
  }

  /// Goes to the next row; false behind the last.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code: throw error(code)
    }
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// The text of a column, borrowed until the next row; empty where it is null.
  func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: sqlite3_column_text(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
  }

  func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

  private func error(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
      message: String(cString: sqlite3_errmsg(db.sqliteConnection)))
  }
}
