/// A sparse matrix by rows: for each row the columns that hold something, with their weights.
public struct SparseRows: Sendable, Equatable {
  /// For each row the place of its first entry, and behind the last row the end.
  public var starts: [Int32]
  /// The column of each entry.
  public var columns: [Int32]
  /// The weight of each entry.
  public var weights: [Float]

  /// A matrix of its parts.
  public init(starts: [Int32], columns: [Int32], weights: [Float]) {
    self.starts = starts
    self.columns = columns
    self.weights = weights
  }

  /// How many rows there are.
  public var rowCount: Int { starts.count - 1 }

  /// Where the entries of a row lie.
  @inline(__always)
  func range(of row: Int) -> Range<Int> { Int(starts[row])..<Int(starts[row + 1]) }

  /// The weight in a row and column; 0 where there is none.
  func weight(row: Int, column: Int32) -> Float {
    for index in range(of: row) where columns[index] == column { return weights[index] }
    return 0
  }

  /// The same with rows and columns changed.
  func transposed(columnCount: Int) -> SparseRows {
    var starts = [Int32](repeating: 0, count: columnCount + 1)
    for column in columns { starts[Int(column) + 1] += 1 }
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
    var next = starts
    var rows = [Int32](repeating: 0, count: columns.count)
    var moved = [Float](repeating: 0, count: columns.count)
    for row in 0..<rowCount {
      for index in range(of: row) {
        let column = Int(columns[index])
        let place = Int(next[column])
        rows[place] = Int32(row)
        moved[place] = weights[index]
        next[column] += 1
      }
    }
    return SparseRows(starts: starts, columns: rows, weights: moved)
  }
}
