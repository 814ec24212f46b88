import CTrainingKernels
import Glibc

/// One pass forward and back over a batch: the loss, and the gradient of every weight.
///
/// Work is cut by rows, columns or heads, never within a sum, so the gradients do not depend on the number of threads.
final class Backpropagation {
  /// What a layer keeps for the way back.
  private struct Kept {
    let input: Buffer<Float>
    let inputScale: Buffer<Float>
    let normed: Buffer<Float>
    let queryKeyValue: Buffer<Float>
    let probabilities: Buffer<Float>
    let attended: Buffer<Float>
    let middle: Buffer<Float>
    let middleScale: Buffer<Float>
    let middleNormed: Buffer<Float>
    let gateUp: Buffer<Float>
    let gated: Buffer<Float>
  }

  private static let headRows = 256
  private static let epsilon: Float = 1e-5

  let model: TrainableModel
  let weights: Buffer<Float>
  let gradients: Buffer<Float>
  private let length: Int
  private let rows: Int
  private let pool: ThreadPool
  private let kernels: training_kernels
  private let scratch: [Buffer<Float>]
  private let turns: Buffer<Float>
  private let kept: [Kept]
  private let output: Buffer<Float>
  private let outputScale: Buffer<Float>
  private let outputNormed: Buffer<Float>
  private let logits: Buffer<Float>
  private let losses: Buffer<Float>
  // On the way back: the gradient of the residual stream, and of what the layers made.
  private let stream: Buffer<Float>
  private let narrow: Buffer<Float>
  private let narrowNormed: Buffer<Float>
  private let wide: Buffer<Float>
  private let gatedGradient: Buffer<Float>
  private let scores: [Buffer<Float>]

  /// - Parameters:
  ///   - batch: stretches a pass.
  ///   - length: tokens a stretch.
  init(_ model: TrainableModel, batch: Int, length: Int, pool: ThreadPool, level: String? = nil) {
    self.model = model
    self.length = length
    self.pool = pool
    rows = batch * length
    kernels = training_level(level).pointee
    weights = Buffer(model.count)
    gradients = Buffer(model.count)
    scratch = (0..<pool.count).map { _ in Buffer(training_scratch) }
    scores = (0..<pool.count).map { _ in Buffer(length * length) }
    let (rows, width, hidden) = (rows, model.width, model.hidden)
    turns = Self.turns(length: length, size: width / model.heads)
    kept = model.layers.map { _ in
      Kept(
        input: Buffer(rows * width), inputScale: Buffer(rows), normed: Buffer(rows * width),
        queryKeyValue: Buffer(rows * 3 * width), probabilities: Buffer(batch * model.heads * length * length),
        attended: Buffer(rows * width), middle: Buffer(rows * width), middleScale: Buffer(rows),
        middleNormed: Buffer(rows * width), gateUp: Buffer(rows * 2 * hidden), gated: Buffer(rows * hidden))
    }
    output = Buffer(rows * width)
    outputScale = Buffer(rows)
    outputNormed = Buffer(rows * width)
    logits = Buffer(min(rows, Self.headRows) * model.tokens)
    losses = Buffer(rows)
    stream = Buffer(rows * width)
    narrow = Buffer(rows * width)
    narrowNormed = Buffer(rows * width)
    wide = Buffer(rows * max(3 * width, 2 * hidden))
    gatedGradient = Buffer(rows * hidden)
  }

  /// How many bytes such a pass takes, the optimiser's state with it.
  static func bytes(_ model: TrainableModel, batch: Int, length: Int) -> Int {
    let rows = batch * length
    let layer = rows * (8 * model.width + 3 * model.hidden + 2) + batch * model.heads * length * length
    let other = rows * (8 * model.width + 3 * model.hidden + 2) + headRows * model.tokens
    return 4 * (model.layers.count * layer + other + 5 * model.count)
  }

  /// Cosine and sine by position and pair, base 10,000.
  private static func turns(length: Int, size: Int) -> Buffer<Float> {
    let table = Buffer<Float>(length * size)
    for position in 0..<length {
      for pair in 0..<size / 2 {
        let angle = Double(position) * pow(10000, -2 * Double(pair) / Double(size))
        table.start[position * size + 2 * pair] = Float(cos(angle))
        table.start[position * size + 2 * pair + 1] = Float(sin(angle))
      }
    }
    return table
  }

