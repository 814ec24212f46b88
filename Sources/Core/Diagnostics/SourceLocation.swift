/// A place in a text file, for people: lines and columns count from 1, columns in Unicode code points.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// The file as the user named it; never an absolute path of this machine.
  public var file: String
  /// The line; 0 where only the file is known.
  public var line: Int
  /// The column; 0 where only the line is known.
  public var column: Int

  /// A place; leave out what is not known.
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The place of a byte in a source text.
  ///
  /// - Complexity: O(offset).
  public init(file: String, source: UnsafeBufferPointer<UInt8>, offset: Int) {
    var line = 1
    var column = 1
    for byte in source.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.init(file: file, line: line, column: column)
  }

  /// `file:line:column`, without what is not known.
  public var description: String {
    if line == 0 { return file }
    return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
  }
}
