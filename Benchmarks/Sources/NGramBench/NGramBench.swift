import Glibc
import NGramModel

/// One measured step of the n-gram plugin; each call prints `name value` lines, CPU in seconds and peak memory in MiB.
@main
struct NGramBench {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "arpa" where arguments.count == 4: try train(arguments[1], arguments[2], arpa: arguments[3])
    case "binary" where arguments.count == 4: try train(arguments[1], arguments[2], binary: arguments[3])
    case "quantised" where arguments.count == 4: try train(arguments[1], arguments[2], binary: arguments[3], bits: 8)
    case "small" where arguments.count == 3: try trainSmall(arguments[1], sentences: Int(arguments[2]) ?? 100)
    case "query" where arguments.count == 3: try query(arguments[1], arguments[2])
    case "ids" where arguments.count == 3: try scoreIds(arguments[1], arguments[2])
    case "write" where arguments.count == 2: try write(arguments[1])
    default:
      print(
        """
        usage: NGramBench arpa|binary|quantised ORDER TEXT OUTPUT | small TEXT SENTENCES | query MODEL TEXT
               | ids MODEL TEXT | write TEXT
        """)
      exit(64)
    }
    print("peak_mib \(usage().ru_maxrss / 1024)")
  }

  private static func usage() -> rusage {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  private static func cpu() -> Double {
    let usage = usage()
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  private static func decimals(_ value: Double, _ count: Int) -> String {
    let scale = pow(10, Double(count))
    return "\((value * scale).rounded() / scale)"
  }

  private static func measure(_ name: String, _ body: () throws -> Void) rethrows {
    let start = cpu()
    try body()
    print(name, decimals(cpu() - start, 4))
  }

  /// `BENCH_THREADS` and `BENCH_SORT_MIB` say what training may use.
  private static func model(_ order: String, _ text: String) throws -> NGrams {
    func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
    var options = TrainingOptions(order: Int(order) ?? 3)
    options.threads = number("BENCH_THREADS") ?? 1
    options.sortingMemory = number("BENCH_SORT_MIB").map { $0 << 20 }
    return try Trainer(options).train(Corpus(try MappedFile(path: text))).model
  }

  private static func train(_ order: String, _ text: String, arpa: String) throws {
    try measure("cpu") { try ARPAWriter.write(model(order, text), to: arpa) }
  }

  private static func train(_ order: String, _ text: String, binary: String, bits: Int = 32) throws {
    try measure("cpu") {
      var writer = ModelWriter()
      writer.isQuantised = bits == 8
      try writer.write(model(order, text), to: binary)
    }
  }

  /// Trains models of the first sentences of a text, in memory, as often as half a second holds.
  private static func trainSmall(_ text: String, sentences: Int) throws {
    let file = try MappedFile(path: text)
    let lines = withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") }
    let part = lines.prefix(sentences).joined(separator: "\n") + "\n"
    var rounds = 0.0
    let start = cpu()
    while cpu() - start < 0.5 {
      let model = try Trainer(TrainingOptions(order: 3)).train(Corpus(part)).model
      _ = try Model(ModelWriter().bytes(of: model))
      rounds += 1
    }
    print("cpu_ms", decimals((cpu() - start) / rounds * 1000, 3))
  }

  private static func query(_ path: String, _ text: String) throws {
    var tokens = 0
    let start = cpu()
    let model = try Model(path: path)
    let file = try MappedFile(path: text)
    let summary = withExtendedLifetime(file) { Scorer(model).summary(file.bytes) }
    tokens = summary.tokens
    print("cpu", decimals(cpu() - start, 4))
    print("mtokens_per_s", decimals(Double(tokens) / (cpu() - start) / 1e6, 2))
    print("perplexity", summary.perplexity, summary.knownPerplexity)
  }

  /// Scores ready word numbers, one sentence after the other and many in lock step.
  private static func scoreIds(_ path: String, _ text: String) throws {
    let model = try Model(path: path)
    let sentences = try sentences(of: text, model)
    let tokens = Double(sentences.reduce(0) { $0 + $1.count })
    let scorer = Scorer(model)
    for (name, isBatched) in [("ids", false), ("ids_batched", true)] {
      var (rounds, sum) = (0.0, 0.0)
      let start = cpu()
      while cpu() - start < 1 {
        if isBatched {
          sum = scorer.scores(sentences).reduce(0) { $0 + Double($1) }
        } else {
          sum = sentences.reduce(0) { $0 + Double(scorer.score($1)) }
        }
        rounds += 1
      }
      print("\(name)_mtokens_per_s", decimals(tokens * rounds / (cpu() - start) / 1e6, 2), "sum", sum)
    }
  }

  private static func sentences(of text: String, _ model: Model) throws -> [[UInt32]] {
    let corpus = Corpus(try MappedFile(path: text))
    var sentences: [[UInt32]] = []
    corpus.forEachSentence { words in
      sentences.append(words.map { $0 == Vocabulary.end ? $0 : model.id(of: corpus.vocabulary.text($0)) })
    }
    return sentences
  }

  /// Writes guarded sentences, then one for each of many required words.
  private static func write(_ text: String) throws {
    let corpus = Corpus(try MappedFile(path: text))
    var packer = ModelWriter()
    packer.text = corpus
    let model = try Model(packer.bytes(of: Trainer(TrainingOptions(order: 3)).train(corpus).model))
    let shared = Writer.Shared(model, longestCopiedRun: 6)
    let start = cpu()
    var rules = WritingRules()
    rules.knownContext = 2
    let written = Writer(shared, rules: rules).write(10_000, seed: 1)
    print("sentences_per_s", decimals(Double(written.count) / (cpu() - start), 0))
    var lines = Set<[UInt32]>()
    var counts = [Int](repeating: 0, count: model.wordCount)
    corpus.forEachSentence { words in
      lines.insert(Array(words.dropLast()))
      for word in words { counts[Int(word)] += 1 }
    }
    print("verbatim", written.count { lines.contains($0.words) }, "of", written.count)
    let words = (3..<UInt32(model.wordCount)).filter { counts[Int($0)] >= 5 }.enumerated().filter {
      $0.offset % 20 == 0
    }
    var made = 0
    var times: [Double] = []
    for (_, word) in words {
      rules.mustInclude = [[word]]
      var sentence: Writer.Sentence?
      // The least of three runs, as everywhere: the others tell of what else the machine did.
      let runs = (0..<3).map { _ in
        let before = threadTime()
        sentence = Writer(shared, rules: rules).write(1, seed: UInt64(word)).first
        return threadTime() - before
      }
      times.append(runs.min() ?? 0)
      if sentence?.words.contains(word) == true { made += 1 }
    }
    times.sort()
    print("must_include", made, "of", words.count)
    print("must_include_us", decimals(times.reduce(0, +) / Double(max(1, times.count)) * 1e6, 1))
    print("must_include_p99_us", decimals((times.isEmpty ? 0 : times[times.count * 99 / 100]) * 1e6, 1))
  }

  /// CPU seconds of this thread, to the nanosecond.
  private static func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