  /// Mean loss in nats a target, and the gradients where `key` is given.
  ///
  /// - Parameters:
  ///   - tokens: `batch` x `length` of them.
  ///   - targets: the token that follows each; negative where none is to be learnt.
  ///   - key: decides what is dropped out; nil to measure only.
  func run(_ tokens: [Int32], targets: [Int32], dropout: Float, key: UInt64?) -> Double {
    precondition(tokens.count == rows && targets.count == rows, "a batch is full")
    let counted = targets.count { $0 >= 0 }
    let rate = key == nil ? 0 : dropout
    forward(tokens, rate, key ?? 0)
    if key != nil { gradients.start.update(repeating: 0, count: gradients.count) }
    head(targets, scale: 1 / Float(max(1, counted)), learns: key != nil)
    if let key { backward(tokens, rate, key) }
    var total = 0.0
    for row in 0..<rows { total += Double(losses.start[row]) }
    return total / Double(max(1, counted))
  }

  // MARK: Forward

  private func forward(_ tokens: [Int32], _ rate: Float, _ key: UInt64) {
    let width = model.width
    let first = kept.first?.input ?? output
    share(rows) { range, _ in
      for row in range {
        let from = self.weights.start + self.model.embedding.offset + Int(tokens[row]) * width
        (first.start + row * width).update(from: from, count: width)
      }
      self.drop(first, range, width, rate, key, place: 0)
    }
    for (index, layer) in model.layers.enumerated() {
      let here = kept[index]
      normalise(here.input, layer.attentionNorm, here.normed, here.inputScale)
      multiply(here.normed, layer.queryKeyValue[0], outputs: 3 * width, into: here.queryKeyValue)
      attend(here)
      multiply(here.attended, layer.attentionOut, outputs: width, into: here.middle)
      join(here.middle, with: here.input, rate, key, place: 2 * index + 1)
      normalise(here.middle, layer.feedForwardNorm, here.middleNormed, here.middleScale)
      multiply(here.middleNormed, layer.gateUp[0], outputs: 2 * model.hidden, into: here.gateUp)
      let hidden = model.hidden
      share(rows) { range, _ in
        for row in range {
          let gate = here.gateUp.start + row * 2 * hidden
          self.kernels.gate(gate, gate + hidden, here.gated.start + row * hidden, hidden)
        }
      }
      let next = index + 1 < kept.count ? kept[index + 1].input : output
      multiply(here.gated, layer.down, outputs: width, into: next)
      join(next, with: here.middle, rate, key, place: 2 * index + 2)
    }
    normalise(output, model.outputNorm, outputNormed, outputScale)
  }

  /// to = drop(to) + residual.
  private func join(
    _ to: Buffer<Float>, with residual: Buffer<Float>, _ rate: Float, _ key: UInt64, place: Int
  ) {
    let width = model.width
    share(rows) { range, _ in
      self.drop(to, range, width, rate, key, place: place)
      self.kernels.add(
        residual.start + range.lowerBound * width, to.start + range.lowerBound * width, range.count * width)
    }
  }

  private func drop(
    _ x: Buffer<Float>, _ range: Range<Int>, _ width: Int, _ rate: Float, _ key: UInt64, place: Int
  ) {
    guard rate > 0 else { return }
    let first = range.lowerBound * width
    kernels.drop(
      x.start + first, range.count * width, key &+ UInt64(place) &* 0xD1B5_4A32_D192_ED03, UInt64(first), rate)
  }

  private func attend(_ here: Kept) {
    let (width, length, size) = (model.width, length, model.width / model.heads)
    rotate(here.queryKeyValue, 1)
    shareHeads { sequence, head, thread in
      let base = here.queryKeyValue.start + sequence * length * 3 * width + head * size
      let probabilities = here.probabilities.start + (sequence * self.model.heads + head) * length * length
      let scratch = self.scratch[thread].start
      self.kernels.multiply(
        length, length, size, .init(start: base, row: 3 * width, column: 1),
        .init(start: base + width, row: 1, column: 3 * width), probabilities, length, 0, scratch)
      self.kernels.attend(probabilities, length, 1 / Float(size).squareRoot())
      self.kernels.multiply(
        length, size, length, .init(start: probabilities, row: length, column: 1),
        .init(start: base + 2 * width, row: 3 * width, column: 1),
        here.attended.start + sequence * length * width + head * size, width, 0, scratch)
    }
  }

  /// Turns queries and keys by their positions; whole stretches, as a position is counted from a stretch's first row.
  private func rotate(_ x: Buffer<Float>, _ direction: Float) {
    let (width, length) = (model.width, length)
    share(rows / length) { range, _ in
      for part in [0, width] {
        self.kernels.rotate(
          x.start + part + range.lowerBound * length * 3 * width, self.turns.start, range.count * length, 3 * width,
          self.model.heads, width / self.model.heads, length, direction)
      }
    }
  }

