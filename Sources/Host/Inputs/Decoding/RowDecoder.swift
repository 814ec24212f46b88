public import Core

/// A record that a row gave.
public struct Record: Sendable {
  /// The record; lives in the builder that it was decoded into.
  public let root: Value
  /// The line of the file on which its row begins.
  public let line: Int
  /// What tells it from others; goes to a `DuplicateFilter` in the order of the input.
  public let identity: RecordIdentity
}

/// Turns rows into records: parses them, applies the field map, cleans, checks.
///
/// One for each thread.
public struct RowDecoder: ~Copyable {
  let map: FieldMap
  let layout: RowLayout
  let defaultCurrency: String?
  var draft = Draft()
  /// Whether the record differs from the row, so that it must be written anew.
  var isChanged = false
  var line = 0
  var report = DirtReport()
  /// The row as it was parsed.
  var row = Value.missing
  /// The value of each name that the map knows, as an index into the row's members, or -1.
  var found: [Int32]
  var facts = RecordFacts()
  /// The currency that was read last, as most rows repeat it.
  var lastCurrency = ""
  /// Where rows are parsed to; set while a row is decoded.
  var builder = DocumentBuilder()
  // Texts on their way through the repairs of a field; each is free again when the field is done.
  var joined = ByteBuffer()
  var repaired = ByteBuffer()
  var spare = ByteBuffer()
  var cleaned = ByteBuffer()

  private var cells = CellRow()
  private var converted = ByteBuffer()
  private var slots: [Int32] = []

  /// A decoder for the rows of one reader.
  ///
  /// - Parameters:
  ///   - map: how fields become canonical ones.
  ///   - layout: what the reader found out.
  ///   - defaultCurrency: the currency of prices that name none, as an ISO 4217 code.
  public init(map: FieldMap, layout: RowLayout, defaultCurrency: String? = nil) {
    self.map = map
    self.layout = layout
    self.defaultCurrency = defaultCurrency
    found = [Int32](repeating: -1, count: map.names.names.count)
  }

  /// An empty report that fits the rows: it shows no values where they are about people.
  public static func emptyReport(for kind: RecordKind) -> DirtReport { DirtReport(showsExcerpts: kind == .product) }

  /// Decodes a row into a record on the builder's tape; nil where it is rejected, which the report then says.
  ///
  /// The bytes of a rejected row are still in the chunk, for a side file.
  public mutating func decode(
    _ row: RowChunk.Row, in chunk: RowChunk, into builder: DocumentBuilder, report: inout DirtReport
  ) -> Record? {
    swap(&self.report, &report)
    defer { swap(&self.report, &report) }
    line = row.line
    self.builder = builder
    return chunk.withBytes(of: row) { bytes in
      if let fault = row.fault {
        self.report.add(fault, line: line, reason: reason(for: fault), excerpt: bytes)
        return nil
      }
      return decode(bytes)
    }
  }

  /// Parses a row as it stands, without the field map; nil where there is no object in it.
  mutating func parse(_ row: RowChunk.Row, in chunk: RowChunk, into builder: DocumentBuilder) -> Value? {
    self.builder = builder
    return chunk.withBytes(of: row) { bytes in
      row.fault == nil ? text(bytes).flatMap { parse($0) } : nil
    }
  }

