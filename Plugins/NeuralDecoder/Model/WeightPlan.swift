import Core

/// Which tensors of a file are which weights: found, checked, not yet laid out.
struct WeightPlan {
  private(set) var matrices: [MatrixPlan] = []
  /// Each makes a layer from the matrices that were laid out.
  private(set) var layers: [([Matrix]) -> LayerWeights] = []
  private(set) var outputNorm = NormWeights(weight: [], bias: nil)
  private(set) var head = 0
  let embedding: GGUFFile.Tensor
  let positions: GGUFFile.Tensor?
  private let file: GGUFFile
  private let shape: ModelShape
  private let exact: Bool
  /// The tensors that were asked for, and those that are read elsewhere.
  private var known: Set<String> = ["token_embd.weight", "position_embd.weight", "rope_freqs.weight"]

  init(_ file: GGUFFile, _ shape: ModelShape, exact: Bool) throws(Diagnostic) {
    self.file = file
    self.shape = shape
    self.exact = exact
    embedding = try file.tensor("token_embd.weight", [shape.width, shape.vocabulary])
    positions =
      shape.architecture == .gpt2 ? try file.tensor("position_embd.weight", [shape.width, shape.contextLength]) : nil
    for layer in 0..<shape.layers {
      layers.append(
        shape.architecture == .gpt2 ? try fusedLayer("blk.\(layer).") : try gatedLayer("blk.\(layer)."))
    }
    outputNorm = try norm("output_norm")
    // A model without an output matrix of its own uses that of its tokens.
    let name = file.tensors["output.weight"] == nil ? "token_embd.weight" : "output.weight"
    head = try matrix(name, shape.width, shape.vocabulary)
    // What is not computed with would make other texts than the model's.
    if let other = file.tensors.keys.filter({ !known.contains($0) && !$0.hasSuffix("rot_embd.weight") }).min() {
      throw .model(
        "the tensor '\(other)' is none that '\(shape.architecture.rawValue)' of \(shape.layers) layers is computed with"
      )
    }
  }

  /// The layer of gemma3, llama, qwen2 and qwen3.
  private mutating func gatedLayer(_ prefix: String) throws(Diagnostic) -> ([Matrix]) -> LayerWeights {
    let width = shape.width
    let query = try matrix(prefix + "attn_q.weight", width, shape.queryWidth)
    let key = try matrix(prefix + "attn_k.weight", width, shape.keyWidth)
    let value = try matrix(prefix + "attn_v.weight", width, shape.keyWidth)
    let output = try matrix(prefix + "attn_output.weight", shape.queryWidth, width)
    let gate = try matrix(prefix + "ffn_gate.weight", width, shape.feedForward)
    let up = try matrix(prefix + "ffn_up.weight", width, shape.feedForward)
    let down = try matrix(prefix + "ffn_down.weight", shape.feedForward, width)
    let hasBias = shape.architecture == .qwen2
    let hasHeadNorms = shape.architecture == .gemma3 || shape.architecture == .qwen3
    let hasPostNorms = shape.architecture == .gemma3
    let attentionNorm = try norm(prefix + "attn_norm")
    let feedForwardNorm = try norm(prefix + "ffn_norm")
    let queryBias = hasBias ? try vector(prefix + "attn_q.bias", shape.queryWidth) : nil
    let keyBias = hasBias ? try vector(prefix + "attn_k.bias", shape.keyWidth) : nil
    let valueBias = hasBias ? try vector(prefix + "attn_v.bias", shape.keyWidth) : nil
    let queryNorm = hasHeadNorms ? try vector(prefix + "attn_q_norm.weight", shape.headSize) : nil
    let keyNorm = hasHeadNorms ? try vector(prefix + "attn_k_norm.weight", shape.headSize) : nil
    let postAttention = hasPostNorms ? try norm(prefix + "post_attention_norm") : nil
    let postFeedForward = hasPostNorms ? try norm(prefix + "post_ffw_norm") : nil
    return { matrices in
      LayerWeights(
        attentionNorm: attentionNorm, query: matrices[query], key: matrices[key], value: matrices[value],
        queryBias: queryBias, keyBias: keyBias, valueBias: valueBias, queryNorm: queryNorm, keyNorm: keyNorm,
        output: matrices[output], postAttentionNorm: postAttention, feedForwardNorm: feedForwardNorm,
        gate: matrices[gate], up: matrices[up], down: matrices[down], postFeedForwardNorm: postFeedForward)
    }
  }