  /// Losses by row, and the gradients of the embedding and of the last normalised rows; a part of the rows at a time.
  private func head(_ targets: [Int32], scale: Float, learns: Bool) {
    let (width, count) = (model.width, model.tokens)
    let embedding = weights.start + model.embedding.offset
    for first in stride(from: 0, to: rows, by: Self.headRows) {
      let part = min(Self.headRows, rows - first)
      let normed = outputNormed.start + first * width
      share(part) { range, thread in
        let logits = self.logits.start + range.lowerBound * count
        self.kernels.multiply(
          range.count, count, width, .init(start: normed + range.lowerBound * width, row: width, column: 1),
          .init(start: embedding, row: 1, column: width), logits, count, 0, self.scratch[thread].start)
        targets.withUnsafeBufferPointer { targets in
          guard let targets = targets.baseAddress else { return }
          self.kernels.cross_entropy(
            logits, targets + first + range.lowerBound, self.losses.start + first + range.lowerBound, range.count,
            count,
            scale)
        }
        guard learns else { return }
        self.kernels.multiply(
          range.count, width, count, .init(start: logits, row: count, column: 1),
          .init(start: embedding, row: width, column: 1),
          self.narrowNormed.start + (first + range.lowerBound) * width, width, 0, self.scratch[thread].start)
      }
      guard learns else { continue }
      let gradient = gradients.start + model.embedding.offset
      share(count) { range, thread in
        self.kernels.multiply(
          range.count, width, part, .init(start: self.logits.start + range.lowerBound, row: 1, column: count),
          .init(start: normed, row: width, column: 1), gradient + range.lowerBound * width, width, 1,
          self.scratch[thread].start)
      }
    }
  }

  // MARK: Back

  private func backward(_ tokens: [Int32], _ rate: Float, _ key: UInt64) {
    let (width, hidden) = (model.width, model.hidden)
    stream.start.update(repeating: 0, count: stream.count)
    normaliseBack(narrowNormed, output, model.outputNorm, outputScale)
    for (index, layer) in model.layers.enumerated().reversed() {
      let here = kept[index]
      branch(rate, key, place: 2 * index + 2)
      multiplyBack(narrow, here.gated, layer.down, inputs: hidden, into: gatedGradient)
      share(rows) { range, _ in
        for row in range {
          let gate = here.gateUp.start + row * 2 * hidden
          let to = self.wide.start + row * 2 * hidden
          self.kernels.gate_back(self.gatedGradient.start + row * hidden, gate, gate + hidden, to, to + hidden, hidden)
        }
      }
      multiplyBack(
        wide, here.middleNormed, layer.gateUp[0], outputs: 2 * hidden, inputs: width, into: narrowNormed)
      normaliseBack(narrowNormed, here.middle, layer.feedForwardNorm, here.middleScale)
      branch(rate, key, place: 2 * index + 1)
      multiplyBack(narrow, here.attended, layer.attentionOut, inputs: width, into: narrowNormed)
      attendBack(here)
      multiplyBack(wide, here.normed, layer.queryKeyValue[0], outputs: 3 * width, inputs: width, into: narrowNormed)
      normaliseBack(narrowNormed, here.input, layer.attentionNorm, here.inputScale)
    }
    share(rows) { range, _ in self.drop(self.stream, range, width, rate, key, place: 0) }
    let gradient = gradients.start + model.embedding.offset
    share(width) { range, _ in
      for (row, token) in tokens.enumerated() {
        self.kernels.add(
          self.stream.start + row * width + range.lowerBound, gradient + Int(token) * width + range.lowerBound,
          range.count)
      }
    }
  }

  /// narrow = the stream's gradient, with what was dropped out of this branch.
  private func branch(_ rate: Float, _ key: UInt64, place: Int) {
    let width = model.width
    share(rows) { range, _ in
      let first = range.lowerBound * width
      (self.narrow.start + first).update(from: self.stream.start + first, count: range.count * width)
      self.drop(self.narrow, range, width, rate, key, place: place)
    }
  }

