import Core
import Foundation
import PluginAPI
import PluginTesting
import Testing

@testable import NeuralDecoder

struct TrainerTests {
  private static let texts: [String] = {
    let goods = ["tea", "coffee", "boots", "tents", "maps"]
    let praise = ["fresh", "warm", "light", "sturdy", "bright"]
    return goods.flatMap { good in praise.map { "{brand} has \($0) \(good) for {price} today." } }
  }()

  private static let options: TrainingOptions = {
    var options = TrainingOptions()
    options.vocabulary = 300
    options.width = 32
    options.heads = 2
    options.layers = 2
    options.context = 32
    options.batch = 4
    options.epochs = 12
    options.warm_up_steps = 5
    options.learning_rate = 0.01
    options.weights = .f32
    return options
  }()

  private func trainer(threads: Int = 1, seed: UInt64 = 1) throws -> Trainer {
    let corpus = try TrainingCorpus(
      files: [Self.texts.joined(separator: "\n")], options: Self.options, seed: seed)
    return Trainer(corpus, options: Self.options, seed: seed, threads: threads)
  }

  private func weights(_ trainer: Trainer) -> [UInt32] {
    (0..<trainer.model.count).map { trainer.bestWeights[$0].bitPattern }
  }

  @Test func theLossFalls() throws {
    let trainer = try trainer()
    for _ in 0..<12 { _ = trainer.runEpoch { _, _ in true } }
    let first = try #require(trainer.epochs.first)
    let last = try #require(trainer.epochs.last)
    #expect(last.training < 0.5 * first.training)
    #expect(last.validation < 0.7 * first.validation)
  }

  @Test func theSameSeedGivesTheSameWeightsOnAnyNumberOfThreads() throws {
    let runs = try [(1, 1), (2, 1), (1, 2)].map { threads, seed in
      let trainer = try trainer(threads: threads, seed: UInt64(seed))
      _ = trainer.runEpoch { _, _ in true }
      return weights(trainer)
    }
    let isSame = runs[0] == runs[1]
    #expect(isSame)
    let isOther = runs[0] != runs[2]
    #expect(isOther)
  }

  @Test func aRunThatWasInterruptedEndsAsOneThatWasNot() throws {
    let whole = try trainer()
    for _ in 0..<4 { _ = whole.runEpoch { _, _ in true } }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoint = Checkpoint(path: folder.appendingPathComponent("c").path, fingerprint: 5)
    let first = try trainer()
    #expect(try !checkpoint.read(into: first))
    for _ in 0..<2 { _ = first.runEpoch { _, _ in true } }
    try checkpoint.write(first)
    _ = first.runEpoch { step, _ in step % 2 == 0 }
    let second = try trainer()
    #expect(try checkpoint.read(into: second))
    for _ in 0..<2 { _ = second.runEpoch { _, _ in true } }
    #expect(second.epochs == whole.epochs)
    let isSame = weights(second) == weights(whole)
    #expect(isSame)

    let other = Checkpoint(path: checkpoint.path, fingerprint: 6)
    #expect(throws: PluginError.self) { try other.read(into: second) }
    var bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint.path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: checkpoint.path))
    #expect(throws: PluginError.self) { try checkpoint.read(into: second) }
  }

  @Test func theFileIsReadByTheDecoderAndItsTokensAreTheTrainers() throws {
    let trainer = try trainer()
    _ = trainer.runEpoch { _, _ in true }
    let corpus = try TrainingCorpus(files: [Self.texts.joined(separator: "\n")], options: Self.options, seed: 1)
    for storage in [TrainingOptions.Storage.f32, .f16, .q8_0] {
      var options = Self.options
      options.weights = storage
      let bytes = ModelFileWriter(
        trainer.model, weights: trainer.bestWeights, tokenizer: corpus.tokenizer, options: options
      ).bytes()
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
      defer { copy.deallocate() }
      copy.copyBytes(from: bytes)
      let file = try GGUFFile(UnsafeRawBufferPointer(copy))
      let tokenizer = try Tokenizer(file)
      for text in Self.texts + ["{brand} {unknown} Grüße 2026!", "  two  spaces", "北京"] {
        let tokens = corpus.tokenizer.segment(text)
        #expect(tokenizer.encode(text, beginning: true) == tokens)
        #expect(String(decoding: tokenizer.decode(tokens), as: UTF8.self) == text)
      }
    }
  }

  @Test(arguments: [
    (#"{"width":64,"heads":8}"#, "must divide the width into multiples of 16, but 64 / 8 is none"),
    (#"{"batch":256,"context":2048,"layers":24,"heads":32,"width":512}"#, "lower 'batch', 'context' or 'width'"),
  ])
  func optionsThatNoModelCanHaveAreNamed(options: String, message: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appendingPathComponent("t").path
    try Self.texts.joined(separator: "\n").write(toFile: text, atomically: true, encoding: .utf8)
    let error = #expect(throws: PluginError.self) {
      try TestHost().train(NeuralDecoder.self, config: options, inputs: [text], output: text + ".gguf")
    }
    #expect(error?.code == .config && error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func tooLittleTextIsRefused() {
    #expect(throws: PluginError.self) {
      try TrainingCorpus(files: ["one\ntwo"], options: Self.options, seed: 1)
    }
  }
}
