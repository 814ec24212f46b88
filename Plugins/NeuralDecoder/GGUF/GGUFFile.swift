public import Core

/// A GGUF file, version 3: metadata and tensors over bytes that lie elsewhere.
///
/// Everything that a later reader relies on is checked once, here: bounds, overflows, alignment, overlaps, duplicate
/// names. Source: the GGUF specification (ggml-org/ggml, docs/gguf.md).
public struct GGUFFile: @unchecked Sendable {
  // The bytes are mapped read-only and outlive the file; hence the unchecked conformance.
  /// A tensor and where it lies.
  public struct Tensor: Sendable, Equatable {
    /// How its numbers are stored.
    public let type: TensorType
    /// Its shape, the innermost dimension (the length of a row) first.
    public let shape: [Int]
    /// Where its bytes lie in the file.
    public let range: Range<Int>

    /// The length of a row.
    public var columns: Int { shape[0] }
    /// How many rows there are.
    public var rows: Int { shape.dropFirst().reduce(1, *) }
    /// How many bytes a row takes.
    public var rowBytes: Int { columns / type.blockCount * type.blockBytes }
  }

  /// The whole file.
  public let bytes: UnsafeRawBufferPointer
  /// Metadata by key.
  public private(set) var metadata: [String: Metadata] = [:]
  /// Tensors by name.
  public private(set) var tensors: [String: Tensor] = [:]

  /// Reads and checks the head of a file.
  ///
  /// - Parameter bytes: the file; it must stay where it is as long as this value and what is made from it.
  public init(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    self.bytes = bytes
    var cursor = GGUFCursor(bytes)
    guard try cursor.integer(UInt32.self, "the first four bytes") == 0x4655_4747 else {
      throw .model("it does not begin with 'GGUF'", help: "name a file in GGUF format")
    }
    let version = try cursor.integer(UInt32.self, "the version")
    guard version == 3 else {
      throw .model("it has GGUF version \(version), expected 3", help: "convert the model anew with a current tool")
    }
    let tensorCount = try cursor.count(of: "tensors", least: 32)
    let pairCount = try cursor.count(of: "metadata entries", least: 13)
    for _ in 0..<pairCount { try readPair(&cursor) }
    try readTensors(tensorCount, &cursor)
  }

  private mutating func readPair(_ cursor: inout GGUFCursor) throws(Diagnostic) {
    let key = try name(&cursor, "a metadata key", longest: 65535)
    let value = try value(&cursor, key)
    guard metadata.updateValue(value, forKey: key) == nil else {
      throw cursor.fault("the metadata key '\(key)' occurs twice")
    }
  }

  private func name(_ cursor: inout GGUFCursor, _ what: String, longest: Int) throws(Diagnostic) -> String {
    let range = try cursor.string(what)
    guard !range.isEmpty, range.count <= longest, let name = String(validating: bytes[range], as: UTF8.self) else {
      throw cursor.fault("\(what) must be UTF-8 of 1 to \(longest) bytes, got \(range.count) bytes")
    }
    return name
  }

  private func type(_ cursor: inout GGUFCursor, _ key: String) throws(Diagnostic) -> MetadataType {
    let raw = try cursor.integer(UInt32.self, "the type of '\(key)'")
    guard let type = MetadataType(rawValue: raw) else {
      throw cursor.fault("'\(key)' has the unknown type \(raw), expected 0...12")
    }
    return type
  }

  private func value(_ cursor: inout GGUFCursor, _ key: String) throws(Diagnostic) -> Metadata {
    switch try type(&cursor, key) {
    case .uint8: .integer(Int64(try cursor.integer(UInt8.self, key)))
    case .int8: .integer(Int64(try cursor.integer(Int8.self, key)))
    case .uint16: .integer(Int64(try cursor.integer(UInt16.self, key)))
    case .int16: .integer(Int64(try cursor.integer(Int16.self, key)))
    case .uint32: .integer(Int64(try cursor.integer(UInt32.self, key)))
    case .int32: .integer(Int64(try cursor.integer(Int32.self, key)))
    case .int64: .integer(try cursor.integer(Int64.self, key))
    case .uint64: whole(try cursor.integer(UInt64.self, key))
    case .float32: .number(Double(Float(bitPattern: try cursor.integer(UInt32.self, key))))
    case .float64: .number(Double(bitPattern: try cursor.integer(UInt64.self, key)))
    case .bool: .boolean(try boolean(&cursor, key))
    case .string: .string(try cursor.string("the text of '\(key)'"))
    case .array: .array(try array(&cursor, key))
    }
  }

  private func whole(_ number: UInt64) -> Metadata { Int64(exactly: number).map(Metadata.integer) ?? .large(number) }