  private mutating func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> Record? {
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      report.add(.byteOrderMark, line: line)
      bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(3))
    }
    guard let text = text(bytes), let row = parse(text) else { return nil }
    self.row = row
    locate()
    draft.removeAll()
    facts.removeAll()
    isChanged = false
    draft.beginObject()
    guard canonicalise() else { return nil }
    let identity = identity(rowBytes: bytes)
    report.addRecord()
    guard isChanged else { return Record(root: row, line: line, identity: identity) }
    for index in 0..<row.count where !isTaken(index) {
      draft.sourceKey(of: row, at: index)
      draft.source(row[index])
    }
    draft.end()
    draft.write(to: builder, fields: map.fields)
    return Record(root: builder.finishRoot(), line: line, identity: identity)
  }

  private mutating func reason(for fault: DirtKind) -> String {
    switch fault {
    case .rowTooLong: "longer than 'max_row_bytes'"
    case .unclosedQuote: "a quoted cell that begins here is not closed; reading went on with the next line"
    case .truncated: "the value that begins here has no end"
    default: ""
    }
  }

  /// The row as UTF-8, without NUL bytes where it is cells; nil where it is rejected.
  private mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    var text = bytes
    let isUTF8 = UTF8Check.isValid(bytes)
    let isWhole = layout.encoding == .windows1252 && !layout.encodingIsGuess
    if isWhole ? bytes.contains(where: { $0 > 0x7F }) : !isUTF8 {
      if layout.encoding == .utf8, !layout.encodingIsGuess {
        let place = UTF8Check.validPrefix(of: bytes) + 1
        report.add(.invalidUTF8, line: line, reason: "byte \(place) of the row is not UTF-8", excerpt: bytes)
        return nil
      }
      converted.removeAll()
      Windows1252.decode(bytes, whole: isWhole, into: &converted)
      text = converted.view
      if !isWhole { report.add(.notUTF8, line: line, reason: "read as Windows-1252", excerpt: text) }
    }
    if layout.hasCells, indexOf(0, in: text, from: 0) != nil {
      report.add(.nulByte, line: line)
      let clean = Array(text).filter { $0 != 0 }
      converted.removeAll()
      clean.withUnsafeBufferPointer { converted.append($0) }
      text = converted.view
    }
    return text
  }

  /// Parses the row onto the builder's tape; nil where it is rejected.
  private mutating func parse(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
    if layout.hasCells { return parseCells(text) }
    if text.allSatisfy({ isBlank($0) }) {
      report.add(.emptyRow, line: line)
      return nil
    }
    do throws(JSONError) {
      let value = try builder.parseJSON(text)
      if value.kind == .object { return value }
      report.add(.notAnObject, line: line, reason: "found \(shown(value)), expected an object", excerpt: text)
    } catch {
      report.add(.invalidJSON, line: line, reason: error.description, excerpt: text)
    }
    return nil
  }

  private mutating func parseCells(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
    cells.parse(text, separator: layout.separator)
    if cells.isEmpty {
      report.add(.emptyRow, line: line)
      return nil
    }
    let columns = layout.columns
    if cells.count > columns.count, (columns.count..<cells.count).contains(where: { !trimmed(cells[$0]).isEmpty }) {
      report.add(
        .tooManyCells, line: line, reason: "found \(cells.count) cells, expected \(columns.count)", excerpt: text)
      return nil
    }
    if cells.count < columns.count {
      report.add(.tooFewCells, line: line, reason: "found \(cells.count) cells, expected \(columns.count)")
    }
    builder.beginObject()
    for index in 0..<min(cells.count, columns.count) {
      let cell = cells[index]
      // An empty cell is a value that is missing.
      guard !trimmed(cell).isEmpty else { continue }
      builder.key(columns[index])
      builder.string(cell)
    }
    builder.end()
    return builder.finishRoot()
  }

  /// Finds the row's fields that the map speaks of; of repeated ones the last.
  private mutating func locate() {
    for index in found.indices { found[index] = -1 }
    slots.removeAll(keepingCapacity: true)
    for index in 0..<row.count {
      let slot = map.names[row.key(at: index)] ?? -1
      slots.append(Int32(slot))
      if slot >= 0 { found[slot] = Int32(index) }
    }
  }

  /// Whether a field of the row does not stay where it is.
  private mutating func isTaken(_ index: Int) -> Bool {
    let slot = Int(slots[index])
    if slot >= 0, map.isTaken[slot] { return true }
    return !map.prefixes.isEmpty && map.prefixes.contains { row.key(at: index).starts(with: $0) }
  }

  private mutating func identity(rowBytes: UnsafeBufferPointer<UInt8>) -> RecordIdentity {
    let hasID = facts.id != 0
    return RecordIdentity(
      id: hasID ? facts.id : hash64(rowBytes), isRow: !hasID, name: facts.name,
      description: facts.description)
  }
}
