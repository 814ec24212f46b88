import Core

/// Reads a file from front to back; every read is checked against the end.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// How many bytes are left.
  var left: Int { bytes.count - offset }

  /// Reads a little-endian integer.
  mutating func integer<T: FixedWidthInteger>(_ type: T.Type, _ what: String) throws(Diagnostic) -> T {
    guard left >= MemoryLayout<T>.size else { throw truncated(what) }
    defer { offset += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Reads a count that is followed by at least `least` bytes for each thing counted.
  mutating func count(of what: String, least: Int) throws(Diagnostic) -> Int {
    let found = try integer(UInt64.self, "the number of \(what)")
    guard let count = Int(exactly: found), count <= left / least else {
      throw fault("the number of \(what) is \(found), more than the rest of the file can hold")
    }
    return count
  }

  /// Reads a string and returns where its bytes lie.
  mutating func string(_ what: String) throws(Diagnostic) -> Range<Int> {
    let found = try integer(UInt64.self, what)
    guard let length = Int(exactly: found), length <= left else {
      throw fault("\(what) is \(found) bytes long, the file ends after \(left)")
    }
    defer { offset += length }
    return offset..<offset + length
  }

  /// Skips bytes.
  mutating func skip(_ count: Int, _ what: String) throws(Diagnostic) {
    guard count <= left else { throw truncated(what) }
    offset += count
  }

  private func truncated(_ what: String) -> Diagnostic { fault("the file ends inside \(what)") }

  func fault(_ detail: String) -> Diagnostic { .model("\(detail) (at byte \(offset))") }
}

extension Diagnostic {
  /// What is wrong with a model file.
  static func model(_ detail: String, help: String? = nil) -> Diagnostic {
    Diagnostic("bad model file", detail, help: help)
  }
}
