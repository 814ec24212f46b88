import CDecoderKernels
import Core
import Glibc

/// Zeroed memory in large pages; everything in it is aligned to 64 bytes.
final class Arena: @unchecked Sendable {
  // Written while a model is loaded, read afterwards; hence the unchecked conformance.
  private let start: UnsafeMutableRawPointer
  private let size: Int
  private var used = 0

  init(bytes: Int) throws(Diagnostic) {
    size = ((max(bytes, 1) + (1 << 21) - 1) >> 21) << 21
    guard let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED
    else { throw Diagnostic("out of memory", "the model needs \(size >> 20) MiB") }
    self.start = start
    madvise(start, size, MADV_HUGEPAGE)
  }

  deinit { munmap(start, size) }

  func take(_ bytes: Int) -> UnsafeMutablePointer<UInt8> {
    precondition(used + bytes <= size, "the arena was made for what is taken from it")
    defer { used += Self.rounded(bytes) }
    return (start + used).assumingMemoryBound(to: UInt8.self)
  }

  static func rounded(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
}

/// Some rows of a tensor, to be laid out for multiplication.
struct MatrixPlan {
  let tensor: GGUFFile.Tensor
  let rows: Range<Int>
  let layout: decoder_layout

  /// - Parameter exact: whether quantised weights become floats.
  init(_ tensor: GGUFFile.Tensor, rows: Range<Int>? = nil, exact: Bool) {
    self.tensor = tensor
    self.rows = rows ?? 0..<tensor.rows
    layout = tensor.type.isQuantised && !exact ? DECODER_INT8 : DECODER_FLOAT
  }

  var groups: Int { (rows.count + 15) / 16 }
  var groupBytes: Int { decoder_group_bytes(layout, tensor.columns) }
  var bytes: Int { groups * groupBytes }
}

/// A matrix that was laid out, and its place.
struct Matrix {
  let raw: decoder_matrix
  var groups: Int { (raw.rows + 15) / 16 }
  var rows: Int { raw.rows }
  var isInteger: Bool { raw.layout == DECODER_INT8 }
}

/// The weights of one layer; what an architecture lacks is nil.
struct LayerWeights {
  var attentionNorm: NormWeights
  var query: Matrix
  var key: Matrix
  var value: Matrix
  var queryBias: [Float]?
  var keyBias: [Float]?
  var valueBias: [Float]?
  var queryNorm: [Float]?
  var keyNorm: [Float]?
  var output: Matrix
  var outputBias: [Float]?
  var postAttentionNorm: NormWeights?
  var feedForwardNorm: NormWeights
  var gate: Matrix?
  var up: Matrix
  var upBias: [Float]?
  var down: Matrix
  var downBias: [Float]?
  var postFeedForwardNorm: NormWeights?
}

/// A normalisation: by the mean square alone where there is no bias.
struct NormWeights {
  let weight: [Float]
  let bias: [Float]?
}
