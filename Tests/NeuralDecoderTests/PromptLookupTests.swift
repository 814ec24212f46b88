import Core
import NeuralDecoder
import Testing

struct PromptLookupTests {
  /// Texts that repeat themselves, under every way to choose: guesses come true, and are wrong.
  static func requests(_ constraint: Constraint?) -> [GenerationRequest] {
    (0..<8).map { index in
      var request = GenerationRequest(prompt: (0..<24).map { Int32(($0 % (5 + index)) * 7) })
      (request.maxTokens, request.seed, request.candidates) = (40, UInt64(index), 1 + index % 2)
      request.sampling.temperature = index < 3 ? 0 : 0.2
      // One text of one token alone, one of two that come as chance has it.
      if index == 1 { (request.maxTokens, request.sampling.bias) = (150, [77: 1000]) }
      if index == 4 { request.sampling.bias = [77: 1000, 78: 1000] }
      if index == 4 { request.sampling.repetitionPenalty = 1.3 }
      if index == 5 { request.sampling.topP = 0.9 }
      if index > 5 { request.constraint = constraint }
      return request
    }
  }

  @Test(arguments: [1, 2])
  func theTokensAreThoseWithoutGuesses(threads: Int) throws {
    let tiny = try TinyModel(threads: threads)
    let decoder = tiny.decoder
    let words = Pattern.repeated(.sequence([.anyOf(["ab", "abc", "efgh"]), .text(" ")]), least: 1, most: nil)
    var (with, without) = (0, 0)
    for request in Self.requests(try Constraint(words, decoder)) {
      var plain = request
      plain.guesses = false
      let expected = decoder.generate([plain]) { _ in
        without += 1
        return false
      }
      let found = decoder.generate([request]) { _ in
        with += 1
        return false
      }
      #expect(found == expected)
    }
    // One thread is asked as often in each pass whether to stop: guesses save passes.
    #expect(threads > 1 || with < without * 4 / 5, "\(with) of \(without)")
    withExtendedLifetime(tiny) {}
  }

  @Test func companyDoesNotChangeWhatIsGuessed() throws {
    let requests = Self.requests(nil)
    let together = try TinyModel().generate(requests)
    for (request, expected) in zip(requests, together) {
      #expect(try TinyModel().generate([request])[0] == expected)
    }
  }
}
