import Core

extension Manifest.Input {
  /// What the first rows of the input come to under its map: how many records, and what is wrong with them.
  ///
  /// - Throws: `Diagnostic` where the file cannot be read.
  public func trial(rows: Int, currency: String) throws -> DirtReport {
    guard let path else { return DirtReport() }
    let opened = try OpenedInput(self, path: path, currency: currency)
    var decoder = opened.makeDecoder()
    var duplicates = DuplicateFilter()
    var dirt = RowDecoder.emptyReport(for: opened.kind)
    let builder = DocumentBuilder()
    var chunk = RowChunk(maxRows: 256)
    var count = 0
    while count < rows, try opened.reader.next(into: &chunk) {
      builder.reset()
      for row in chunk.rows where count < rows {
        count += 1
        guard let record = decoder.decode(row, in: chunk, into: builder, report: &dirt) else { continue }
        _ = duplicates.accept(record, report: &dirt)
      }
    }
    return dirt
  }
}
