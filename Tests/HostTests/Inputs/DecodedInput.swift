import CZlib
import Core
import Glibc
import Testing

@testable import Host

/// What a whole input came to, read and decoded in order.
struct DecodedInput {
  /// The records that the duplicate filter accepted; their memory is never freed.
  var records: [Value] = []
  var report: DirtReport
  /// The bytes of rejected rows, except repeated ones.
  var rejects: [[UInt8]] = []
  var layout: RowLayout
  /// Rows that the reader gave out.
  var rowCount = 0

  /// The text of a value at a path such as "0.price"; nil where it is missing.
  func text(_ path: String) -> String? {
    let names = path.split(separator: "/").map(String.init)
    guard let index = Int(names[0]), records.indices.contains(index) else { return nil }
    var value = records[index]
    for name in names.dropFirst() { value = value.kind == .array ? value[Int(name) ?? -1] : value[name] }
    return value.exists ? value.kind == .array || value.kind == .object ? "\(value.count)" : value.scalarText : nil
  }
}

/// Reads files as one input.
func decode(
  files: [String], as kind: RecordKind = .product, map: String? = nil, options: InputOptions = InputOptions(),
  currency: String? = "EUR", chunk: RowChunk = RowChunk()
) throws -> DecodedInput {
  var problems: [Diagnostic] = []
  let document = try Document(json: map ?? "{}")
  let fieldMap = withExtendedLifetime(document) { FieldMap(document.root, for: kind, problems: &problems) }
  #expect(problems.filter { $0.severity == .error } == [])
  let builder = DocumentBuilder()
  _ = Unmanaged.passRetained(builder)
  var filter = DuplicateFilter()
  var result: DecodedInput?
  var chunk = chunk
  for file in files {
    let reader = try RowReader(path: file, options: options)
    var decoder = RowDecoder(map: fieldMap, layout: reader.layout, defaultCurrency: currency)
    var input = result ?? DecodedInput(report: RowDecoder.emptyReport(for: kind), layout: reader.layout)
    while try reader.next(into: &chunk) {
      for row in chunk.rows {
        if let record = decoder.decode(row, in: chunk, into: builder, report: &input.report) {
          if filter.accept(record, report: &input.report) { input.records.append(record.root) }
        } else {
          input.rejects.append(chunk.withBytes(of: row) { Array($0) })
        }
      }
    }
    input.rowCount += reader.rowCount
    result = input
  }
  return try #require(result)
}

/// Reads bytes as a file of this name.
func decode(
  _ bytes: [UInt8], named name: String, as kind: RecordKind = .product, map: String? = nil,
  options: InputOptions = InputOptions(), currency: String? = "EUR", chunk: RowChunk = RowChunk()
) throws -> DecodedInput {
  try withFile(bytes, named: name) {
    try decode(files: [$0], as: kind, map: map, options: options, currency: currency, chunk: chunk)
  }
}

/// Reads text as a file of this name.
func decode(
  _ text: String, named name: String, as kind: RecordKind = .product, map: String? = nil,
  options: InputOptions = InputOptions(), currency: String? = "EUR"
) throws -> DecodedInput {
  try decode(Array(text.utf8), named: name, as: kind, map: map, options: options, currency: currency)
}

/// Lends a file of a folder of its own, removed afterwards.
func withFile<R>(_ bytes: [UInt8], named name: String, _ body: (String) throws -> R) throws -> R {
  var pattern = Array("/tmp/bespoke-inputs-XXXXXX".utf8CString)
  let folder = String(cString: try #require(mkdtemp(&pattern)))
  let path = "\(folder)/\(name)"
  defer {
    unlink(path)
    rmdir(folder)
  }
  let file = try #require(fopen(path, "w"))
  _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
  fclose(file)
  return try body(path)
}

/// The bytes as one gzip member.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  try withFile([], named: "data.gz") { path in
    let file = try #require(gzopen(path, "wb"))
    _ = bytes.withUnsafeBytes { gzwrite(file, $0.baseAddress, UInt32($0.count)) }
    gzclose(file)
    return try contents(of: path)
  }
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "r"))
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&block, 1, block.count, file)
    if count == 0 { return bytes }
    bytes += block[..<count]
  }
}

/// The folder of the repository.
let repositoryRoot = "\(#filePath)".split(separator: "/").dropLast(4).reduce(into: "") { $0 += "/" + $1 }

/// A file of this folder's fixtures.
func fixture(_ name: String) -> String { "\(repositoryRoot)/Tests/HostTests/Fixtures/inputs/\(name)" }

/// Text as UTF-16.
func utf16(_ text: String, bigEndian: Bool = false, mark: Bool = true) -> [UInt8] {
  ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
    bigEndian
      ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
  }
}