  private func boolean(_ cursor: inout GGUFCursor, _ key: String) throws(Diagnostic) -> Bool {
    let byte = try cursor.integer(UInt8.self, key)
    guard byte <= 1 else { throw cursor.fault("the truth value '\(key)' is \(byte), expected 0 or 1") }
    return byte == 1
  }

  private func array(_ cursor: inout GGUFCursor, _ key: String) throws(Diagnostic) -> MetadataArray {
    let element = try type(&cursor, key)
    guard element != .array else { throw cursor.fault("'\(key)' is an array of arrays, which is not supported") }
    let count = try cursor.count(of: "elements of '\(key)'", least: element.size ?? 8)
    let start = cursor.offset
    if let size = element.size {
      try cursor.skip(count * size, "'\(key)'")
    } else {
      let what = "an element of '\(key)'"
      for _ in 0..<count { _ = try cursor.string(what) }
    }
    return MetadataArray(element: element, count: count, range: start..<cursor.offset)
  }

  private mutating func readTensors(_ count: Int, _ cursor: inout GGUFCursor) throws(Diagnostic) {
    var found: [(name: String, type: TensorType, shape: [Int], offset: Int, size: Int)] = []
    for _ in 0..<count {
      let name = try name(&cursor, "a tensor's name", longest: 64)
      let (shape, type, size) = try form(of: name, &cursor)
      let offset = try cursor.integer(UInt64.self, "the place of tensor '\(name)'")
      guard let offset = Int(exactly: offset) else { throw cursor.fault("tensor '\(name)' lies behind the file's end") }
      found.append((name, type, shape, offset, size))
    }
    let alignment = try alignment()
    let start = (cursor.offset + alignment - 1) / alignment * alignment
    var end = 0
    for tensor in found.sorted(by: { $0.offset < $1.offset }) {
      guard tensor.offset % alignment == 0 else {
        throw .model("tensor '\(tensor.name)' lies at \(tensor.offset), expected a multiple of \(alignment)")
      }
      guard tensor.offset >= end else { throw .model("tensor '\(tensor.name)' overlaps the one before it") }
      guard start <= bytes.count, tensor.offset <= bytes.count - start,
        tensor.size <= bytes.count - start - tensor.offset
      else {
        throw .model(
          "tensor '\(tensor.name)' reaches behind the file's end", help: "the file is cut short: copy it again")
      }
      end = tensor.offset + tensor.size
      let first = start + tensor.offset
      let placed = Tensor(type: tensor.type, shape: tensor.shape, range: first..<first + tensor.size)
      guard tensors.updateValue(placed, forKey: tensor.name) == nil else {
        throw .model("the tensor '\(tensor.name)' occurs twice")
      }
    }
  }

  /// Reads a tensor's shape and type and works out its size.
  private func form(
    of name: String, _ cursor: inout GGUFCursor
  ) throws(Diagnostic) -> (shape: [Int], type: TensorType, size: Int) {
    let dimensions = try cursor.integer(UInt32.self, "the number of dimensions of '\(name)'")
    guard (1...4).contains(dimensions) else {
      throw cursor.fault("tensor '\(name)' has \(dimensions) dimensions, expected 1...4")
    }
    var shape: [Int] = []
    var total = 1
    for _ in 0..<dimensions {
      let length = try cursor.integer(UInt64.self, "the shape of '\(name)'")
      guard let length = Int(exactly: length), length > 0 else {
        throw cursor.fault("tensor '\(name)' has a dimension of \(length)")
      }
      shape.append(length)
      let (product, overflow) = total.multipliedReportingOverflow(by: length)
      guard !overflow, product <= Int.max / 256 else { throw cursor.fault("tensor '\(name)' is too large") }
      total = product
    }
    let raw = try cursor.integer(UInt32.self, "the type of '\(name)'")
    guard let type = TensorType(rawValue: raw) else {
      let known = TensorType.allCases.map { "\($0)".uppercased() }.joined(separator: ", ")
      throw .model("tensor '\(name)' has the type \(raw), which is not supported", help: "supported types are \(known)")
    }
    guard shape[0] % type.blockCount == 0 else {
      throw cursor.fault("tensor '\(name)' has rows of \(shape[0]), expected a multiple of \(type.blockCount)")
    }
    return (shape, type, total / type.blockCount * type.blockBytes)
  }

  private func alignment() throws(Diagnostic) -> Int {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard case .integer(let alignment) = value, (8...(1 << 20)).contains(alignment), alignment.nonzeroBitCount == 1
    else { throw .model("'general.alignment' must be a power of two in 8...1048576") }
    return Int(alignment)
  }
}
