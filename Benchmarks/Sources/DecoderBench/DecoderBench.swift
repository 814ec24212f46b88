import Core
import NeuralDecoder

/// Measures how fast a model loads, reads a prompt of 512 tokens, and writes one text, 8 and 16 at once.
///
/// `DecoderBench MODEL THREADS [LEVEL]` prints a line each, name and value. LEVEL 0 is the CPU's best.
@main
enum DecoderBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let threads = Int(arguments[2]) else {
      return print("usage: DecoderBench MODEL THREADS [LEVEL]")
    }
    let level = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
    let kernels = Kernels.levels[min(max(0, level), Kernels.levels.count - 1)]
    let pool = ThreadPool(count: threads)
    var model: Model?
    let mapped = try MappedFile(path: arguments[1])
    let loading = try seconds {
      model = try Model(GGUFFile(mapped.bytes), kernels: kernels, pool: pool, forget: mapped.forget)
    }
    guard let model else { return }
    show("load_s", loading)
    let tokens = (0..<512).map { Int32((1000 + $0 * 37 % 5000) % model.shape.vocabulary) }
    let evaluator = Evaluator(model, pool: pool, rows: 64)
    show("prompt512", 512 / best { evaluator.logits(of: tokens, from: 511) { _, _ in } })
    let decoder = Decoder(model, pool: pool)
    for (name, count, steps) in [("decode1", 1, 64), ("batch8", 8, 48), ("batch16", 16, 48)] {
      // The difference of a long and a short run is the time of the tokens alone.
      let requests = { (steps: Int) in
        (0..<count).map { index in
          var request = GenerationRequest(prompt: Array(tokens[index..<index + 16]))
          (request.maxTokens, request.sampling.temperature) = (steps, 0)
          request.sampling.bias = Dictionary(uniqueKeysWithValues: model.tokenizer.endings.map { ($0, -1e4) })
          return request
        }
      }
      let short = best { _ = decoder.generate(requests(1)) }
      let long = best { _ = decoder.generate(requests(1 + steps)) }
      show(name, Double(count * steps) / (long - short))
    }
    withExtendedLifetime(mapped) {}
  }

  /// The least of three times.
  static func best(_ body: () -> Void) -> Double { (0..<3).map { _ in seconds(body) }.min() ?? 0 }

  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body).components
    return Double(time.seconds) + Double(time.attoseconds) * 1e-18
  }

  static func show(_ name: String, _ value: Double) { print(name, (value * 1000).rounded() / 1000) }
}
