import Core
import Foundation
import NeuralDecoder
import Testing

struct GenerationTests {
  static func request(_ index: Int) -> GenerationRequest {
    var request = GenerationRequest(prompt: (0...index).map { Int32($0 * 13 % 250) })
    request.candidates = 1 + index % 3
    request.maxTokens = 10 + index
    request.seed = UInt64(index)
    if index % 4 == 1 { request.sampling.topK = 20 }
    if index % 4 == 2 { request.sampling.topP = 0.8 }
    if index % 4 == 3 { (request.sampling.minP, request.sampling.repetitionPenalty) = (0.05, 1.2) }
    return request
  }

  @Test func candidatesDoNotDependOnCompanyThreadsOrPrefixes() throws {
    let requests = (0..<12).map(Self.request)
    let alone = try requests.map { try TinyModel().generate([$0])[0] }
    #expect(Set(alone.joined().map(\.tokens)).count > 12)
    for threads in [1, 2] {
      let tiny = try TinyModel(threads: threads)
      let decoder = tiny.decoder
      #expect(decoder.generate(requests) == alone)
      decoder.prepare(prefix: (0..<6).map { Int32($0 * 13 % 250) })
      #expect(decoder.generate(requests) == alone)
      withExtendedLifetime(tiny) {}
    }
  }

