import Core
import Glibc

/// Reads an input once, from front to back, and cuts it into rows; decoding them is left to many threads.
///
/// Not thread-safe: threads that share a reader take turns under a lock. Memory stays at the longest row plus a block.
public final class RowReader {
  /// How the rows are laid out.
  public let layout: RowLayout
  /// The input as the user named it, "standard input" for "-".
  public let name: String
  /// Rows given out so far, faulty ones included.
  public private(set) var rowCount = 0

  let window: TextWindow
  let maxRowBytes: Int
  /// The byte that ends a line: LF (a CR before it is dropped), or CR where the file has no LF.
  let terminator: UInt8
  /// The line on which the next row begins.
  var line = 1
  /// Whether the opening bracket of a JSON array has been read.
  var inArray = false
  private var chunkCount = 0

  /// How much of a row that is too long is kept for people to see.
  static let keptOfLongRow = 1 << 12

  /// Opens a file, or standard input for "-", and finds out its form.
  ///
  /// - Throws: `Diagnostic` of kind "missing input", "unreadable input", "corrupt gzip" or "suspicious gzip".
  public init(path: String, options: InputOptions = InputOptions()) throws {
    let source = try ByteSource(path: path, maxInflateRatio: options.maxInflateRatio)
    window = try TextWindow(source: source, encoding: options.encoding)
    name = source.name
    maxRowBytes = min(options.maxRowBytes, 1 << 30)
    while window.view.count < 1 << 16, try window.more() {}
    let head = UnsafeBufferPointer(rebasing: window.view.prefix(1 << 16))
    terminator = !head.contains(10) && head.contains(13) ? 13 : 10
    try Self.checkForm(head, name)
    let format = options.format(name: path, head: head)
    let cells = format == .csv || format == .tsv
    var separator = cells ? options.separator(of: format, head: head) : 0
    var columns = options.columns ?? []
    if cells, columns.isEmpty {
      columns = try Self.readColumns(
        window: window, terminator: terminator, maxRowBytes: maxRowBytes, separator: &separator, line: &line)
    }
    layout = RowLayout(
      format: format, separator: separator, columns: columns, encoding: window.encoding,
      encodingIsGuess: window.encodingIsGuess)
  }

  /// - Throws: `Diagnostic` of kind "unreadable input" for the files of spreadsheets, which people take for tables.
  private static func checkForm(_ head: UnsafeBufferPointer<UInt8>, _ name: String) throws(Diagnostic) {
    // The first bytes of a zip archive, as .xlsx and .ods are, and of a compound file, as .xls is.
    guard head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) else { return }
    throw Diagnostic(
      "unreadable input", "'\(name)' is a spreadsheet or a zip archive, expected CSV, TSV, JSON or JSON lines",
      help: "save the sheet as 'CSV UTF-8'")
  }

  /// Bytes of the file read so far, compressed ones where it is.
  public var position: Int { window.source.position }

  /// Bytes of the file, or nil where it has no length, as a pipe has none.
  public var size: Int? { window.source.size }

  /// Fills a chunk with the next rows; false, and an empty chunk, at the end.
  ///
  /// - Throws: `Diagnostic` where the input cannot be read on.
  public func next(into chunk: inout RowChunk) throws -> Bool {
    chunk.removeAll()
    chunk.index = chunkCount
    while !chunk.isFull {
      let found =
        switch layout.format {
        case .jsonl: try nextLine(into: &chunk)
        case .json: try nextElement(into: &chunk)
        case .csv, .tsv: layout.separator == 0x20 ? try nextLine(into: &chunk) : try nextRecord(into: &chunk)
        }
      if !found { break }
    }
    rowCount += chunk.rows.count
    chunkCount += 1
    return !chunk.rows.isEmpty
  }

  /// Gives out the line at the front of the window; false at the end of the input.
  private func nextLine(into chunk: inout RowChunk) throws -> Bool {
    guard let length = try lineLength() else { return false }
    give(length, asLine: true, fault: length > maxRowBytes ? .rowTooLong : nil, to: &chunk)
    if length > maxRowBytes { try skipLine() }
    return true
  }

  /// The bytes up to the next line break or the end, or more than `maxRowBytes` where there is none so soon.
  func lineLength() throws -> Int? {
    var searched = 0
    while true {
      let view = window.view
      if let length = indexOf(terminator, in: view, from: searched) { return length }
      searched = view.count
      if searched > maxRowBytes { return searched }
      if try !window.more() { return searched == 0 ? nil : searched }
    }
  }

  /// Puts the first bytes of the window into the chunk and consumes them, with the line break where they are a line.
  func give(_ length: Int, asLine: Bool, fault: DirtKind?, to chunk: inout RowChunk) {
    let row = UnsafeBufferPointer(rebasing: window.view.prefix(length))
    let dropsReturn = asLine && terminator == 10 && row.last == 13
    let kept = fault == .rowTooLong ? min(row.count, Self.keptOfLongRow) : row.count - (dropsReturn ? 1 : 0)
    chunk.append(UnsafeBufferPointer(rebasing: row.prefix(kept)), line: line, fault: fault)
    line += lineBreaks(in: row)
    window.consume(length)
    if asLine, fault != .rowTooLong, !window.view.isEmpty {
      window.consume(1)
      line += 1
    }
  }

  /// Consumes everything up to and with the next line break.
  func skipLine() throws {
    while true {
      let view = window.view
      if let length = indexOf(terminator, in: view, from: 0) {
        window.consume(length + 1)
        line += 1
        return
      }
      window.consume(view.count)
      if try !window.more() { return }
    }
  }

  func lineBreaks(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    var from = 0
    while let index = indexOf(terminator, in: bytes, from: from) {
      count += 1
      from = index + 1
    }
    return count
  }
}

/// Where a byte first occurs at or after an index.
@inline(__always)
func indexOf(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
  guard let start = bytes.baseAddress, from < bytes.count,
    let found = memchr(start + from, Int32(byte), bytes.count - from)
  else { return nil }
  return UnsafeRawPointer(found) - UnsafeRawPointer(start)
}
