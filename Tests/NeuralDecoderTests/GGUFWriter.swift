import NeuralDecoder

/// Writes a model file, right or wrong, for tests.
struct GGUFWriter {
  var version: UInt32 = 3
  var alignment = 32
  private(set) var pairs: [[UInt8]] = []
  private(set) var tensors: [(name: String, shape: [Int], type: UInt32, content: [UInt8], offset: Int?)] = []

  mutating func add(_ key: String, _ value: UInt32) { add(key, .uint32, Self.bytes(value)) }
  mutating func add(_ key: String, _ value: Float) { add(key, .float32, Self.bytes(value.bitPattern)) }
  mutating func add(_ key: String, _ value: Bool) { add(key, .bool, [value ? 1 : 0]) }
  mutating func add(_ key: String, _ value: String) { add(key, .string, Self.text(Array(value.utf8))) }
  mutating func add(_ key: String, _ values: [[UInt8]]) { add(key, array: .string, values.map(Self.text)) }
  mutating func add(_ key: String, _ values: [Float]) {
    add(key, array: .float32, values.map { Self.bytes($0.bitPattern) })
  }
  mutating func add(_ key: String, _ values: [Int32]) { add(key, array: .int32, values.map { Self.bytes($0) }) }

  mutating func add(_ key: String, _ type: MetadataType, _ value: [UInt8]) {
    pairs.append(Self.text(Array(key.utf8)) + Self.bytes(type.rawValue) + value)
  }

  mutating func add(_ key: String, array element: MetadataType, _ values: [[UInt8]]) {
    add(key, .array, Self.bytes(element.rawValue) + Self.bytes(UInt64(values.count)) + values.flatMap(\.self))
  }

  mutating func add(tensor name: String, _ shape: [Int], type: UInt32, _ content: [UInt8], offset: Int? = nil) {
    tensors.append((name, shape, type, content, offset))
  }

  mutating func add(tensor name: String, _ shape: [Int], _ values: [Float]) {
    add(tensor: name, shape, type: TensorType.f32.rawValue, values.flatMap { Self.bytes($0.bitPattern) })
  }

  var bytes: [UInt8] {
    var head = Array("GGUF".utf8) + Self.bytes(version) + Self.bytes(UInt64(tensors.count))
    head += Self.bytes(UInt64(pairs.count)) + pairs.flatMap(\.self)
    var data: [UInt8] = []
    for tensor in tensors {
      data += [UInt8](repeating: 0, count: (alignment - data.count % alignment) % alignment)
      head += Self.text(Array(tensor.name.utf8)) + Self.bytes(UInt32(tensor.shape.count))
      head += tensor.shape.flatMap { Self.bytes(UInt64($0)) } + Self.bytes(tensor.type)
      head += Self.bytes(UInt64(tensor.offset ?? data.count))
      data += tensor.content
    }
    return head + [UInt8](repeating: 0, count: (alignment - head.count % alignment) % alignment) + data
  }

  static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
  static func text(_ bytes: [UInt8]) -> [UInt8] { Self.bytes(UInt64(bytes.count)) + bytes }
}