  @Test func manyCallersShareOneDecoder() async throws {
    let requests = (0..<12).map(Self.request)
    let expected = try TinyModel().generate(requests)
    let tiny = try TinyModel(threads: 2)
    let decoder = tiny.decoder
    let found = await withTaskGroup(of: (Int, [Candidate]).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, decoder.generate([request])[0]) }
      }
      return await group.reduce(into: [Int: [Candidate]]()) { $0[$1.0] = $1.1 }
    }
    for index in requests.indices { #expect(found[index] == expected[index]) }
    withExtendedLifetime(tiny) {}
  }

  @Test func whatTextsHaveInCommonIsComputedOnce() throws {
    let tiny = try TinyModel()
    let decoder = tiny.decoder
    let prefix = (0..<160).map { Int32($0 % 250) }
    /// How often one thread is asked whether to stop tells how much it computes.
    func questions(_ requests: [GenerationRequest]) -> Int {
      var asked = 0
      _ = decoder.generate(requests) { _ in
        asked += 1
        return false
      }
      return asked
    }
    var request = GenerationRequest(prompt: prefix + [7])
    request.maxTokens = 1
    let alone = questions([request])
    request.candidates = 8
    // Candidates share their prompt, and only choose apart.
    #expect(questions([request]) == alone + 7)
    request.candidates = 1
    decoder.prepare(prefix: prefix)
    // Eleven passes of 16 tokens become one.
    #expect(questions([request]) * 5 < alone)
    withExtendedLifetime(tiny) {}
  }

  @Test func greedyTakesTheBestTokenAndReportsItsProbability() throws {
    let tiny = try TinyModel()
    var request = GenerationRequest(prompt: [5, 6, 7])
    request.sampling.temperature = 0
    request.maxTokens = 6
    let candidate = try #require(tiny.generate([request])[0].first)
    var sum = 0.0
    Evaluator(tiny.model, pool: tiny.pool).logits(of: request.prompt + candidate.tokens, from: 2) { position, logits in
      let step = position - 2
      guard step < candidate.tokens.count else { return }
      #expect(logits.indices.max { logits[$0] < logits[$1] } == Int(candidate.tokens[step]))
      let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
      sum += Double(logits[Int(candidate.tokens[step])]) - log(total)
    }
    #expect(abs(candidate.logProbability - sum) < 1e-4)
    let decoder = tiny.decoder
    let score = decoder.score(prompt: request.prompt, continuations: [candidate.tokens, [9, 9, 9, 9, 9, 9]])
    #expect(abs(score[0] - sum) < 1e-4)
    #expect(score[1] < score[0])
    withExtendedLifetime(tiny) {}
  }

  /// Draws are compared with the softmax by a chi-square test: 8 degrees of freedom, 26.1 is exceeded once in 1,000.
  @Test(arguments: [0.7, 1.5])
  func drawsFollowTheSoftmax(temperature: Double) throws {
    let tiny = try TinyModel()
    var logits: [Float] = []
    Evaluator(tiny.model, pool: tiny.pool).logits(of: [40, 41], from: 1) { logits = Array($1) }
    let best = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(9)
    var request = GenerationRequest(prompt: [40, 41])
    request.candidates = 5000
    request.maxTokens = 1
    request.sampling.temperature = temperature
    request.sampling.topK = 9
    let weights = best.map { exp(Double(logits[$0]) / temperature) }
    let total = weights.reduce(0, +)
    var counts: [Int32: Int] = [:]
    for candidate in tiny.generate([request])[0] { counts[candidate.tokens[0], default: 0] += 1 }
    #expect(counts.values.reduce(0, +) == 5000)
    let square = zip(best, weights).reduce(0.0) { sum, pair in
      let expected = 5000 * pair.1 / total
      let difference = Double(counts[Int32(pair.0)] ?? 0) - expected
      return sum + difference * difference / expected
    }
    #expect(square < 26.1)
    #expect(Set(counts.keys).isSubset(of: Set(best.map(Int32.init))))
  }

  @Test func topKTopPAndMinPLeaveOutTheTail() throws {
    let tiny = try TinyModel()
    var logits: [Float] = []
    Evaluator(tiny.model, pool: tiny.pool).logits(of: [40, 41], from: 1) { logits = Array($1) }
    let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
    let order = logits.indices.sorted { logits[$0] > logits[$1] }
    let probabilities = order.map { exp(Double(logits[$0])) / total }
    var sum = 0.0
    let nucleus = zip(order, probabilities).prefix { pair in
      defer { sum += pair.1 }
      return sum < 0.5
    }.map { Int32($0.0) }
    let likely = zip(order, probabilities).filter { $0.1 >= 0.3 * probabilities[0] }.map { Int32($0.0) }
    let few = order.prefix(5).map(Int32.init)
    var inner = 0.0
    let both = zip(few, probabilities).prefix { pair in
      defer { inner += pair.1 }
      return inner < 0.6 * probabilities.prefix(5).reduce(0, +)
    }.map(\.0)
    for (change, allowed) in [
      ({ $0.topP = 0.5 }, nucleus), ({ $0.minP = 0.3 }, likely), ({ $0.topK = 5 }, few),
      ({ ($0.topK, $0.topP) = (5, 0.6) }, both),
    ]
      as [((inout SamplingOptions) -> Void, [Int32])]
    {
      var request = GenerationRequest(prompt: [40, 41])
      (request.candidates, request.maxTokens, request.sampling.temperature) = (800, 1, 2)
      change(&request.sampling)
      let found = Set(tiny.generate([request])[0].map { $0.tokens[0] })
      #expect(found == Set(allowed))
    }
  }

  @Test func penaltiesAndBiasMoveTheChoice() throws {
    let tiny = try TinyModel()
    var request = GenerationRequest(prompt: [1])
    (request.maxTokens, request.sampling.temperature) = (12, 0)
    request.sampling.bias = [77: 1000]
    #expect(tiny.generate([request])[0][0].tokens == [Int32](repeating: 77, count: 12))
    request.sampling.bias = [:]
    request.sampling.presencePenalty = 1000
    let varied = tiny.generate([request])[0][0].tokens
    #expect(Set(varied).count == varied.count)
  }

  @Test func eachPenaltyIsWorthWhatItsFormulaSays() throws {
    let tiny = try TinyModel()
    var logits: [Float] = []
    // 7 occurred twice, 9 once, 11 not at all.
    let prompt: [Int32] = [7, 9, 7]
    Evaluator(tiny.model, pool: tiny.pool).logits(of: prompt, from: 2) { logits = Array($1) }
    func chosen(_ change: (inout SamplingOptions) -> Void) -> [Int32] {
      var request = GenerationRequest(prompt: prompt)
      (request.maxTokens, request.sampling.temperature) = (1, 0)
      change(&request.sampling)
      return tiny.generate([request])[0][0].tokens
    }
    /// With biases all logits but those of two tokens are out of reach, and of these the first is ahead by `lead`.
    func duel(_ first: Int, _ second: Int, lead: Float, _ change: (inout SamplingOptions) -> Void) -> Int32? {
      chosen {
        $0.bias = [Int32(first): 1000 - logits[first] + lead, Int32(second): 1000 - logits[second]]
        change(&$0)
      }.first
    }
    #expect(duel(7, 11, lead: 1.1) { ($0.presencePenalty, $0.frequencyPenalty) = (0, 0.5) } == 7)
    #expect(duel(7, 11, lead: 0.9) { ($0.presencePenalty, $0.frequencyPenalty) = (0, 0.5) } == 11)
    #expect(duel(9, 11, lead: 0.6) { $0.frequencyPenalty = 0.5 } == 9)
    #expect(duel(7, 9, lead: 0.1) { $0.presencePenalty = 5 } == 7)
    #expect(duel(7, 11, lead: 0.1) { $0.presencePenalty = 5 } == 11)
    // Repetition divides what is above 0 and multiplies what is below; the bias comes after it.
    let penalised = logits[7] > 0 ? logits[7] / 2 : logits[7] * 2
    let loss = logits[7] - penalised
    #expect(duel(7, 11, lead: loss + 0.1) { $0.repetitionPenalty = 2 } == 7)
    #expect(duel(7, 11, lead: loss - 0.1) { $0.repetitionPenalty = 2 } == 11)
    // Only the latest tokens count.
    #expect(duel(9, 11, lead: 0.1) { ($0.presencePenalty, $0.penaltyWindow) = (5, 1) } == 9)
  }

  @Test func stopTextsEndACandidateAndAreCutOff() throws {
    let tiny = try TinyModel()
    var request = GenerationRequest(prompt: [1])
    (request.maxTokens, request.sampling.temperature) = (40, 0)
    request.sampling.bias = [TinyModel.end: -1000]
    let free = tiny.generate([request])[0][0]
    #expect(free.end == .length && free.tokens.count == 40)
    let bytes = tiny.model.tokenizer.decode(free.tokens)
    request.stops = [Array(bytes[3..<6])]
    let stopped = tiny.generate([request])[0][0]
    #expect(stopped.end == .stop)
    #expect(bytes.starts(with: stopped.text) && stopped.text.count <= 3)
  }

  @Test func anEndTokenEndsACandidate() throws {
    let tiny = try TinyModel()
    var request = GenerationRequest(prompt: [1])
    request.sampling.bias = [TinyModel.end: 1000]
    let candidate = tiny.generate([request])[0][0]
    #expect(candidate.end == .complete && candidate.text.isEmpty && candidate.tokens == [TinyModel.end])
  }

  @Test func cancelledRequestsComeBackEmpty() throws {
    let tiny = try TinyModel()
    var asked = 0
    let decoder = tiny.decoder
    let found = decoder.generate([Self.request(5), Self.request(11)]) { index in
      asked += 1
      return index == 1
    }
    withExtendedLifetime(tiny) {}
    #expect(found[0].count == 3 && found[1].isEmpty && asked > 1)
  }

  @Test func aCancelledRequestEndsWithTheLayerThatIsUnderWay() throws {
    let tiny = try TinyModel()
    let decoder = tiny.decoder
    for prompt in [8, 400] {
      var request = GenerationRequest(prompt: (0..<prompt).map { Int32($0 % 250) })
      (request.maxTokens, request.sampling.bias) = (100, [TinyModel.end: -1000])
      for last in 1...8 {
        // After the answer nothing more is asked, so nothing more is computed than up to the next question.
        var asked = 0
        let found = decoder.generate([request]) { _ in
          asked += 1
          return asked == last
        }
        #expect(found[0].isEmpty && asked == last)
      }
      // The answer is asked for in each layer and in the output matrix, not once a pass.
      request.maxTokens = 1
      var asked = 0
      _ = decoder.generate([request]) { _ in
        asked += 1
        return false
      }
      let passes = (prompt + 15) / 16
      #expect(asked > passes * tiny.model.shape.layers)
    }
    var asked = 0
    _ = decoder.score(prompt: [1, 2], continuations: [[Int32](repeating: 3, count: 400)]) {
      asked += 1
      return asked == 3
    }
    #expect(asked == 3)
    withExtendedLifetime(tiny) {}
  }

  @Test(arguments: [1, 2])
  func whatSharedAPassThatWasGivenUpIsAsItWouldBeAlone(threads: Int) async throws {
    let requests = (0..<12).map(Self.request)
    let expected = try requests.map { try TinyModel().generate([$0])[0] }
    let tiny = try TinyModel(threads: threads)
    let decoder = tiny.decoder
    let found = await withTaskGroup(of: (Int, [Candidate]).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask {
          var asked = 0
          return (
            index,
            decoder.generate([request]) { _ in
              asked += 1
              return index % 2 == 1 && asked > index * 2
            }[0]
          )
        }
      }
      return await group.reduce(into: [Int: [Candidate]]()) { $0[$1.0] = $1.1 }
    }
    for index in requests.indices {
      // Who waits for another's pass is asked less often, and may be done before it can say so.
      let isGivenUp = index % 2 == 1 && found[index] == []
      #expect(isGivenUp || found[index] == expected[index], "\(index)")
    }
    #expect(found.values.contains([]))
    withExtendedLifetime(tiny) {}
  }
}
