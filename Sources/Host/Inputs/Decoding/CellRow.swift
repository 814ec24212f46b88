/// The cells of one row, unquoted (RFC 4180; a quote that opens no cell stands for itself).
///
/// Reused from row to row.
package struct CellRow: ~Copyable {
  /// A row without cells.
  package init() {}

  private var text = ByteBuffer()
  private var ends: [Int] = []

  /// How many cells the row has.
  package var count: Int { ends.count }

  /// A cell, borrowed until the next `parse`.
  package subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text.view[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }

  /// Whether no cell holds anything but blanks.
  package var isEmpty: Bool { text.view.allSatisfy { isBlank($0) } }

  package mutating func parse(_ row: UnsafeBufferPointer<UInt8>, separator: UInt8) {
    text.removeAll()
    ends.removeAll(keepingCapacity: true)
    if separator == 0x20 { return parseBlankSeparated(row) }
    var at = 0
    while true {
      if at < row.count, row[at] == UInt8(ascii: "\"") { at = parseQuoted(row, from: at + 1) }
      let end = indexOf(separator, in: row, from: at) ?? row.count
      text.append(UnsafeBufferPointer(rebasing: row[at..<end]))
      ends.append(text.count)
      if end == row.count { return }
      at = end + 1
    }
  }

  /// Takes the text up to the closing quote and returns the offset behind it.
  private mutating func parseQuoted(_ row: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var at = start
    while let quote = indexOf(UInt8(ascii: "\""), in: row, from: at) {
      text.append(UnsafeBufferPointer(rebasing: row[at..<quote]))
      at = quote + 1
      guard at < row.count, row[at] == UInt8(ascii: "\"") else { return at }
      text.append(UInt8(ascii: "\""))
      at += 1
    }
    text.append(UnsafeBufferPointer(rebasing: row[at...]))
    return row.count
  }

  private mutating func parseBlankSeparated(_ row: UnsafeBufferPointer<UInt8>) {
    for cell in row.split(whereSeparator: { isBlank($0) }) {
      text.append(UnsafeBufferPointer(rebasing: cell))
      ends.append(text.count)
    }
  }
}
