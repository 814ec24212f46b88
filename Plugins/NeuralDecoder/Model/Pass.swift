import CDecoderKernels

/// One token to compute.
struct PassRow {
  var token: Int32
  /// The text before it; its own position counts from `past.count` + `ahead`.
  var past: Past
  /// How many rows of the same text come before this one in the pass.
  var ahead: Int
  /// Whether the logits that follow it, or its vector, are wanted.
  var wantsOutput: Bool

  var position: Int { past.count + ahead }
}

/// Computes tokens: some rows at once, of one text or of many, all on the same weights.
///
/// A row's result depends on its own text alone, to the last bit: not on its neighbours, their number or the threads.
final class Pass {
  let model: Model
  let pool: ThreadPool
  /// The most rows of a pass.
  let capacity: Int
  private let kernels: decoder_kernels
  private let shape: ModelShape
  // Scratch for `capacity` rows each.
  private let stream: Buffer<Float>
  private let normed: RowBuffer
  private let queries: Buffer<Float>
  private let keys: Buffer<Float>
  private let values: Buffer<Float>
  private let attended: RowBuffer
  private let gate: Buffer<Float>
  private let up: Buffer<Float>
  private let hidden: RowBuffer
  private let projected: Buffer<Float>
  private var scores: Buffer<Float>
  private var scoreStride = 0
  private let last: RowBuffer
  /// One row of logits for each row that wanted output, in order.
  private(set) var logits: Buffer<Float>
  private let counters: Buffer<UInt32>

  init(_ model: Model, pool: ThreadPool, capacity: Int) {
    self.model = model
    self.pool = pool
    self.capacity = capacity
    kernels = model.kernels.table.pointee
    shape = model.shape
    stream = Buffer(capacity * shape.width)
    normed = RowBuffer(capacity, shape.width)
    queries = Buffer(capacity * shape.queryWidth)
    keys = Buffer(capacity * shape.keyWidth)
    values = Buffer(capacity * shape.keyWidth)
    attended = RowBuffer(capacity, shape.queryWidth)
    gate = Buffer(capacity * shape.feedForward)
    up = Buffer(capacity * shape.feedForward)
    hidden = RowBuffer(capacity, shape.feedForward)
    projected = Buffer(capacity * shape.width)
    scores = Buffer(0)
    last = RowBuffer(capacity, shape.width)
    logits = Buffer(0)
    counters = Buffer(shape.layers * Phase.allCases.count + 4)
  }

  /// The steps of a layer; all threads finish one before the next begins.
  private enum Phase: Int, CaseIterable {
    case project, place, attend, round, output, joined, expand, activate, contract, finish
  }