  private func attendBack(_ here: Kept) {
    let (width, length, size) = (model.width, length, model.width / model.heads)
    shareHeads { sequence, head, thread in
      let base = here.queryKeyValue.start + sequence * length * 3 * width + head * size
      let to = self.wide.start + sequence * length * 3 * width + head * size
      let given = self.narrowNormed.start + sequence * length * width + head * size
      let probabilities = here.probabilities.start + (sequence * self.model.heads + head) * length * length
      let scores = self.scores[thread].start
      let scratch = self.scratch[thread].start
      self.kernels.multiply(
        length, size, length, .init(start: probabilities, row: 1, column: length),
        .init(start: given, row: width, column: 1), to + 2 * width, 3 * width, 0, scratch)
      self.kernels.multiply(
        length, length, size, .init(start: given, row: width, column: 1),
        .init(start: base + 2 * width, row: 1, column: 3 * width), scores, length, 0, scratch)
      self.kernels.attend_back(probabilities, scores, length, 1 / Float(size).squareRoot())
      self.kernels.multiply(
        length, size, length, .init(start: scores, row: length, column: 1),
        .init(start: base + width, row: 3 * width, column: 1), to, 3 * width, 0, scratch)
      self.kernels.multiply(
        length, size, length, .init(start: scores, row: 1, column: length),
        .init(start: base, row: 3 * width, column: 1), to + width, 3 * width, 0, scratch)
    }
    rotate(wide, -1)
  }

  // MARK: Parts

  private func normalise(
    _ x: Buffer<Float>, _ weight: TrainableModel.Tensor, _ to: Buffer<Float>, _ scale: Buffer<Float>
  ) {
    let width = model.width
    share(rows) { range, _ in
      let first = range.lowerBound * width
      self.kernels.normalise(
        x.start + first, self.weights.start + weight.offset, to.start + first, scale.start + range.lowerBound,
        range.count, width, Self.epsilon)
    }
  }

  /// Adds to the stream's gradient, and to the weight's.
  private func normaliseBack(
    _ gradient: Buffer<Float>, _ x: Buffer<Float>, _ weight: TrainableModel.Tensor, _ scale: Buffer<Float>
  ) {
    let (rows, width) = (rows, model.width)
    share(rows) { range, _ in
      let first = range.lowerBound * width
      self.kernels.normalise_back(
        gradient.start + first, x.start + first, self.weights.start + weight.offset, scale.start + range.lowerBound,
        self.stream.start + first, range.count, width)
    }
    share(width) { range, _ in
      self.kernels.normalise_weight(
        gradient.start, x.start, scale.start, self.gradients.start + weight.offset, rows, width, range.lowerBound,
        range.upperBound)
    }
  }

  /// to[rows][outputs] = x · weightᵀ.
  private func multiply(
    _ x: Buffer<Float>, _ weight: TrainableModel.Tensor, outputs: Int, into to: Buffer<Float>
  ) {
    let inputs = weight.columns
    share(rows) { range, thread in
      self.kernels.multiply(
        range.count, outputs, inputs, .init(start: x.start + range.lowerBound * inputs, row: inputs, column: 1),
        .init(start: self.weights.start + weight.offset, row: 1, column: inputs),
        to.start + range.lowerBound * outputs, outputs, 0, self.scratch[thread].start)
    }
  }

  /// The gradients of a product: of its input, and added to that of the weight.
  private func multiplyBack(
    _ gradient: Buffer<Float>, _ x: Buffer<Float>, _ weight: TrainableModel.Tensor, outputs: Int? = nil, inputs: Int,
    into to: Buffer<Float>
  ) {
    let outputs = outputs ?? weight.rows
    let rows = rows
    share(rows) { range, thread in
      self.kernels.multiply(
        range.count, inputs, outputs,
        .init(start: gradient.start + range.lowerBound * outputs, row: outputs, column: 1),
        .init(start: self.weights.start + weight.offset, row: inputs, column: 1),
        to.start + range.lowerBound * inputs, inputs, 0, self.scratch[thread].start)
    }
    share(outputs) { range, thread in
      self.kernels.multiply(
        range.count, inputs, rows, .init(start: gradient.start + range.lowerBound, row: 1, column: outputs),
        .init(start: x.start, row: inputs, column: 1),
        self.gradients.start + weight.offset + range.lowerBound * inputs, inputs, 1, self.scratch[thread].start)
    }
  }

  /// Runs `body` on all threads, each with its part of 0..<count.
  private func share(_ count: Int, _ body: @escaping (Range<Int>, Int) -> Void) {
    let threads = pool.count
    pool.run { thread in
      let range = count * thread / threads..<count * (thread + 1) / threads
      if !range.isEmpty { body(range, thread) }
    }
  }

  private func shareHeads(_ body: @escaping (_ sequence: Int, _ head: Int, _ thread: Int) -> Void) {
    let heads = model.heads
    share(rows / length * heads) { range, thread in
      for index in range { body(index / heads, index % heads, thread) }
    }
  }
}
