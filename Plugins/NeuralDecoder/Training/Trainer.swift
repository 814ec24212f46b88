import CTrainingKernels
import Glibc
import PluginAPI

/// Trains a model: epochs of shuffled batches, AdamW, warm-up and cosine decay, until the held-back texts say stop.
///
/// The same texts, options and seed give the same weights, on any number of threads.
final class Trainer {
  /// What an epoch came to.
  struct Epoch: Codable, Equatable {
    let training: Double
    let validation: Double
  }

  private static let beta1: Float = 0.9
  private static let beta2: Float = 0.95

  let model: TrainableModel
  private let options: TrainingOptions
  private let seed: UInt64
  private let corpus: TrainingCorpus
  private let pool: ThreadPool
  private let pass: Backpropagation
  private let first: Buffer<Float>
  private let second: Buffer<Float>
  private let best: Buffer<Float>
  private let kernels = training_level(nil).pointee
  private(set) var epochs: [Epoch] = []
  private var step = 0

  init(_ corpus: TrainingCorpus, options: TrainingOptions, seed: UInt64, threads: Int) {
    self.corpus = corpus
    self.options = options
    self.seed = seed
    pool = ThreadPool(count: threads)
    model = TrainableModel(tokens: corpus.tokenizer.count, options: options)
    pass = Backpropagation(model, batch: options.batch, length: options.context, pool: pool)
    first = Buffer(model.count)
    second = Buffer(model.count)
    best = Buffer(model.count)
    model.initialise(pass.weights.start, seed: seed)
  }

  /// The weights with the lowest loss so far.
  var bestWeights: UnsafePointer<Float> { UnsafePointer(best.start) }
  /// The epoch that they are of; nil before the first.
  var bestEpoch: Int? { epochs.indices.min { (epochs[$0].validation, $0) < (epochs[$1].validation, $1) } }

  /// Whether another epoch is worth while.
  var isDone: Bool {
    epochs.count >= options.epochs || epochs.count - 1 - (bestEpoch ?? epochs.count) >= options.patience
  }

  private var stepsPerEpoch: Int {
    let tokens = corpus.training.reduce(0) { $0 + $1.count }
    let rows = (max(1, tokens - 1) + options.context - 1) / options.context
    return (rows + options.batch - 1) / options.batch
  }

  /// Steps at most.
  var totalSteps: Int { stepsPerEpoch * options.epochs }

  /// One pass over the texts.
  ///
  /// - Parameter onStep: is told the step and its loss; answers whether to go on.
  /// - Returns: false where it was stopped.
  func runEpoch(onStep: (Int, Double) -> Bool) -> Bool {
    var random = NormalGenerator(seed: seed ^ UInt64(epochs.count + 1) &* 0xA076_1D64_78BD_642F)
    let (tokens, targets) = TrainingCorpus.rows(corpus.training, length: options.context, key: random.next())
    var total = 0.0
    var steps = 0
    for start in stride(from: 0, to: tokens.count, by: options.batch) {
      let loss = pass.run(
        batch(tokens, start, filler: 0), targets: batch(targets, start, filler: -1), dropout: Float(options.dropout),
        key: random.next())
      update()
      total += loss
      steps += 1
      if !onStep(step, loss) { return false }
    }
    let training = total / Double(max(1, steps))
    let validation = corpus.validation.isEmpty ? training : measure(corpus.validation)
    epochs.append(Epoch(training: training, validation: validation))
    if bestEpoch == epochs.count - 1 { best.start.update(from: pass.weights.start, count: model.count) }
    return true
  }

  /// Mean loss of texts, in nats a token.
  private func measure(_ texts: [[Int32]]) -> Double {
    let (tokens, targets) = TrainingCorpus.rows(texts, length: options.context, key: nil)
    var total = 0.0
    var count = 0
    for start in stride(from: 0, to: tokens.count, by: options.batch) {
      let wanted = batch(targets, start, filler: -1)
      let counted = wanted.count { $0 >= 0 }
      total += pass.run(batch(tokens, start, filler: 0), targets: wanted, dropout: 0, key: nil) * Double(counted)
      count += counted
    }
    return total / Double(max(1, count))
  }

  /// Rows of a batch in one piece, short ones filled up.
  private func batch(_ rows: [[Int32]], _ start: Int, filler: Int32) -> [Int32] {
    var all: [Int32] = []
    all.reserveCapacity(options.batch * options.context)
    for row in rows[start..<min(start + options.batch, rows.count)] { all += row }
    return all + [Int32](repeating: filler, count: options.batch * options.context - all.count)
  }

  private func update() {
    let gradients = pass.gradients
    let length = kernels.square_sum(gradients.start, gradients.count).squareRoot()
    let clip = length > options.clip ? Float(options.clip / length) : 1
    step += 1
    let corrections = (1 - pow(Self.beta1, Float(step)), 1 - pow(Self.beta2, Float(step)))
    let rate = Float(learningRate(at: step))
    for tensor in model.tensors {
      kernels.adamw(
        pass.weights.start + tensor.offset, gradients.start + tensor.offset, first.start + tensor.offset,
        second.start + tensor.offset, tensor.count, rate, Self.beta1, Self.beta2, corrections.0, corrections.1, 1e-8,
        tensor.isVector ? 0 : Float(options.weight_decay), clip)
    }
  }

  /// Linear warm-up, then half a cosine down to a tenth.
  private func learningRate(at step: Int) -> Double {
    let warmUp = options.warm_up_steps
    if step < warmUp { return options.learning_rate * Double(step) / Double(warmUp) }
    let part = min(1, Double(step - warmUp) / Double(max(1, totalSteps - warmUp)))
    return options.learning_rate * (0.1 + 0.45 * (1 + cos(.pi * part)))
  }

  // MARK: Checkpoints

  /// All that a run needs to go on, after a whole epoch.
  var state: [(UnsafeMutablePointer<Float>, Int)] {
    [pass.weights, first, second, best].map { ($0.start, $0.count) }
  }

  /// Takes up a run; `state` has been filled.
  func resume(epochs: [Epoch], step: Int) {
    self.epochs = epochs
    self.step = step
  }

  /// Steps done.
  var stepsDone: Int { step }
}