  /// The layer of gpt2: one matrix for queries, keys and values, biases everywhere, no gate.
  private mutating func fusedLayer(_ prefix: String) throws(Diagnostic) -> ([Matrix]) -> LayerWeights {
    let width = shape.width
    guard shape.queryWidth == width, shape.keyWidth == width else {
      throw .model("the heads of gpt2 together are \(shape.queryWidth) long, expected \(width)")
    }
    let fused = try tensor(prefix + "attn_qkv.weight", [width, 3 * width])
    let first = matrices.count
    for part in 0..<3 { matrices.append(MatrixPlan(fused, rows: part * width..<(part + 1) * width, exact: exact)) }
    let bias = try vector(prefix + "attn_qkv.bias", 3 * width)
    let output = try matrix(prefix + "attn_output.weight", width, width)
    let up = try matrix(prefix + "ffn_up.weight", width, shape.feedForward)
    let down = try matrix(prefix + "ffn_down.weight", shape.feedForward, width)
    let attentionNorm = try norm(prefix + "attn_norm")
    let feedForwardNorm = try norm(prefix + "ffn_norm")
    let outputBias = try vector(prefix + "attn_output.bias", width)
    let upBias = try vector(prefix + "ffn_up.bias", shape.feedForward)
    let downBias = try vector(prefix + "ffn_down.bias", width)
    return { matrices in
      LayerWeights(
        attentionNorm: attentionNorm, query: matrices[first], key: matrices[first + 1], value: matrices[first + 2],
        queryBias: Array(bias[..<width]), keyBias: Array(bias[width..<2 * width]),
        valueBias: Array(bias[(2 * width)...]),
        output: matrices[output], outputBias: outputBias, feedForwardNorm: feedForwardNorm, up: matrices[up],
        upBias: upBias, down: matrices[down], downBias: downBias)
    }
  }

  /// Plans a matrix and returns its number.
  private mutating func matrix(_ name: String, _ columns: Int, _ rows: Int) throws(Diagnostic) -> Int {
    matrices.append(MatrixPlan(try tensor(name, [columns, rows]), exact: exact))
    return matrices.count - 1
  }

  private mutating func tensor(_ name: String, _ shape: [Int]) throws(Diagnostic) -> GGUFFile.Tensor {
    known.insert(name)
    return try file.tensor(name, shape)
  }

  private mutating func norm(_ name: String) throws(Diagnostic) -> NormWeights {
    NormWeights(
      weight: try vector(name + ".weight", shape.width),
      bias: shape.architecture == .gpt2 ? try vector(name + ".bias", shape.width) : nil)
  }

  private mutating func vector(_ name: String, _ count: Int) throws(Diagnostic) -> [Float] {
    known.insert(name)
    return try Self.vector(file, name, count)
  }

  private static func vector(_ file: GGUFFile, _ name: String, _ count: Int) throws(Diagnostic) -> [Float] {
    let tensor = try file.tensor(name, [count])
    guard tensor.type == .f32 else { throw .model("tensor '\(name)' has the type \(tensor.type), expected f32") }
    let bytes = file.bytes(of: tensor)
    return (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
  }

  /// What each frequency is divided by, where the file says so (Llama 3).
  static func rotaryFactors(_ file: GGUFFile, _ shape: ModelShape) throws(Diagnostic) -> [Float]? {
    file.tensors["rope_freqs.weight"] == nil ? nil : try vector(file, "rope_freqs.weight", shape.rotated / 2)
  }
}
