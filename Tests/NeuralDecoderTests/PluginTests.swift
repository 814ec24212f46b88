import Core
import Foundation
import NeuralDecoder
import PluginAPI
import PluginTesting
import Testing

/// The plugin behind its C table, in a host in memory.
struct PluginTests {
  static let host = Result {
    try TestHost(resources: [
      TestResource(kind: "model", name: "tiny.gguf", bytes: TinyModel.file(quantised: true)),
      TestResource(kind: "model", name: "words.txt", bytes: Array("ab {n}, cd\nef ab.".utf8)),
      TestResource(kind: "model", name: "torn.gguf", bytes: Array(TinyModel.file(quantised: true).prefix(9000))),
    ])
  }

  static func instance(_ options: String) throws -> TestInstance {
    try host.get().instance(of: NeuralDecoder.self, config: #"{"model":"tiny.gguf","prompt":"x"\#(options)}"#)
  }

  static func brief(_ prompt: String, _ more: String = "") -> TestRequest {
    TestRequest(#"{"params":{"prompt":"\#(prompt)"\#(more)}}"#, seed: 7)
  }

  struct Found: Decodable, Equatable {
    var text: String
    var score: Double
    var source: String
  }

  static func candidates(_ result: TestResult) throws -> [Found] {
    if let failure = result.failure { throw failure }
    return try JSONDecoder().decode([Found].self, from: Data((result[""] ?? "").utf8))
  }

  @Test func writesCandidatesWithLogProbabilities() throws {
    let found = try Self.candidates(Self.instance(#","candidates":6,"max_tokens":12"#).process(Self.brief("shoe")))
    #expect(found.count == 6)
    #expect(found.allSatisfy { !$0.text.isEmpty && $0.score < 0 && $0.source == "tiny.gguf" })
    #expect(Set(found.map(\.text)).count == 6)
  }

  @Test func theSeedDecidesAndNothingElse() throws {
    let options = #","candidates":3,"max_tokens":10,"prefix":"some examples that come first\n""#
    let instance = try Self.instance(options)
    let briefs = ["boot", "tent", "lamp", "bag"].map { Self.brief($0) }
    let together = try instance.process(briefs).map(Self.candidates)
    for (brief, expected) in zip(briefs, together) {
      #expect(try Self.candidates(Self.instance(options).process(brief)) == expected)
    }
    var other = briefs[0]
    other.seed = 8
    #expect(try Self.candidates(instance.process(other)) != together[0])
  }

  @Test func choicesAreTheOnlyTexts() throws {
    let found = try Self.candidates(
      Self.instance(#","choices":["abcd","Café"],"candidates":20"#).process(Self.brief("shoe")))
    #expect(Set(found.map(\.text)).isSubset(of: ["abcd", "Café"]) && !found.isEmpty)
  }

  @Test func choicesStayAsTheyAre() throws {
    let found = try Self.candidates(
      Self.instance(#","choices":["ab\ncd"," ab "],"candidates":20"#).process(Self.brief("shoe")))
    #expect(Set(found.map(\.text)) == ["ab\ncd", " ab "])
  }

  @Test func constantsFitTheOtherKeywords() throws {
    let schema = #"{"type":["string","integer"],"maxLength":2,"enum":["abc","é",3,null,1.5]}"#
    let found = try Self.candidates(
      Self.instance(#","candidates":30,"temperature":3,"min_p":0,"schema":\#(schema)"#).process(Self.brief("shoe")))
    #expect(Set(found.map(\.text)) == [#""é""#, "3"])
  }

  @Test func slotsAreFilledWithTheirValues() throws {
    let options = #","slots":{"n":"","colour":""},"candidates":20,"max_tokens":30,"temperature":2,"min_p":0,"top_p":1"#
    let found = try Self.candidates(
      Self.instance(options).process(Self.brief("shoe", #","slots":{"n":"{Merino}","colour":""}"#)))
    let joined = found.map(\.text).joined(separator: "\n")
    #expect(!joined.contains("{n}") && !joined.contains("colour"))
    let stripped = joined.replacingOccurrences(of: "{Merino}", with: "")
    #expect(!stripped.unicodeScalars.contains("{") && !stripped.unicodeScalars.contains("}"))
    #expect(joined != stripped)
  }

  static let schema = #"""
    {"type":"object","required":["kind","title","size"],"properties":{
      "kind":{"enum":["boot",3,null,true]},"title":{"type":"string","minLength":2,"maxLength":5},
      "size":{"type":["integer","null"]},"tags":{"type":"array","items":{"type":"boolean"},"maxItems":2}}}
    """#

  @Test func textsFitTheirSchema() throws {
    let options = #","candidates":20,"max_tokens":90,"schema":\#(Self.schema)"#
    let found = try Self.candidates(Self.instance(options).process(Self.brief("shoe")))
    #expect(found.count > 10)
    for candidate in found {
      let value = try #require(JSONSerialization.jsonObject(with: Data(candidate.text.utf8)) as? [String: Any])
      #expect(Set(value.keys) == ["kind", "title", "size", "tags"])
      #expect((2...5).contains(try #require(value["title"] as? String).unicodeScalars.count))
      #expect(try #require(value["tags"] as? [Bool]).count <= 2)
    }
    let titles = try Self.candidates(Self.instance(options + #","field":"title""#).process(Self.brief("shoe")))
    #expect(titles.allSatisfy { !$0.text.isEmpty && $0.text.unicodeScalars.count <= 5 })
  }

  @Test func givenTextsAreScored() throws {
    let result = try Self.instance(#","texts":[]"#).process(Self.brief("shoe", #","texts":["abcd","zebra zebra"]"#))
    let found = try Self.candidates(result)
    #expect(found.map(\.text) == ["abcd", "zebra zebra"])
    #expect(found[0].score > found[1].score && found[0].score < 0)
  }

  @Test func textsAreRankedBySimilarity() throws {
    let result = try Self.instance(#","texts":[],"score_by":"similarity""#)
      .process(Self.brief("abcdabcd", #","texts":["zebra","abcdabcd"]"#))
    let found = try Self.candidates(result)
    #expect(abs(found[1].score - 1) < 1e-5 && found[0].score < found[1].score)
  }

  @Test func onlyTheWordsOfTheFileAreWritten() throws {
    let options = #","slots":{"n":""},"words":"words.txt","candidates":20,"max_tokens":30,"temperature":2,"min_p":0"#
    let found = try Self.candidates(
      Self.instance(options).process(Self.brief("shoe", #","slots":{"n":"Merino"}"#)))
    let words = found.flatMap { $0.text.split { " ,.".contains($0) } }
    #expect(Set(words).isSubset(of: ["ab", "cd", "ef", "Merino"]) && words.contains("Merino") && words.count > 4)
  }

  @Test func aTextIsMadeLikelyOrImpossible() throws {
    let found = try Self.candidates(
      Self.instance(#","logit_bias":{"Q":100},"max_tokens":4,"stop":["\\n"]"#).process(Self.brief("shoe")))
    #expect(found.map(\.text) == ["QQQQ"])
  }

  @Test func aCheckRanksAndRefuses() throws {
    let written = #"[{"text":"zebra zebra","score":0,"source":"a"},{"text":"abcd","score":-9,"source":"b"}]"#
    let brief = TestRequest(#"{"params":{"prompt":"shoe"},"slots":{"stage":\#(written)}}"#, seed: 7)
    let all = try Self.candidates(Self.instance(#","role":"check""#).process(brief))
    #expect(all.count == 2 && all[0].score > all[1].score && Set(all.map(\.source)) == ["a", "b"])
    let between = (all[0].score + all[1].score) / 2
    let some = try Self.candidates(Self.instance(#","role":"check","min_score":\#(between)"#).process(brief))
    #expect(some == [all[0]])
    let none = try Self.instance(#","role":"check","min_score":0"#).process(brief)
    #expect(none.failure?.code == .refused)
    #expect(none.failure?.message.contains("no text scores 0.0 or more") == true, "\(none.failure?.message ?? "")")
  }

  @Test func inspectionTellsSizesAndComparesTexts() throws {
    let text = try Self.host.get().inspect(
      NeuralDecoder.self, config: #"{"texts":["abcd","zebra","abcd"]}"#, name: "tiny.gguf",
      bytes: TinyModel.file(quantised: true))
    let found = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(found["architecture"] as? String == "llama" && found["tokens"] as? Int == 264)
    let rows = try #require(found["texts"] as? [[String: Any]]).compactMap { $0["similarity"] as? [Double] }
    #expect(rows.count == 3 && abs(rows[0][2] - 1) < 1e-5 && rows[0][1] < 0.99 && rows[0][1] == rows[1][0])
  }

  static let refusals: [(options: String, code: PluginError.Code, message: String)] = [
    (#""model":"none.gguf""#, .resource, "there is no model called 'none.gguf'"),
    (#""model":"torn.gguf""#, .config, "'torn.gguf': bad model file"),
    (#""model":"tiny.gguf","interface":"chat""#, .config, "knows no turns"),
    (#""model":"tiny.gguf","field":"a""#, .config, "needs a 'schema'"),
    (#""model":"tiny.gguf","schema":{"type":"text"}"#, .config, "must be a type of JSON, got 'text'"),
    (#""model":"tiny.gguf","schema":{"type":"string","pattern":"a"}"#, .config, "'pattern' is not supported"),
    (#""model":"tiny.gguf","schema":{"type":"integer","enum":["a"]}"#, .config, "no constant fits its other keywords"),
    (#""model":"tiny.gguf","schema":{"enum":[]}"#, .config, "must not be empty"),
    (#""model":"tiny.gguf","schema":{"type":"string","minLength":"2"}"#, .config, "must be integer, got string"),
    (#""model":"tiny.gguf","schema":{"type":"object","required":["a"]}"#, .config, "'a' is not among 'properties'"),
    (
      #""model":"tiny.gguf","schema":{"type":"string","anyOf":[{"type":"null"}]}"#, .config,
      "'type' is not supported beside 'anyOf'"
    ),
    (#""model":"tiny.gguf","slots":{"a}b":""}"#, .config, "the name 'a}b' must not hold braces"),
    (#""model":"tiny.gguf","choices":["a"],"slots":{}"#, .config, "only one of"),
    (#""model":"tiny.gguf","choices":["a"],"words":"words.txt""#, .config, "only one of"),
    (#""model":"tiny.gguf","logit_bias":{"zz":1}"#, .config, "'zz' is 2 tokens of the model ('z', 'z'), expected one"),
  ]

  @Test(arguments: refusals.indices)
  func wrongOptionsAreNamed(_ index: Int) throws {
    let refusal = Self.refusals[index]
    let error = #expect(throws: PluginError.self) {
      try Self.host.get().instance(of: NeuralDecoder.self, config: #"{"prompt":"x",\#(refusal.options)}"#)
    }
    #expect(error?.code == refusal.code)
    #expect(error?.message.contains(refusal.message) == true, "\(error?.message ?? "")")
  }

  @Test func anItemFailsAlone() throws {
    let instance = try Self.instance(#","max_tokens":300,"candidates":8"#)
    var cancelled = Self.brief("tent")
    cancelled.cancelAfter = 2
    let results = try instance.process([
      Self.brief(" "), cancelled, Self.brief("boot"), Self.brief(String(repeating: "a", count: 600)),
    ])
    #expect(results[0].failure?.code == .input)
    #expect(results[1].failure?.code == .cancelled)
    #expect(results[2].failure == nil)
    #expect(results[3].failure?.message.contains("has 600 tokens") == true)
  }

  @Test func aPassedDeadlineIsSaid() throws {
    var late = Self.brief("tent")
    late.deadline = 1
    #expect(try Self.instance("").process(late).failure?.code == .deadline)
  }
}
