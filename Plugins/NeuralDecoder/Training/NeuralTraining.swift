import Glibc
public import PluginAPI

extension NeuralDecoder: TrainingPlugin {
  /// The schema of `TrainingOptions`.
  public static var trainingConfig: String { TrainingOptions.jsonSchema }

  /// Trains a small model: from texts, one a line, to a GGUF file.
  ///
  /// - Throws: `PluginError`.
  public static func train(_ run: TrainingRun) throws {
    let options = try run.config.decode(TrainingOptions.self)
    guard options.width % 32 == 0 else {
      throw PluginError(.config, field: "width", "must be a multiple of 32, got \(options.width)")
    }
    // The kernels that the finished model runs on take heads of 16 numbers and multiples.
    guard options.width % (options.heads * 16) == 0 else {
      throw PluginError(
        .config, field: "heads",
        "must divide the width into multiples of 16, but \(options.width) / \(options.heads) is none")
    }
    guard !run.inputs.isEmpty else { throw PluginError(.input, "name at least one file to learn from") }
    let files = try run.inputs.map(read)
    let corpus = try TrainingCorpus(files: files, options: options, seed: run.seed)
    try checkMemory(corpus, options)
    let trainer = Trainer(corpus, options: options, seed: run.seed, threads: run.threads)
    let checkpoint = options.checkpoint.map {
      Checkpoint(path: $0, fingerprint: fingerprint(files, options, run.seed))
    }
    if let checkpoint, try checkpoint.read(into: trainer) {
      run.host.log(.info, "goes on after epoch \(trainer.epochs.count) of '\(checkpoint.path)'")
    }
    while !trainer.isDone {
      let total = UInt64(trainer.totalSteps)
      let goesOn = trainer.runEpoch { step, loss in
        run.progress(step: UInt64(step), of: total, metric: "loss", loss)
        return !run.isCancelled
      }
      guard goesOn else { throw PluginError(.cancelled, "stopped after \(trainer.epochs.count) epochs") }
      if let epoch = trainer.epochs.last {
        guard trainer.epochs.count > 1 || epoch.validation.isFinite else {
          throw PluginError(
            .config, field: "learning_rate", "the loss grew beyond all numbers; lower it from \(options.learning_rate)")
        }
        run.progress(step: UInt64(trainer.stepsDone), of: total, metric: "validation loss", epoch.validation)
      }
      try checkpoint?.write(trainer)
    }
    let file = ModelFileWriter(
      trainer.model, weights: trainer.bestWeights, tokenizer: corpus.tokenizer, options: options
    )
    .bytes()
    try write(file, to: run.output)
    checkpoint?.remove()
    try report(run, trainer, corpus, options)
  }

  private static func checkMemory(_ corpus: TrainingCorpus, _ options: TrainingOptions) throws(PluginError) {
    let model = TrainableModel(tokens: corpus.tokenizer.count, options: options)
    let needed = Backpropagation.bytes(model, batch: options.batch, length: options.context)
    let present = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    guard needed <= present else {
      throw PluginError(
        .config, field: "batch",
        "a step takes \(needed >> 20) MiB, this machine has \(present >> 20); lower 'batch', 'context' or 'width'")
    }
  }

  private static func report(
    _ run: TrainingRun, _ trainer: Trainer, _ corpus: TrainingCorpus, _ options: TrainingOptions
  ) throws {
    guard let best = trainer.bestEpoch else { return }
    let other = try NGramComparison(corpus)
    let tokens = corpus.training.reduce(0) { $0 + $1.count }
    run.note("texts", "\(corpus.training.count) to learn from, \(corpus.validation.count) held back")
    run.note("tokens", "\(tokens) of \(corpus.tokenizer.count) kinds, \(corpus.tokenizer.slots.count) of them slots")
    run.note("parameters", "\(trainer.model.count)")
    run.note("epochs", "\(trainer.epochs.count), the best was \(best + 1)")
    let loss = trainer.epochs[best].validation
    let count = corpus.validation.reduce(0) { $0 + $1.count }
    let bits = Double(count) / Double(max(1, corpus.validationBytes)) / log(2)
    run.note("perplexity of held-back tokens", rounded(exp(loss)))
    if let other {
      run.note("bits per byte of held-back texts", rounded(loss * bits))
      run.note("perplexity of an n-gram model", "\(rounded(exp(other.loss))), order \(other.order), same tokens")
      run.note("bits per byte of an n-gram model", rounded(other.loss * bits))
      run.note("better", other.loss < loss ? "the n-gram model: train 'ngram-model' on these texts" : "this model")
    }
    if let path = options.report {
      try write(Array(LossCurve(epochs: trainer.epochs, best: best, other: other).svg.utf8), to: path)
    }
  }

  private static func rounded(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
    let thousandths = Int((number * 1000).rounded())
    let decimals = "\(1000 + thousandths % 1000)".dropFirst()
    return "\(thousandths / 1000).\(decimals)"
  }

  private static func fingerprint(_ files: [String], _ options: TrainingOptions, _ seed: UInt64) -> UInt64 {
    var options = options
    options.checkpoint = nil
    options.report = nil
    let all = files.flatMap { Array($0.utf8) + [0] } + Array("\(options) \(seed)".utf8)
    return Checkpoint.hash(all)
  }

  private static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "rb") else {
      throw PluginError(.input, "'\(path)': \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else {
      throw PluginError(.resource, "'\(path)': \(String(cString: strerror(errno)))")
    }
    let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count
    guard fclose(file) == 0, isWhole else {
      throw PluginError(.resource, "'\(path)': \(String(cString: strerror(errno)))")
    }
  }
}
