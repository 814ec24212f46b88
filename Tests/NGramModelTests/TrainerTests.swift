import Core
import Testing

@testable import NGramModel

struct TrainerTests {
  private func train(_ text: String, order: Int = 3) throws -> Trainer.Result {
    try Trainer(TrainingOptions(order: order)).train(Corpus(text))
  }

  @Test(arguments: ["", "\n\n\n", " \t\r\u{0} \n", "<s> </s> <unk>\n"])
  func refusesATextWithoutWords(text: String) {
    #expect {
      try train(text)
    } throws: {
      ($0 as? Diagnostic)?.kind == "empty corpus"
    }
  }

  @Test(arguments: ["shop", "shop shop shop shop shop shop", "one sentence only\n"], 1...6)
  func learnsFromVeryLittle(text: String, order: Int) throws {
    let result = try train(text, order: order)
    let model = try Model(ModelWriter().bytes(of: result.model))
    #expect(Scorer(model).words("shop").allSatisfy { $0.score.logProbability.isFinite })
    #expect(result.warnings.contains { $0.kind == "fallback discounts" })
  }

  @Test func takesTheLastNGramsAsLmplzDoes() throws {
    // 'w0 w2' comes last at order 2: it follows one word, and stands in the text twice.
    let result = try train("w0\nw0 w2 w0\n\nw0 w2\nw0 w0\n", order: 4)
    #expect(result.statistics.map(\.usesFallback) == [true, false, true, true])
    for (found, expected) in zip(result.statistics[1].discounts.values, [2 / 3, 0, 1 / 3] as [Float]) {
      #expect(abs(found - expected) < 1e-6)
    }
    // What lmplz writes.
    let entry = try #require(result.model.entries(order: 2)["w0 </s>"])
    #expect(abs(entry.logProbability + 0.18947946) < 1e-6)
  }

  @Test func leavesReservedWordsOut() throws {
    let result = try train("shop <s> now </s>\nshop now\n")
    #expect(result.warnings.contains { $0.kind == "reserved words" && $0.detail.contains("stand 2 times") })
    #expect(result.tokenCount == 6)
  }

  @Test func takesBytesThatAreNotUTF8() throws {
    let bytes: [UInt8] = [0xFF, 0xFE, 0x20, 0x73, 0x0A, 0xC3, 0x28, 0x0A]
    let corpus = bytes.withUnsafeBufferPointer { Corpus($0) }
    let result = try Trainer(TrainingOptions(order: 2)).train(corpus)
    #expect(result.model.counts[0] == 6)
  }

  @Test func takesNULsForBlanks() throws {
    let with = try train("shop\u{0}now \u{0}\u{0} here\u{0}\nshop now\n").model
    let without = try train("shop now here\nshop now\n").model
    for order in 1...3 { #expect(with.entries(order: order) == without.entries(order: order)) }
  }

  @Test func takesAWordThatIsRepeatedWithoutEnd() throws {
    let result = try train(String(repeating: "shop ", count: 100_000))
    let model = try Model(ModelWriter().bytes(of: result.model))
    let scores = Scorer(model).words("shop shop shop").map(\.score.logProbability)
    #expect(scores[2] > -0.01 && scores.allSatisfy { $0.isFinite && $0 <= 0 })
  }

  /// Words of a megabyte each, so that the test takes a second and not a minute.
  @Test func takesALineOfAHundredMegabytes() throws {
    let text = Buffer<UInt8>(count: 100_000_000, repeating: UInt8(ascii: "x"))
    for place in stride(from: 999_999, to: text.count - 1, by: 1_000_000) { text.base[place] = UInt8(ascii: " ") }
    let result = try Trainer(TrainingOptions(order: 2)).train(Corpus(text.all))
    #expect(result.sentenceCount == 1 && result.tokenCount == 101)
    #expect(result.model.counts[0] == 5)
  }

  @Test func takesALongLine() throws {
    let result = try train(String(repeating: "shop now ", count: 200_000))
    #expect(result.sentenceCount == 1)
    #expect(result.model.counts == [5, 4, 4])
  }

  @Test(arguments: [1, 3, 6], [1, 2, 3])
  func threadsAndMemoryLeaveTheModelAsItIs(order: Int, threads: Int) throws {
    let corpus = Corpus(manySentences(1500))
    func bytes(_ options: TrainingOptions) throws -> [UInt8] {
      ModelWriter().bytes(of: try Trainer(options).train(corpus).model)
    }
    var options = TrainingOptions(order: order)
    let plain = try bytes(options)
    options.threads = threads
    let isSame = try bytes(options) == plain
    // Dozens of runs in a file.
    options.sortingMemory = 1
    let isSameBeyondMemory = try bytes(options) == plain
    #expect(isSame && isSameBeyondMemory)
  }

  @Test func namesTheFolderThatTakesNoSortedRuns() throws {
    var options = TrainingOptions(order: 3)
    options.sortingMemory = 1
    options.temporaryFolder = "/nowhere"
    #expect {
      try Trainer(options).train(Corpus(manySentences(500)))
    } throws: {
      "\($0)".hasPrefix("cannot sort: a temporary file in '/nowhere': ")
    }
  }

  @Test(arguments: [
    ([0, 2, 1], "invalid pruning"), ([1], "invalid pruning"), ([], "invalid pruning"),
    ([0, 0, 0, 0], "invalid pruning"),
  ])
  func refusesThresholdsThatFall(prune: [Int], kind: String) {
    var options = TrainingOptions(order: 3)
    options.prune = prune
    #expect {
      _ = try Trainer(options)
    } throws: {
      ($0 as? Diagnostic)?.kind == kind
    }
  }

  @Test(arguments: [0, 7]) func refusesOtherOrders(order: Int) {
    #expect(throws: Diagnostic("invalid order", "order must be in 1...6, got \(order)")) {
      try Trainer(TrainingOptions(order: order))
    }
  }
}
