import Core
import Glibc
import NeuralDecoder

/// Measures how fast a model loads, reads a prompt of 512 tokens, writes one text, 8 and 16 at once, and stops.
///
/// `DecoderBench MODEL THREADS [ROW...]` prints name and value of the rows named, or of all, and the peak of memory.
/// `DecoderBench MODEL tokens COUNT` only writes so many tokens: its instructions are counted from outside.
/// The environment variable BESPOKE_KERNELS forces a level of the CPU; BENCH_CLOCK=cpu counts the process's CPU seconds, for
/// machines that are busy.
@main
enum DecoderBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[2] == "tokens", let count = Int(arguments[3]) {
      return try write(arguments[1], tokens: count)
    }
    guard arguments.count >= 3, let threads = Int(arguments[2]) else {
      return print("usage: DecoderBench MODEL THREADS [ROW...] | MODEL tokens COUNT")
    }
    let wanted = Set(arguments.dropFirst(3))
    func isWanted(_ row: String) -> Bool { wanted.isEmpty || wanted.contains(row) }
    let pool = ThreadPool(count: threads)
    var model: Model?
    let mapped = try MappedFile(path: arguments[1])
    let loading = try seconds {
      model = try Model(GGUFFile(mapped.bytes), pool: pool, forget: mapped.forget)
    }
    guard let model else { return }
    if isWanted("load_s") { show("load_s", loading) }
    let tokens = (0..<512).map { Int32((1000 + $0 * 37 % 5000) % model.shape.vocabulary) }
    if isWanted("prompt512") {
      let evaluator = Evaluator(model, pool: pool, rows: 64)
      show("prompt512", 512 / best { evaluator.logits(of: tokens, from: 511) { _, _ in } })
    }
    let decoder = Decoder(model, pool: pool)
    for (name, count, steps) in [("decode1", 1, 64), ("batch8", 8, 48), ("batch16", 16, 48)] where isWanted(name) {
      // The difference of a long and a short run is the time of the tokens alone.
      let short = best { _ = decoder.generate(requests(count, steps: 1, model, tokens)) }
      let long = best { _ = decoder.generate(requests(count, steps: 1 + steps, model, tokens)) }
      show(name, Double(count * steps) / (long - short))
    }
    if isWanted("stop_ms") { show("stop_ms", 1000 * (try longestUnasked(model, pool, tokens))) }
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    show("peak_mib", Double(usage.ru_maxrss / 1024))
    withExtendedLifetime(mapped) {}
  }

  /// Texts of a fixed length, token by token: what is guessed would flatter texts that repeat themselves.
  private static func requests(
    _ count: Int, steps: Int, _ model: Model, _ tokens: [Int32]
  ) -> [GenerationRequest] {
    (0..<count).map { index in
      var request = GenerationRequest(prompt: Array(tokens[index..<index + 16]))
      (request.maxTokens, request.sampling.temperature, request.guesses) = (steps, 0, false)
      request.sampling.bias = Dictionary(uniqueKeysWithValues: model.tokenizer.endings.map { ($0, -1e4) })
      return request
    }
  }

  /// The longest time in which nobody is asked whether to stop, while a new decoder begins and writes 16 texts, one of them
  /// around slots, after prompts of 512 tokens: the most that a request goes on after it was cancelled.
  private static func longestUnasked(_ model: Model, _ pool: ThreadPool, _ tokens: [Int32]) throws -> Double {
    // The least of three runs, each by its longest: the machine does other things too.
    try (0..<3).map { _ in
      let decoder = Decoder(model, pool: pool)
      var requests = requests(16, steps: 8, model, tokens)
      for index in requests.indices {
        requests[index].prompt = Array(tokens[index...]) + tokens[..<index]
        requests[index].sampling.temperature = 0.8
        requests[index].sampling.topP = 0.95
      }
      requests[0].constraint = try Constraint(.slotted(["name", "price"]), decoder)
      var (last, longest) = (now(), 0.0)
      _ = decoder.generate(requests) { _ in
        let time = now()
        (last, longest) = (time, max(longest, time - last))
        return false
      }
      return longest
    }.min() ?? 0
  }

  private static func write(_ path: String, tokens count: Int) throws {
    let pool = ThreadPool(count: 1)
    let mapped = try MappedFile(path: path)
    let model = try Model(GGUFFile(mapped.bytes), pool: pool)
    let tokens = (0..<16).map { Int32($0 * 37 % model.shape.vocabulary) }
    _ = Decoder(model, pool: pool).generate(requests(1, steps: count, model, tokens))
    withExtendedLifetime(mapped) {}
  }

  /// The least of three times.
  private static func best(_ body: () -> Void) -> Double { (0..<3).map { _ in seconds(body) }.min() ?? 0 }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = now()
    try body()
    return now() - start
  }

  private static func now() -> Double {
    let isCPU = getenv("BENCH_CLOCK").map { String(cString: $0) } == "cpu"
    var time = timespec()
    clock_gettime(isCPU ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func show(_ name: String, _ value: Double) { print(name, (value * 1000).rounded() / 1000) }
}
