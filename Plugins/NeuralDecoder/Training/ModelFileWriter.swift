/// Writes a GGUF file, version 3: little-endian, tensors aligned to 32 bytes.
struct ModelFileWriter {
  /// A value of the metadata.
  enum Value {
    case count(UInt32)
    case number(Float)
    case truth(Bool)
    case text(String)
    case texts([[UInt8]])
    case counts([Int32])
  }

  private struct Tensor {
    let name: String
    let shape: [Int]
    let type: UInt32
    let bytes: [UInt8]
  }

  private var metadata: [(String, Value)] = []
  private var tensors: [Tensor] = []

  mutating func add(_ key: String, _ value: Value) { metadata.append((key, value)) }

  /// Adds a matrix [rows, columns], or a vector where `rows` is nil; vectors stay F32, whatever the storage.
  mutating func add(
    _ name: String, _ values: UnsafePointer<Float>, rows: Int?, columns: Int, as storage: TrainingOptions.Storage
  ) {
    let values = UnsafeBufferPointer(start: values, count: (rows ?? 1) * columns)
    let shape = [columns] + (rows.map { [$0] } ?? [])
    switch rows == nil ? .f32 : storage {
    case .f32: tensors.append(Tensor(name: name, shape: shape, type: 0, bytes: Array(UnsafeRawBufferPointer(values))))
    case .f16:
      let halves = values.map { Float16($0) }
      tensors.append(Tensor(name: name, shape: shape, type: 1, bytes: halves.withUnsafeBytes { Array($0) }))
    case .q8_0: tensors.append(Tensor(name: name, shape: shape, type: 8, bytes: Self.quantised(values)))
    }
  }

  /// Blocks of 32: a half-precision scale, then 8-bit levels.
  private static func quantised(_ values: UnsafeBufferPointer<Float>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count / 32 * 34)
    for start in stride(from: 0, to: values.count, by: 32) {
      let block = values[start..<start + 32]
      let scale = (block.map(abs).max() ?? 0) / 127
      let half = Float16(scale)
      bytes.append(contentsOf: withUnsafeBytes(of: half.bitPattern.littleEndian, Array.init))
      for value in block {
        let level = scale == 0 ? 0 : (value / scale).rounded(.toNearestOrAwayFromZero)
        bytes.append(UInt8(bitPattern: Int8(max(-127, min(127, level)))))
      }
    }
    return bytes
  }

  /// The whole file.
  func bytes() -> [UInt8] {
    var file: [UInt8] = Array("GGUF".utf8)
    func add(_ number: some FixedWidthInteger) {
      file.append(contentsOf: withUnsafeBytes(of: number.littleEndian, Array.init))
    }
    func add(_ text: [UInt8]) {
      add(UInt64(text.count))
      file.append(contentsOf: text)
    }
    add(UInt32(3))
    add(UInt64(tensors.count))
    add(UInt64(metadata.count))
    for (key, value) in metadata {
      add(Array(key.utf8))
      switch value {
      case .count(let number):
        add(UInt32(4))
        add(number)
      case .number(let number):
        add(UInt32(6))
        add(number.bitPattern)
      case .truth(let truth):
        add(UInt32(7))
        add(UInt8(truth ? 1 : 0))
      case .text(let text):
        add(UInt32(8))
        add(Array(text.utf8))
      case .texts(let texts):
        add(UInt32(9))
        add(UInt32(8))
        add(UInt64(texts.count))
        for text in texts { add(text) }
      case .counts(let numbers):
        add(UInt32(9))
        add(UInt32(5))
        add(UInt64(numbers.count))
        for number in numbers { add(number) }
      }
    }
    var offset = 0
    for tensor in tensors {
      add(Array(tensor.name.utf8))
      add(UInt32(tensor.shape.count))
      for side in tensor.shape { add(UInt64(side)) }
      add(tensor.type)
      add(UInt64(offset))
      offset += (tensor.bytes.count + 31) / 32 * 32
    }
    func align() { file.append(contentsOf: repeatElement(0, count: (32 - file.count % 32) % 32)) }
    align()
    for tensor in tensors {
      file.append(contentsOf: tensor.bytes)
      align()
    }
    return file
  }
}

extension ModelFileWriter {
  /// The file of a model that was trained: everything that a decoder needs, tokenizer and all.
  init(
    _ model: TrainableModel, weights: UnsafePointer<Float>, tokenizer: LearntTokenizer, options: TrainingOptions
  ) {
    add("general.architecture", .text("llama"))
    add("general.name", .text("bespoke shop model"))
    add("llama.block_count", .count(UInt32(model.layers.count)))
    add("llama.context_length", .count(UInt32(options.context)))
    add("llama.embedding_length", .count(UInt32(model.width)))
    add("llama.feed_forward_length", .count(UInt32(model.hidden)))
    add("llama.attention.head_count", .count(UInt32(model.heads)))
    add("llama.attention.head_count_kv", .count(UInt32(model.heads)))
    add("llama.attention.layer_norm_rms_epsilon", .number(1e-5))
    add("llama.rope.dimension_count", .count(UInt32(model.width / model.heads)))
    add("llama.rope.freq_base", .number(10000))
    add("llama.vocab_size", .count(UInt32(model.tokens)))
    add("tokenizer.ggml.model", .text("gpt2"))
    add("tokenizer.ggml.pre", .text("smollm"))
    let pieces = tokenizer.pieces.map { ByteAlphabet.spelt($0) }
    add(
      "tokenizer.ggml.tokens", .texts([Array("<|endoftext|>".utf8)] + tokenizer.slots.map { Array($0.utf8) } + pieces))
    add(
      "tokenizer.ggml.token_type",
      .counts([3] + tokenizer.slots.map { _ in 4 } + pieces.map { _ in 1 }))
    add(
      "tokenizer.ggml.merges",
      .texts(tokenizer.merges.map { pieces[Int($0.left)] + [0x20] + pieces[Int($0.right)] }))
    add("tokenizer.ggml.bos_token_id", .count(UInt32(LearntTokenizer.ending)))
    add("tokenizer.ggml.eos_token_id", .count(UInt32(LearntTokenizer.ending)))
    add("tokenizer.ggml.add_bos_token", .truth(true))
    for tensor in model.tensors {
      add(
        tensor.name, weights + tensor.offset, rows: tensor.isVector ? nil : tensor.rows, columns: tensor.columns,
        as: options.weights)
    }
  }
}
