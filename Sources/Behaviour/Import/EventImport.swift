import Core
import GRDB
import Glibc
import Host

/// Reads files of events into a database, batch by batch.
///
/// Each batch and how far it reaches are committed together: after a kill at any moment the same import goes on behind
/// the last batch that was committed. Events that the database has are recognised by their ids, so files may overlap
/// and be imported again.
public struct EventImport {
  /// How far an import is.
  public struct Progress: Sendable {
    /// Rows read.
    public let rows: Int
    /// Bytes of the file read.
    public let position: Int
    /// Bytes of the file, where it has a length.
    public let size: Int?
  }

  /// What became of one file.
  public struct Result: Sendable {
    /// The file as the user named it.
    public let name: String
    /// What was found in all of it, earlier runs included.
    public let report: CleaningReport
    /// Rows that an earlier run had imported.
    public let resumedAt: Int
    /// Whether an earlier run had imported all of it, so that nothing was read.
    public let wasDone: Bool
  }

  /// Rows that are sorted and written at a time; a transaction holds several.
  private static let chunkRows = 262_144

  private let store: EventStore
  private let options: ImportOptions
  /// Milliseconds since 1970.
  private let now: Int64

  /// An import into a database; `now` bounds what times are possible, in milliseconds since 1970.
  public init(into store: EventStore, options: ImportOptions, now: Int64) {
    self.store = store
    self.options = options
    self.now = now
  }

  /// Imports one file, or standard input for "-".
  ///
  /// - Parameter progress: hears after each batch how far it is; answers whether to go on.
  /// - Throws: `Diagnostic`; what was committed before stays.
  public func run(_ path: String, progress: (Progress) -> Bool = { _ in true }) throws -> Result {
    var input = options.input
    if options.log != nil { input.format = .jsonl }
    let reader = try RowReader(path: path, options: input)
    let head = try FileHead(path: path, size: reader.size)
    var state = try ImportState(store, head, startsOver: options.startsOver)
    if state.isFinished {
      return Result(name: reader.name, report: state.report, resumedAt: state.rows, wasDone: true)
    }
    var fields = try RowFields(layout: reader.layout, options: options, file: reader.name)
    let trades = [.price, .amount, .order, .quantity].contains { (field: EventField) in
      reader.layout.hasCells ? fields.has(field) : false
    }
    var chunk = RowChunk(targetBytes: 32 << 20, maxRows: min(options.batchRows, Self.chunkRows))
    var goesOn = try reader.next(into: &chunk)
    let notation = Notation(options, chunk, &fields)
    if state.rows == 0 {
      for finding in notation.findings { state.report.add(.notation, .kept, line: 1, excerpt: finding) }
    }
    var interpreter = try EventInterpreter(
      options, notation, defaultKind: options.kind ?? (trades ? .purchase : .view), now: now,
      newestBefore: try newest(),
      file: reader.name, tombstones: try store.read { try Tombstones($0) })
    let cleaner = BatchCleaner(
      options: options, hasQuantity: reader.layout.hasCells && fields.has(.quantity),
      hasPrice: reader.layout.hasCells && (fields.has(.price) || fields.has(.amount)))
    var batch = EventBatch()
    let resumedAt = state.rows
    var seen = 0
    var wasStopped = false
    while goesOn {
      var next = state
      try store.write { db in
        // What comes from a pipe may take its time: nobody else waits for it.
        repeat {
          let known = min(max(resumedAt - seen, 0), chunk.rows.count)
          seen += chunk.rows.count
          if known < chunk.rows.count {
            batch.removeAll()
            Self.read(chunk, from: known, &fields, &interpreter, into: &batch, report: &next.report)
            try interpreter.settle(&batch, KeyTables(db))
            cleaner.clean(&batch, measures: &next.measures, report: &next.report)
            try Self.raiseNewest(db, batch.events.reduce(Int64.min) { max($0, $1.time) })
            try batch.write(db, report: &next.report)
            next.rows += chunk.rows.count - known
            goesOn = progress(Progress(rows: next.rows, position: reader.position, size: reader.size))
            wasStopped = !goesOn
          }
          if reader.size == nil { break }
          if goesOn { goesOn = try reader.next(into: &chunk) }
        } while goesOn && next.rows - state.rows < options.batchRows
        try next.save(db, head)
      }
      state = next
      if wasStopped { return Result(name: reader.name, report: state.report, resumedAt: resumedAt, wasDone: false) }
      if reader.size == nil { goesOn = try reader.next(into: &chunk) }
    }
    state.isFinished = head.name != "-"
    try store.write { try state.save($0, head) }
    try store.checkpoint()
    return Result(name: reader.name, report: state.report, resumedAt: resumedAt, wasDone: false)
  }

  private static func read(
    _ chunk: RowChunk, from first: Int, _ fields: inout RowFields, _ interpreter: inout EventInterpreter,
    into batch: inout EventBatch, report: inout CleaningReport
  ) {
    report.rows += chunk.rows.count - first
    for row in chunk.rows[first...] {
      chunk.withBytes(of: row) { bytes in
        guard row.fault == nil else { return report.add(.unreadableRow, .dropped, line: row.line) }
        let line = row.line
        switch fields.read(bytes) {
        case .row: interpreter.add(fields, line: line, to: &batch, report: &report)
        case .unreadable: report.add(.unreadableRow, .dropped, line: line)
        case .robot: report.add(.robot, .dropped, line: line)
        case .failedRequest: report.add(.failedRequest, .dropped, line: line)
        case .otherRequest: report.add(.otherRequest, .dropped, line: line)
        }
      }
    }
  }

  /// The time of the newest event in the database; the least integer where it is empty.
  private func newest() throws -> Int64 {
    try store.read { try Int64.fetchOne($0, sql: "SELECT value FROM marks WHERE name = 'newest'") } ?? .min
  }

  private static func raiseNewest(_ db: Database, _ time: Int64) throws {
    guard time > .min else { return }
    try db.execute(
      sql: "INSERT INTO marks VALUES ('newest', ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
      arguments: [time])
  }
}