  /// The vector that the last layer made for each row that wanted output, in order.
  func vector(_ place: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: last.values.start + place * shape.width, count: shape.width)
  }

  /// Computes rows, writes their keys and values, and the logits of those that want output.
  ///
  /// - Parameters:
  ///   - rows: at most `capacity`; rows of one text follow each other in order.
  ///   - groups: groups of 16 tokens whose logits are wanted, or nil for all.
  ///   - isStopped: asked on this thread after each part of the work; true gives the pass up.
  /// - Returns: whether it came to its end; if not, the rows are as if they had not been computed.
  @discardableResult
  func run(_ rows: [PassRow], groups: [UInt32]? = nil, isStopped: @escaping () -> Bool = { false }) -> Bool {
    precondition(rows.count <= capacity, "a pass has at most \(capacity) rows")
    guard !rows.isEmpty else { return true }
    let wanted = rows.indices.filter { rows[$0].wantsOutput }
    if groups?.isEmpty != true, logits.count < wanted.count * shape.vocabulary {
      logits = Buffer(wanted.count * shape.vocabulary)
    }
    let positions = (rows.map(\.position).max() ?? 0) + 1
    if shape.architecture != .gpt2 {
      model.rotary.global.reserve(positions)
      if shape.window > 0 { model.rotary.local.reserve(positions) }
    }
    if scoreStride < positions + 16 {
      scoreStride = (positions + 16 + 255) / 256 * 256
      scores = Buffer(pool.count * shape.heads * scoreStride)
    }
    counters.start.update(repeating: 0, count: counters.count)
    pool.run { [self] thread in compute(rows, wanted, groups, thread, isStopped) }
    return stopped[0] == 0 && stopped[1] == 0
  }

  /// Not 0 once the pass is given up: the second is the caller's thread's own, which makes it the first before all meet at
  /// a layer's end and read that.
  private var stopped: UnsafeMutablePointer<UInt32> { counters.start + counters.count - 4 }

  private func compute(
    _ rows: [PassRow], _ wanted: [Int], _ groups: [UInt32]?, _ thread: Int, _ isStopped: () -> Bool
  ) {
    // What is left out is never read: the pass ends with the layer.
    func isGivenUp() -> Bool {
      guard thread == 0, stopped[1] != 0 || isStopped() else { return false }
      stopped[1] = 1
      return true
    }
    // Only in long texts looking back takes time.
    let isLong = rows.reduce(0) { $0 + $1.position } * shape.queryWidth > Self.mostMultiplications
    share(counters.count - 2, rows.count) { begin(rows[$0], $0) }
    for layer in 0..<shape.layers {
      let weights = model.layers[layer]
      let base = layer * Phase.allCases.count
      func each(_ phase: Phase, _ count: Int, _ body: (Int) -> Void) { share(base + phase.rawValue, count, body) }
      multiply(
        base + Phase.project.rawValue, normed.rows(rows.count),
        [(weights.query, queries.start), (weights.key, keys.start), (weights.value, values.start)], isStopped: isGivenUp
      )
      each(.place, rows.count) { place(rows[$0], $0, layer, weights) }
      share(base + Phase.attend.rawValue, rows.count * shape.keyValueHeads, isStopped: { isLong && isGivenUp() }) {
        attend(rows[$0 / shape.keyValueHeads], $0 / shape.keyValueHeads, layer, $0 % shape.keyValueHeads, thread)
      }
      if weights.output.isInteger { each(.round, rows.count) { attended.round($0, kernels) } }
      multiply(
        base + Phase.output.rawValue, attended.rows(rows.count), [(weights.output, projected.start)],
        isStopped: isGivenUp)
      each(.joined, rows.count) { row in
        join(row, weights.outputBias, weights.postAttentionNorm)
        normalise(stream.start + row * shape.width, weights.feedForwardNorm, normed, row, round: weights.up.isInteger)
      }
      let expanded = weights.gate.map { [($0, gate.start), (weights.up, up.start)] } ?? [(weights.up, up.start)]
      multiply(base + Phase.expand.rawValue, normed.rows(rows.count), expanded, isStopped: isGivenUp)
      each(.activate, rows.count) { activate($0, weights) }
      multiply(
        base + Phase.contract.rawValue, hidden.rows(rows.count), [(weights.down, projected.start)],
        isStopped: isGivenUp)
      let isLast = layer == shape.layers - 1
      if thread == 0, stopped[1] != 0 { stopped[0] = 1 }
      each(.finish, rows.count) { row in
        join(row, weights.downBias, weights.postFeedForwardNorm)
        let from = stream.start + row * shape.width
        if !isLast {
          let next = model.layers[layer + 1]
          normalise(from, next.attentionNorm, normed, row, round: next.query.isInteger)
        } else if let place = wanted.firstIndex(of: row) {
          normalise(from, model.outputNorm, last, place, round: model.head.isInteger)
        }
      }
      if stopped[0] != 0 { return }
    }
    guard !wanted.isEmpty, groups?.isEmpty != true else { return }
    multiply(
      counters.count - 1, last.rows(wanted.count), [(model.head, logits.start)], only: groups, isStopped: isGivenUp)
  }

  // MARK: What is done with one row

  private func begin(_ row: PassRow, _ index: Int) {
    let x = stream.start + index * shape.width
    model.embed(row.token, into: x)
    if shape.architecture == .gemma3 {
      let factor = Float(shape.width).squareRoot()
      for k in 0..<shape.width { x[k] *= factor }
    }
    if let positions = model.positions {
      // The scratch of the projections is free here.
      let position = projected.start + index * shape.width
      model.copy(positions, row: min(row.position, positions.rows - 1), into: position)
      kernels.add(x, position, shape.width)
    }
    normalise(x, model.layers[0].attentionNorm, normed, index, round: model.layers[0].query.isInteger)
  }

  /// Biases, norms and turns queries and keys, and keeps keys and values.
  private func place(_ row: PassRow, _ index: Int, _ layer: Int, _ weights: LayerWeights) {
    let query = queries.start + index * shape.queryWidth
    let key = keys.start + index * shape.keyWidth
    let value = values.start + index * shape.keyWidth
    if let bias = weights.queryBias { kernels.add(query, bias, shape.queryWidth) }
    if let bias = weights.keyBias { kernels.add(key, bias, shape.keyWidth) }
    if let bias = weights.valueBias { kernels.add(value, bias, shape.keyWidth) }
    let rotary = shape.isGlobal(layer) ? model.rotary.global : model.rotary.local
    func prepare(_ head: UnsafeMutablePointer<Float>, _ norm: [Float]?) {
      if let norm { kernels.rms_norm(head, norm, shape.headSize, shape.epsilon, head) }
      guard shape.architecture != .gpt2 else { return }
      rotary.turn(head, position: row.position, interleaved: shape.architecture == .llama)
    }
    for head in 0..<shape.heads { prepare(query + head * shape.headSize, weights.queryNorm) }
    for head in 0..<shape.keyValueHeads {
      prepare(key + head * shape.headSize, weights.keyNorm)
      row.past.own.store(
        key + head * shape.headSize, value + head * shape.headSize, layer: layer, head: head,
        position: row.past.ownCount + row.ahead)
    }
  }

  /// Lets the query heads of one head of keys and values look back.
  private func attend(_ row: PassRow, _ index: Int, _ layer: Int, _ head: Int, _ thread: Int) {
    let heads = shape.heads / shape.keyValueHeads
    let offset = index * shape.queryWidth + head * heads * shape.headSize
    let shared = row.past.shared
    withUnsafeTemporaryAllocation(of: decoder_segment.self, capacity: shared.count + 1) { segments in
      for (place, part) in shared.enumerated() {
        segments.initializeElement(at: place, to: part.segment.segment(layer: layer, head: head, count: part.count))
      }
      segments.initializeElement(
        at: shared.count,
        to: row.past.own.segment(layer: layer, head: head, count: row.past.ownCount + row.ahead + 1))
      let seen = row.position + 1
      var attention = decoder_attention(
        queries: queries.start + offset, output: attended.values.start + offset,
        scores: scores.start + thread * shape.heads * scoreStride, heads: heads, head_size: shape.headSize,
        stride: scoreStride, segments: segments.baseAddress, segment_count: segments.count,
        first: shape.isGlobal(layer) ? 0 : max(0, seen - shape.window), scale: 1 / Float(shape.headSize).squareRoot())
      kernels.attend(&attention)
    }
  }

  /// Adds a projection to the stream.
  private func join(_ row: Int, _ bias: [Float]?, _ norm: NormWeights?) {
    let y = projected.start + row * shape.width
    if let bias { kernels.add(y, bias, shape.width) }
    if let norm { kernels.rms_norm(y, norm.weight, shape.width, shape.epsilon, y) }
    kernels.add(stream.start + row * shape.width, y, shape.width)
  }

  private func activate(_ row: Int, _ weights: LayerWeights) {
    let offset = row * shape.feedForward
    let out = hidden.values.start + offset
    if let bias = weights.upBias { kernels.add(up.start + offset, bias, shape.feedForward) }
    switch shape.architecture {
    case .gemma3: kernels.gelu(gate.start + offset, up.start + offset, shape.feedForward, out)
    case .gpt2: kernels.gelu(up.start + offset, nil, shape.feedForward, out)
    case .llama, .qwen2, .qwen3: kernels.silu(gate.start + offset, up.start + offset, shape.feedForward, out)
    }
    if weights.down.isInteger { hidden.round(row, kernels) }
  }

  private func normalise(
    _ x: UnsafePointer<Float>, _ norm: NormWeights, _ out: RowBuffer, _ row: Int, round: Bool
  ) {
    let to = out.values.start + row * shape.width
    if let bias = norm.bias {
      kernels.layer_norm(x, norm.weight, bias, shape.width, shape.epsilon, to)
    } else {
      kernels.rms_norm(x, norm.weight, shape.width, shape.epsilon, to)
    }
    if round { out.round(row, kernels) }
  }

  // MARK: Sharing work

  /// Does `count` things, each on the thread that comes first, and waits until all are done, or, where `isStopped`, asked
  /// after each, is true, left out.
  private func share(_ counter: Int, _ count: Int, isStopped: () -> Bool = { false }, _ body: (Int) -> Void) {
    while case let index = Int(decoder_claim(counters.start + counter, 1)), index < count {
      body(index)
      if isStopped() { _ = decoder_claim(counters.start + counter, UInt32(count)) }
    }
    if pool.count > 1 { pool.meet() }
  }

  /// The most multiplications of a part, so that a thread asks often enough whether to stop: 10 ms at the slowest.
  private static let mostMultiplications = 16 << 20

  /// Multiplies matrices with the same rows; where `isStopped`, asked after each part, is true the rest is left out.
  private func multiply(
    _ counter: Int, _ rows: decoder_rows, _ products: [(matrix: Matrix, out: UnsafeMutablePointer<Float>)],
    only groups: [UInt32]? = nil, isStopped: () -> Bool
  ) {
    let total = products.reduce(0) { $0 + (groups?.count ?? $1.matrix.groups) }
    let most = max(1, Self.mostMultiplications / (rows.count * rows.columns * 16))
    let step = pool.count == 1 ? most : max(1, min(64, most, total / (pool.count * 4)))
    func part(_ range: Range<Int>) {
      var start = 0
      for (matrix, out) in products {
        let count = groups?.count ?? matrix.groups
        let first = max(range.lowerBound, start)
        let last = min(range.upperBound, start + count)
        if first < last {
          var raw = matrix.raw
          var rows = rows
          kernels.multiply(&raw, groups, first - start, last - start, &rows, out, matrix.rows)
        }
        start += count
      }
    }
    while case let first = Int(decoder_claim(counters.start + counter, UInt32(step))), first < total {
      part(first..<min(first + step, total))
      if isStopped() { _ = decoder_claim(counters.start + counter, UInt32(total)) }
    }
    if pool.count > 1 { pool.meet() }
  }
}
