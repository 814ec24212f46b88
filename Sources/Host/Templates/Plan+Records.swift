import Core

extension Plan {
  /// Calls `body` with the records of an input, those that stand in the manifest first, until it answers false.
  ///
  /// A record is valid until `body` returns.
  /// - Throws: `Diagnostic` where the input cannot be read, `ManifestError` where its columns do not fit the map.
  func forEachRecord(of input: Manifest.Input?, _ body: (Value) throws -> Bool) throws {
    guard let input else { return }
    if let inline = input.inline {
      let goesOn = try withExtendedLifetime(inline) {
        for record in inline.root.elements where try !body(record) { return false }
        return true
      }
      if !goesOn { return }
    }
    guard let path = input.path else { return }
    let opened = try OpenedInput(input, path: path, currency: manifest.site.currency)
    var decoder = opened.makeDecoder()
    var chunk = RowChunk()
    var dirt = DirtReport()
    let builder = DocumentBuilder()
    while try opened.reader.next(into: &chunk) {
      builder.reset()
      for row in chunk.rows {
        guard let record = decoder.decode(row, in: chunk, into: builder, report: &dirt) else { continue }
        if try !body(record.root) { return }
      }
    }
  }
}
