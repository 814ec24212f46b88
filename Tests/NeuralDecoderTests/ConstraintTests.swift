import Core
import Foundation
import NeuralDecoder
import Testing

struct ConstraintTests {
  static func texts(
    _ pattern: Pattern, candidates: Int = 12, maxTokens: Int = 60,
    _ change: (inout GenerationRequest) -> Void = { _ in }
  ) throws -> [Candidate] {
    let tiny = try TinyModel()
    let decoder = tiny.decoder
    var request = GenerationRequest(prompt: [3, 4])
    (request.candidates, request.maxTokens) = (candidates, maxTokens)
    request.constraint = try Constraint(pattern, decoder)
    change(&request)
    return withExtendedLifetime(tiny) { decoder.generate([request])[0] }
  }

  @Test func onlyListedTextsArePossible() throws {
    let choices = ["abcd", "abce", "grün", ""]
    let found = try Self.texts(.anyOf(choices), candidates: 60)
    let texts = found.map { String(decoding: $0.text, as: UTF8.self) }
    #expect(texts.allSatisfy(choices.contains))
    #expect(Set(texts).count > 2)
    #expect(found.allSatisfy { $0.end == .complete })
  }

  @Test func bracesOnlyEverHoldKnownSlots() throws {
    let found = try Self.texts(.slotted(["name", "price"]), candidates: 20) {
      $0.sampling.temperature = 1.5
      // '{' is made likely, so that slots occur.
      $0.sampling.bias = [Int32(UInt8(ascii: "{")) - 33: 6, 260: 6]
    }
    var slots = 0
    for candidate in found {
      // As bytes: to Swift a brace with a combining mark behind it is another character.
      let pieces = candidate.text.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)
      #expect(!pieces[0].contains(UInt8(ascii: "}")))
      for piece in pieces.dropFirst() {
        #expect(piece.starts(with: "name}".utf8) || piece.starts(with: "price}".utf8), "\(piece)")
        slots += 1
      }
    }
    #expect(slots > 10)
  }

  @Test func theTextIsWellFormedEvenFromSingleBytes() throws {
    let letters = Pattern.repeated(.character(ascii: ByteSet([])), least: 1, most: nil)
    for candidate in try Self.texts(letters, candidates: 30, maxTokens: 25) {
      #expect(String(validating: candidate.text, as: UTF8.self) != nil)
      #expect(candidate.text.allSatisfy { $0 >= 0x80 })
    }
  }

  @Test func theRestrictedHeadChoosesAsTheWholeHeadWould() throws {
    let tiny = try TinyModel()
    let decoder = tiny.decoder
    let allowed: [Int32] = [10, 40, 90]
    var request = GenerationRequest(prompt: [8, 9])
    (request.maxTokens, request.sampling.temperature) = (1, 0)
    let texts = allowed.map { String(decoding: tiny.model.tokenizer.decode([$0]), as: UTF8.self) }
    request.constraint = try Constraint(.anyOf(texts), decoder)
    let found = decoder.generate([request])[0][0]
    Evaluator(tiny.model, pool: tiny.pool).logits(of: [8, 9], from: 1) { _, logits in
      let best = allowed.max { logits[Int($0)] < logits[Int($1)] } ?? -1
      let total = allowed.reduce(0.0) { $0 + exp(Double(logits[Int($1)])) }
      #expect(found.tokens == [best])
      #expect(abs(found.logProbability - (Double(logits[Int(best)]) - log(total))) < 1e-4)
    }
  }

  @Test func whatCanOnlyFollowNeedsNoChoice() throws {
    let found = try Self.texts(.text("abcdef and on"), candidates: 2)
    for candidate in found {
      #expect(String(decoding: candidate.text, as: UTF8.self) == "abcdef and on")
      #expect(candidate.end == .complete)
    }
  }

  @Test func aTextCutShortIsCutBackToAWholeOne() throws {
    let words = Pattern.repeated(.sequence([.text("ab"), .text(";")]), least: 0, most: nil)
    for candidate in try Self.texts(words, maxTokens: 5, { $0.sampling.bias = [TinyModel.end: -1000] }) {
      #expect(candidate.text.count % 3 == 0 && candidate.end == .length)
    }
  }

  @Test func aStopTextLeavesAWholeText() throws {
    let choices = try Self.texts(.anyOf(["ab", "abcd", "ef"]), candidates: 40) { $0.stops = [Array("c".utf8)] }
    #expect(Set(choices.map { String(decoding: $0.text, as: UTF8.self) }) == ["ab", "ef"])
    let slotted = try Self.texts(.slotted(["name"]), candidates: 20) {
      ($0.stops, $0.sampling.bias) = ([Array("m".utf8)], [Int32(UInt8(ascii: "{")) - 33: 9])
    }
    #expect(slotted.contains { $0.end == .stop })
    #expect(slotted.allSatisfy { !$0.text.contains(UInt8(ascii: "{")) })
  }

  @Test func tooLargeAPatternIsRefused() throws {
    let tiny = try TinyModel()
    let pattern = Pattern.repeated(.repeated(.text("abcdefgh"), least: 1000, most: 1000), least: 1000, most: 1000)
    let decoder = tiny.decoder
    #expect(throws: Diagnostic.self) { try Constraint(pattern, decoder) }
  }
}
