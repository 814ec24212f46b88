/// The weights of a model in training, in one piece of memory, and where each lies.
///
/// The architecture is llama's (Touvron et al. 2023) with the output tied to the embedding; matrices are stored [out, in].
struct TrainableModel {
  /// One matrix or vector.
  struct Tensor {
    /// As in GGUF.
    let name: String
    let offset: Int
    /// Rows are outputs; a vector has one row.
    let rows: Int
    let columns: Int

    var count: Int { rows * columns }
    var isVector: Bool { rows == 1 }
  }

  /// A layer's tensors; `queryKeyValue` and `gateUp` are neighbours in memory, so each takes one product.
  struct Layer {
    let attentionNorm: Tensor
    let queryKeyValue: [Tensor]
    let attentionOut: Tensor
    let feedForwardNorm: Tensor
    let gateUp: [Tensor]
    let down: Tensor
  }

  let tokens: Int
  let width: Int
  let hidden: Int
  let heads: Int
  let embedding: Tensor
  let layers: [Layer]
  let outputNorm: Tensor
  /// All of them, in the order of memory.
  let tensors: [Tensor]
  let count: Int

  init(tokens: Int, options: TrainingOptions) {
    let width = options.width
    let hidden = options.hidden
    var tensors: [Tensor] = []
    var offset = 0
    func tensor(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
      let tensor = Tensor(name: name, offset: offset, rows: rows, columns: columns)
      tensors.append(tensor)
      offset += rows * columns
      return tensor
    }
    self.tokens = tokens
    self.width = width
    self.hidden = hidden
    heads = options.heads
    embedding = tensor("token_embd.weight", tokens, width)
    layers = (0..<options.layers).map { index in
      let prefix = "blk.\(index)."
      return Layer(
        attentionNorm: tensor(prefix + "attn_norm.weight", 1, width),
        queryKeyValue: ["q", "k", "v"].map { tensor(prefix + "attn_\($0).weight", width, width) },
        attentionOut: tensor(prefix + "attn_output.weight", width, width),
        feedForwardNorm: tensor(prefix + "ffn_norm.weight", 1, width),
        gateUp: ["gate", "up"].map { tensor(prefix + "ffn_\($0).weight", hidden, width) },
        down: tensor(prefix + "ffn_down.weight", width, hidden))
    }
    outputNorm = tensor("output_norm.weight", 1, width)
    self.tensors = tensors
    count = offset
  }

  /// First weights: normal with deviation 0.02, less for what is added to the residual stream (as GPT-2), and norms of 1.
  func initialise(_ weights: UnsafeMutablePointer<Float>, seed: UInt64) {
    var random = NormalGenerator(seed: seed)
    let residual = 0.02 / Float(2 * layers.count).squareRoot()
    for tensor in tensors {
      let deviation: Float = tensor.name.contains("output.weight") || tensor.name.contains("down") ? residual : 0.02
      for index in 0..<tensor.count {
        weights[tensor.offset + index] = tensor.isVector ? 1 : random.next() * deviation
      }
    }
  }
}
