import Core

/// Finds the end of one row of cells (RFC 4180), over as many reads as it takes.
struct CellScanner {
  enum Outcome: Equatable {
    /// The row ends before this offset, at a line break or the end of the input.
    case complete(length: Int)
    /// A quoted cell runs over a line break and is then closed where no cell can end, or never.
    case unclosedQuote
    case needsMore
  }

  private enum State { case cellStart, plain, quoted, afterQuote }

  private let separator: UInt8
  private let terminator: UInt8
  private var state = State.cellStart
  private var at = 0
  private var cellSpansLines = false
  /// Cells seen so far.
  private(set) var cells = 1
  /// Whether a quoted cell holds a line break.
  private(set) var spansLines = false

  init(separator: UInt8, terminator: UInt8) {
    self.separator = separator
    self.terminator = terminator
  }

  /// Looks at what is new in a view that begins with the row.
  mutating func scan(_ view: UnsafeBufferPointer<UInt8>, atEnd: Bool) -> Outcome {
    while at < view.count {
      let byte = view[at]
      switch state {
      case .quoted:
        let quote = indexOf(UInt8(ascii: "\""), in: view, from: at) ?? view.count
        if !cellSpansLines {
          let lineBreak = indexOf(terminator, in: UnsafeBufferPointer(rebasing: view[..<quote]), from: at)
          cellSpansLines = lineBreak != nil
        }
        at = quote
        if at < view.count {
          at += 1
          state = .afterQuote
        }
        continue
      case .afterQuote:
        if byte == UInt8(ascii: "\"") {
          state = .quoted
          at += 1
          continue
        }
        let cellEnds = byte == separator || byte == terminator || byte == 13
        if !cellEnds, cellSpansLines { return .unclosedQuote }
        spansLines = spansLines || cellSpansLines
        cellSpansLines = false
        state = .plain
        continue
      case .cellStart:
        if byte == UInt8(ascii: "\"") {
          state = .quoted
          at += 1
          continue
        }
        state = .plain
        continue
      case .plain:
        if byte == terminator { return .complete(length: at) }
        if byte == separator {
          cells += 1
          state = .cellStart
        }
        at += 1
      }
    }
    guard atEnd else { return .needsMore }
    spansLines = spansLines || cellSpansLines
    return state == .quoted ? .unclosedQuote : .complete(length: view.count)
  }
}

extension RowReader {
  /// Gives out the row of cells at the front of the window; false at the end of the input.
  ///
  /// A quote that is not closed costs its own line only: reading goes on with the next one.
  func nextRecord(into chunk: inout RowChunk) throws -> Bool {
    // Most rows hold no quote: then the row is the line.
    guard let lineLength = try lineLength() else { return false }
    let line = UnsafeBufferPointer(rebasing: window.view.prefix(lineLength))
    if indexOf(UInt8(ascii: "\""), in: line, from: 0) == nil {
      let fault: DirtKind? = lineLength > maxRowBytes ? .rowTooLong : nil
      give(lineLength, asLine: true, fault: fault, to: &chunk)
      if fault != nil { try skipLine() }
      return true
    }
    var scanner = CellScanner(separator: layout.separator, terminator: terminator)
    while true {
      switch scanner.scan(window.view, atEnd: window.atEnd) {
      case .complete(let length):
        // Over several lines and with a wrong number of cells, a quote has closed another one's cell.
        guard !scanner.spansLines || scanner.cells == layout.columns.count else { return try giveUnclosed(to: &chunk) }
        give(length, asLine: true, fault: nil, to: &chunk)
        return true
      case .unclosedQuote: return try giveUnclosed(to: &chunk)
      case .needsMore:
        if window.view.count > maxRowBytes { return try giveUnclosed(to: &chunk) }
        _ = try window.more()
      }
    }
  }

  private func giveUnclosed(to chunk: inout RowChunk) throws -> Bool {
    guard let length = try lineLength() else { return false }
    let tooLong = length > maxRowBytes
    give(length, asLine: true, fault: tooLong ? .rowTooLong : .unclosedQuote, to: &chunk)
    if tooLong { try skipLine() }
    return true
  }

  /// Reads the row of column names, and a first line `sep=;` where a spreadsheet wrote one.
  static func readColumns(
    window: TextWindow, terminator: UInt8, maxRowBytes: Int, separator: inout UInt8, line: inout Int
  ) throws -> [String] {
    while true {
      var scanner = CellScanner(separator: separator, terminator: terminator)
      var outcome = CellScanner.Outcome.needsMore
      while outcome == .needsMore {
        outcome = scanner.scan(window.view, atEnd: window.atEnd)
        if outcome != .needsMore { break }
        if window.view.count > maxRowBytes { outcome = .unclosedQuote }
        _ = try window.more()
      }
      guard case .complete(let length) = outcome else {
        throw Diagnostic(
          "unreadable input", "the row of column names has no end: a quote is not closed, or it is no CSV",
          at: SourceLocation(file: window.source.name, line: line))
      }
      let row = UnsafeBufferPointer(rebasing: window.view.prefix(length))
      let text = String(decoding: row, as: UTF8.self).filter { !$0.isWhitespace }
      let names = text.isEmpty ? [] : columnNames(row, separator: separator, encoding: window.encoding)
      line += row.count { $0 == terminator } + (length < window.view.count ? 1 : 0)
      window.consume(min(length + 1, window.view.count))
      if text.utf8.count == 5, text.lowercased().hasPrefix("sep="), let stated = text.utf8.last {
        separator = stated
      } else if !text.isEmpty || window.view.isEmpty {
        return names
      }
    }
  }

  private static func columnNames(
    _ row: UnsafeBufferPointer<UInt8>, separator: UInt8, encoding: TextEncoding
  ) -> [String] {
    var text = ByteBuffer()
    Windows1252.decode(row, whole: encoding == .windows1252 && !UTF8Check.isValid(row), into: &text)
    var cells = CellRow()
    cells.parse(text.view, separator: separator)
    return (0..<cells.count).map { index in
      let name = String(decoding: trimmed(cells[index]), as: UTF8.self)
      return name.isEmpty ? "column_\(index + 1)" : name
    }
  }
}
