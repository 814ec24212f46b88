import Core

/// The first rows of a catalogue, column by column.
public struct CatalogueSample {
  /// How the file is laid out.
  public let layout: RowLayout
  /// How many rows were looked at.
  public private(set) var rows = 0
  /// How many of them are objects or have as many cells as there are columns.
  private(set) var wellFormed = 0
  private(set) var columns: [ColumnSample] = []
  private var places: [String: Int] = [:]

  /// Looks at the first rows of a file.
  ///
  /// - Throws: `Diagnostic` where the file cannot be read.
  public init(path: String, rows most: Int = 2000) throws {
    let reader = try RowReader(path: path)
    layout = reader.layout
    for column in layout.columns { _ = place(of: column) }
    var decoder = RowDecoder(map: FieldMap(for: .product), layout: layout)
    let builder = DocumentBuilder()
    var chunk = RowChunk(maxRows: 256)
    while rows < most, try reader.next(into: &chunk) {
      for row in chunk.rows where rows < most {
        rows += 1
        builder.reset()
        guard let record = decoder.parse(row, in: chunk, into: builder) else { continue }
        wellFormed += 1
        for index in 0..<record.count {
          add(record[index], named: String(decoding: record.key(at: index), as: UTF8.self))
        }
      }
    }
  }

  /// The first line's cells, where they look like those of a product rather than like names of columns.
  public var firstRowWithoutNames: [String]? {
    let cells = layout.columns
    guard layout.hasCells else { return nil }
    let isData = cells.contains { cell in
      var text = cell
      return text.withUTF8 { PriceText($0) != nil || ColumnSample.isLink($0) }
    }
    return isData ? cells : nil
  }

  /// Adds a value, and the members of an object under names with a dot.
  private mutating func add(_ value: Value, named name: String) {
    columns[place(of: name)].add(value)
    guard value.kind == .object, value.count <= 32 else { return }
    for index in 0..<value.count where value[index].kind != .object {
      let member = "\(name).\(String(decoding: value.key(at: index), as: UTF8.self))"
      columns[place(of: member)].add(value[index])
    }
  }

  private mutating func place(of name: String) -> Int {
    if let place = places[name] { return place }
    // A sparse file may have thousands of keys; what stands far behind is no canonical field.
    guard columns.count < 4000 else { return columns.count - 1 }
    places[name] = columns.count
    columns.append(ColumnSample(name: name))
    return columns.count - 1
  }
}
