import Testing

@testable import NeuralDecoder

struct BackpropagationTests {
  private static let options: TrainingOptions = {
    var options = TrainingOptions()
    options.width = 32
    options.heads = 2
    options.layers = 2
    return options
  }()

  private func pass(threads: Int = 1, level: String? = nil, batch: Int = 2, length: Int = 7) -> Backpropagation {
    let model = TrainableModel(tokens: 11, options: Self.options)
    let pass = Backpropagation(model, batch: batch, length: length, pool: ThreadPool(count: threads), level: level)
    model.initialise(pass.weights.start, seed: 3)
    // Larger weights than training begins with, so that nothing is nearly linear.
    var random = NormalGenerator(seed: 4)
    for index in 0..<pass.weights.count { pass.weights.start[index] += 0.2 * random.next() }
    return pass
  }

  private let tokens: [Int32] = [1, 2, 3, 4, 5, 6, 7, 0, 10, 9, 8, 7, 6, 5]
  private let targets: [Int32] = [2, 3, 4, 5, 6, 7, -1, 10, 9, 8, 7, 6, 5, 4]

  @Test(arguments: ["plain", "avx2", "avx512"], [Float(0), 0.3])
  func gradientsAreThoseOfFiniteDifferences(level: String, dropout: Float) {
    let pass = pass(level: level)
    _ = pass.run(tokens, targets: targets, dropout: dropout, key: 9)
    let gradients = Array(UnsafeBufferPointer(start: pass.gradients.start, count: pass.gradients.count))
    for tensor in pass.model.tensors {
      // The directional derivative along the gradient of one tensor is its length.
      let range = tensor.offset..<tensor.offset + tensor.count
      let length = gradients[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > 1e-6 else { continue }
      let step = 1e-2 / max(1, length)
      func loss(_ sign: Double) -> Double {
        let saved = range.map { pass.weights.start[$0] }
        for index in range { pass.weights.start[index] += Float(sign * step * Double(gradients[index]) / length) }
        defer { for (index, value) in zip(range, saved) { pass.weights.start[index] = value } }
        return pass.run(tokens, targets: targets, dropout: dropout, key: 9)
      }
      let measured = (loss(1) - loss(-1)) / (2 * step)
      #expect(abs(measured - length) < 0.02 * length + 1e-4, "\(tensor.name): \(measured) and \(length)")
    }
  }

  @Test func theNumberOfThreadsChangesNothing() {
    func gradients(_ threads: Int) -> [UInt32] {
      let pass = pass(threads: threads)
      _ = pass.run(tokens, targets: targets, dropout: 0.1, key: 9)
      return (0..<pass.gradients.count).map { pass.gradients.start[$0].bitPattern }
    }
    let one = gradients(1)
    for threads in 2...5 {
      let isSame = gradients(threads) == one
      #expect(isSame, "\(threads) threads")
    }
  }

  @Test func targetsThatDoNotCountTeachNothing() {
    let pass = pass()
    let loss = pass.run(tokens, targets: tokens.map { _ in -1 }, dropout: 0, key: 1)
    #expect(loss == 0)
    #expect((0..<pass.gradients.count).allSatisfy { pass.gradients.start[$0] == 0 })
  }

  @Test func aTokenDoesNotSeeWhatFollows() {
    let pass = pass()
    let alone = targets.enumerated().map { $0 == 2 ? $1 : -1 }
    let before = pass.run(tokens, targets: alone, dropout: 0, key: nil)
    var changed = tokens
    changed[3] = 9
    changed[6] = 1
    #expect(pass.run(changed, targets: alone, dropout: 0, key: nil) == before)
    changed[1] = 0
    #expect(pass.run(changed, targets: alone, dropout: 0, key: nil) != before)
  }
}
