import Core
import NGramModel
import Testing

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

  @Test func takesALongLine() throws {
    let result = try train(String(repeating: "shop now ", count: 200_000))
    #expect(result.sentenceCount == 1)
    #expect(result.model.counts == [5, 4, 4])
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
