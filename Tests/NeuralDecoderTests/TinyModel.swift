import Core
import NeuralDecoder

/// A model of two layers with random weights, made in memory.
final class TinyModel {
  private let bytes: UnsafeMutableRawBufferPointer
  let pool: ThreadPool
  let model: Model
  /// The tokens of its vocabulary: 256 bytes, some letters joined, an end token, another control token, "<br>".
  static let merges = ["a b", "c d", "ab cd", "e f", "{ n"]
  static let end: Int32 = 261

  init(threads: Int = 1, kernels: Kernels = Kernels.levels[0], quantised: Bool = true) throws {
    let file = Self.file(quantised: quantised)
    bytes = .allocate(byteCount: file.count, alignment: 64)
    bytes.copyBytes(from: file)
    pool = ThreadPool(count: threads)
    model = try Model(GGUFFile(UnsafeRawBufferPointer(bytes)), kernels: kernels, pool: pool)
  }

  deinit { bytes.deallocate() }

  /// A decoder that must not outlive this object.
  var decoder: Decoder { Decoder(model, pool: pool) }

  /// What a decoder of this model's own writes.
  func generate(_ requests: [GenerationRequest]) -> [[Candidate]] {
    withExtendedLifetime(self) { decoder.generate(requests) }
  }

  /// The tokens' vectors, which are the head's rows too, of the model that is not quantised.
  static let tokenMatrix = KernelTests.numbers(64 * (256 + merges.count + 3), seed: 101).map { $0 * 0.9 }

  /// The file: "llama" with two layers of width 64, four heads, two of keys and values.
  static func file(quantised: Bool) -> [UInt8] {
    var writer = TokenizerTests.bytePair("gpt-2", merges: merges)
    let (width, feedForward, vocabulary) = (64, 96, 256 + merges.count + 3)
    writer.add("general.architecture", "llama")
    for (key, value) in [
      ("block_count", 2), ("embedding_length", width), ("feed_forward_length", feedForward), ("context_length", 512),
      ("attention.head_count", 4), ("attention.head_count_kv", 2),
    ] {
      writer.add("llama.\(key)", UInt32(value))
    }
    writer.add("llama.attention.layer_norm_rms_epsilon", Float(1e-6))
    var seed: UInt64 = 100
    func matrix(_ name: String, _ columns: Int, _ rows: Int) {
      seed += 1
      let values = KernelTests.numbers(columns * rows, seed: seed).map { $0 * 0.9 }
      if quantised {
        writer.add(tensor: name, [columns, rows], type: TensorType.q8_0.rawValue, KernelTests.quantised(values).bytes)
      } else {
        writer.add(tensor: name, [columns, rows], values)
      }
    }
    matrix("token_embd.weight", width, vocabulary)
    writer.add(tensor: "output_norm.weight", [width], [Float](repeating: 0.4, count: width))
    for layer in 0..<2 {
      let prefix = "blk.\(layer)."
      for norm in ["attn_norm", "ffn_norm"] {
        writer.add(tensor: prefix + norm + ".weight", [width], [Float](repeating: 0.5, count: width))
      }
      matrix(prefix + "attn_q.weight", width, width)
      matrix(prefix + "attn_k.weight", width, width / 2)
      matrix(prefix + "attn_v.weight", width, width / 2)
      matrix(prefix + "attn_output.weight", width, width)
      matrix(prefix + "ffn_gate.weight", width, feedForward)
      matrix(prefix + "ffn_up.weight", width, feedForward)
      matrix(prefix + "ffn_down.weight", feedForward, width)
    }
    return writer.bytes
  }
}
