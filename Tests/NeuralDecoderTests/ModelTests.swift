import Core
import NeuralDecoder
import Testing

struct ModelTests {
  static func logits(_ tiny: TinyModel, _ tokens: [Int32], rows: Int) -> [[Float]] {
    var found: [[Float]] = []
    Evaluator(tiny.model, pool: tiny.pool, rows: rows).logits(of: tokens) { _, logits in found.append(Array(logits)) }
    return found
  }

  @Test func logitsAreTheSameAtEveryLevelBatchSizeAndThreadCount() throws {
    let tokens = (0..<70).map { Int32($0 * 7 % 250) }
    let reference = Self.logits(try TinyModel(), tokens, rows: 1)
    #expect(reference.count == 70)
    #expect(Set(reference.map { $0[0] }).count > 60)
    for kernels in Kernels.levels {
      for (threads, rows) in [(1, 5), (2, 1), (2, 16), (3, 70)] {
        let tiny = try TinyModel(threads: threads, kernels: kernels)
        #expect(Self.logits(tiny, tokens, rows: rows) == reference, "\(kernels.name), \(threads) threads, \(rows) rows")
      }
    }
  }

  @Test func kernelsAreChosenByName() throws {
    for level in Kernels.levels { #expect(try Kernels.chosen(level.name).name == level.name) }
    #expect(Kernels.levels.last?.name == "plain")
    let error = #expect(throws: Diagnostic.self) { try Kernels.chosen("sse9") }
    #expect(error?.description.contains("this CPU has no kernels 'sse9'") == true)
  }

  @Test func roundingToEightBitsStaysNearTheOracle() throws {
    let tokens = (0..<40).map { Int32($0 * 11 % 250) }
    let exact = Self.logits(try TinyModel(quantised: false), tokens, rows: 8)
    let quick = Self.logits(try TinyModel(), tokens, rows: 8)
    let error = zip(exact.joined(), quick.joined()).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    let size = exact.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(error < 0.01 * size, "\(error / size)")
  }

  @Test func missingAndMisshapenTensorsAreNamed() throws {
    var file = GGUFWriter()
    file.add("general.architecture", "mamba")
    let unsupported = #expect(throws: Diagnostic.self) { try Self.read(file.bytes) }
    #expect(unsupported?.description.contains("tokenizer.ggml.tokens") == true)
    let whole = TinyModel.file(quantised: false)
    let renamed = try #require(whole.firstRange(of: Array("blk.1.ffn_up.weight".utf8)))
    var damaged = whole
    damaged[renamed.lowerBound + 4] = UInt8(ascii: "7")
    let missing = #expect(throws: Diagnostic.self) { try Self.read(damaged) }
    #expect(missing?.description.contains("the tensor 'blk.1.ffn_up.weight' is missing") == true)
  }

  @Test func aTensorThatNothingIsComputedWithIsNamed() throws {
    var one = TinyModel.file(quantised: false)
    let layers = try #require(one.firstRange(of: Array("llama.block_count".utf8)))
    one[layers.upperBound + 4] = 1
    let error = #expect(throws: Diagnostic.self) { try Self.read(one) }
    let message = "the tensor 'blk.1.attn_k.weight' is none that 'llama' of 1 layers is computed with"
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test func moreHeadsThanWidthAreRefused() throws {
    var damaged = TinyModel.file(quantised: false)
    let key = try #require(damaged.firstRange(of: Array("attention.head_count".utf8)))
    // Behind the key stand the type, four bytes, and the number.
    damaged[key.upperBound + 5] = 1
    let error = #expect(throws: Diagnostic.self) { try Self.read(damaged) }
    #expect(error?.description.contains("260 heads cannot share a width of 64") == true, "\(String(describing: error))")
  }

  static func read(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { _ = try Model(GGUFFile($0), pool: ThreadPool(count: 1)) }
  }

  @Test func damagedModelsAreRefusedOrRun() {
    let whole = TinyModel.file(quantised: true)
    var random = SeededRandom(seed: 5)
    var refused = 0
    for _ in 0..<300 {
      var damaged = whole
      // The head of the file, where sizes and names are.
      let place = Int.random(in: 0..<12_000, using: &random)
      damaged[place] = UInt8.random(in: 0...255, using: &random)
      damaged.withUnsafeBytes { bytes in
        do {
          let pool = ThreadPool(count: 1)
          let model = try Model(GGUFFile(bytes), pool: pool)
          Evaluator(model, pool: pool).logits(of: [1, 2, 3]) { _, _ in }
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 20)
  }
}
