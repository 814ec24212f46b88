import GRDB

/// Adds rows to a table, several with one statement, which costs less than as many statements.
struct GroupedInsert {
  private let one: RowStatement
  private let many: RowStatement
  private let columns: Int
  private let rows: Int

  /// - Parameter sql: the statement up to "VALUES".
  init(_ db: Database, _ sql: String, columns: Int, rows: Int) throws {
    let row = "(" + [String](repeating: "?", count: columns).joined(separator: ",") + ")"
    one = try RowStatement(db, "\(sql) \(row)")
    many = try RowStatement(db, "\(sql) " + [String](repeating: row, count: rows).joined(separator: ","))
    self.columns = columns
    self.rows = rows
  }

  /// Adds so many rows.
  ///
  /// - Parameters:
  ///   - bind: binds the row of an index to a statement, beginning with a parameter.
  ///   - added: hears which rows were given to a statement and how many of them it added.
  @inline(__always)
  func run(
    _ count: Int, bind: (RowStatement, _ index: Int, _ first: Int32) -> Void,
    added: (Range<Int>, Int) throws -> Void = { _, _ in }
  ) throws {
    var start = 0
    while start < count {
      let size = count - start >= rows ? rows : 1
      let statement = size == 1 ? one : many
      for place in 0..<size { bind(statement, start + place, Int32(place * columns + 1)) }
      try added(start..<(start + size), statement.run())
      start += size
    }
  }
}
