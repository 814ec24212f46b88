import CDecoderKernels
public import Core

/// A model, ready to run: its weights laid out for this CPU, its tokenizer, its shape.
public final class Model: @unchecked Sendable {
  // Immutable after init; hence the unchecked conformance.
  /// Sizes and constants.
  public let shape: ModelShape
  /// Text to tokens and back.
  public let tokenizer: Tokenizer
  /// What it computes with.
  public let kernels: Kernels
  let layers: [LayerWeights]
  let outputNorm: NormWeights
  let head: Matrix
  let positions: GGUFFile.Tensor?
  let rotary: (global: RotaryTable, local: RotaryTable)
  private let file: GGUFFile
  private let embedding: GGUFFile.Tensor
  private let arena: Arena

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - file: must stay mapped as long as the model.
  ///   - kernels: what to compute with; as `Kernels.chosen` has it where nil.
  ///   - exact: whether quantised weights become floats: the oracle, slow and large.
  ///   - pool: the threads that lay out the weights.
  ///   - forget: called with parts of the file that are not needed any more.
  public init(
    _ file: GGUFFile, kernels: Kernels? = nil, exact: Bool = false, pool: ThreadPool,
    forget: ((Range<Int>) -> Void)? = nil
  ) throws(Diagnostic) {
    self.file = file
    let level: Kernels
    if let kernels { level = kernels } else { level = try Kernels.chosen() }
    self.kernels = level
    tokenizer = try Tokenizer(file)
    shape = try ModelShape(file, vocabulary: tokenizer.vocabulary.count)
    let plan = try WeightPlan(file, shape, exact: exact)
    embedding = plan.embedding
    positions = plan.positions
    arena = try Arena(bytes: plan.matrices.reduce(0) { $0 + Arena.rounded($1.bytes) })
    let matrices = Self.layOut(plan.matrices, file, level, arena, pool, forget)
    layers = plan.layers.map { $0(matrices) }
    outputNorm = plan.outputNorm
    head = matrices[plan.head]
    let factors = try WeightPlan.rotaryFactors(file, shape)
    rotary = (
      RotaryTable(shape.rotated, base: shape.rotaryBase.global, factor: shape.rotaryFactor, factors),
      RotaryTable(shape.rotated, base: shape.rotaryBase.local, factor: 1, factors)
    )
  }

  /// Writes the vector of a token.
  func embed(_ token: Int32, into row: UnsafeMutablePointer<Float>) {
    copy(embedding, row: Int(token), into: row)
  }

  /// Writes a stored row as floats.
  func copy(_ tensor: GGUFFile.Tensor, row: Int, into out: UnsafeMutablePointer<Float>) {
    let bytes = file.bytes(of: tensor)
    guard let start = bytes.baseAddress else { return }
    kernels.table.pointee.dequantise(
      tensor.type.rawValue, (start + row * tensor.rowBytes).assumingMemoryBound(to: UInt8.self), tensor.columns, out)
  }

  /// Lays out all matrices, in parts of about a megabyte that the threads take in turn.
  private static func layOut(
    _ plans: [MatrixPlan], _ file: GGUFFile, _ kernels: Kernels, _ arena: Arena, _ pool: ThreadPool,
    _ forget: ((Range<Int>) -> Void)?
  ) -> [Matrix] {
    struct Part: @unchecked Sendable {
      // Parts write to memory of their own; hence the unchecked conformance.
      let plan: MatrixPlan
      let groups: Range<Int>
      let target: UnsafeMutablePointer<UInt8>
    }
    var parts: [Part] = []
    let matrices = plans.map { plan in
      let target = arena.take(plan.bytes)
      let step = max(1, (1 << 20) / plan.groupBytes)
      for first in stride(from: 0, to: plan.groups, by: step) {
        let last = min(first + step, plan.groups)
        parts.append(Part(plan: plan, groups: first..<last, target: target + first * plan.groupBytes))
      }
      return Matrix(
        raw: decoder_matrix(groups: target, rows: plan.rows.count, columns: plan.tensor.columns, layout: plan.layout))
    }
    let next = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    next.initialize(to: 0)
    defer { next.deallocate() }
    pool.run { _ in
      while case let index = Int(decoder_claim(next, 1)), index < parts.count {
        let part = parts[index]
        let tensor = part.plan.tensor
        guard let start = file.bytes(of: tensor).baseAddress else { continue }
        let stored = (start + part.plan.rows.lowerBound * tensor.rowBytes).assumingMemoryBound(to: UInt8.self)
        kernels.table.pointee.pack(
          part.plan.layout, tensor.type.rawValue, stored, tensor.rowBytes, part.plan.rows.count, tensor.columns,
          part.groups.lowerBound, part.groups.upperBound, part.target)
        let first =
          tensor.range.lowerBound + (part.plan.rows.lowerBound + part.groups.lowerBound * 16) * tensor.rowBytes
        forget?(first..<min(first + part.groups.count * 16 * tensor.rowBytes, tensor.range.upperBound))
      }
    }
    return matrices
  }
}
