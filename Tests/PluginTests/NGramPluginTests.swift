import Foundation
import PluginAPI
import PluginTesting
import Testing

@testable import NGramModel

struct NGramPluginTests {
  private static let copy = """
    New running shoes from {brand} are here.
    New summer dresses from {brand} are here.
    Save 20 % on all running shoes today.
    Save 30 % on all summer dresses today.
    Discover the new collection from {brand}: shop now!
    Discover light shoes for long days: shop now!
    Our summer dresses are back, and they are lighter than ever.
    Our running shoes are back, and they are better than ever.
    Free delivery on all orders today.
    Free returns on all orders this week.

    """

  /// A model file of the copy, or of the copy and a model before it.
  private func model(
    _ config: String = #"{"classes":true}"#, copy: String = copy, base: [UInt8]? = nil
  ) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appendingPathComponent("copy.txt")
    try copy.write(to: text, atomically: true, encoding: .utf8)
    let output = folder.appendingPathComponent("model")
    var inputs = [text.path]
    if let base {
      let file = folder.appendingPathComponent("base")
      try Data(base).write(to: file)
      inputs.insert(file.path, at: 0)
    }
    _ = try TestHost().train(NGramPlugin.self, config: config, inputs: inputs, output: output.path)
    return Array(try Data(contentsOf: output))
  }

  private func instance(_ options: String, model bytes: [UInt8]? = nil) throws -> TestInstance {
    let host = try TestHost(resources: [TestResource(kind: "model", name: "shop.ngram", bytes: try bytes ?? model())])
    return try host.instance(of: NGramPlugin.self, config: #"{"model":"shop.ngram"\#(options)}"#)
  }

  private func candidates(_ result: TestResult) throws -> [(text: String, score: Double)] {
    #expect(result.failure == nil)
    guard case .json(let json) = result.slots[""] else { return [] }
    let list = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    return list.compactMap { entry in
      guard let text = entry["text"] as? String, let score = entry["score"] as? Double else { return nil }
      return (text, score)
    }
  }

  @Test func writesCandidatesThatObeyTheRules() throws {
    let options = #"""
      ,"count":6,"must_include":"{brand}","values":{"brand":"Acme"},"max_characters":60,"ends_with":"shop now!",
      "forbidden":["dresses"],"longest_copied_run":5
      """#
    let found = try candidates(try instance(options).process(TestRequest("{}", seed: 3)))
    #expect(found.count == 6)
    for (text, score) in found {
      #expect(text.contains("Acme") && text.hasSuffix("hop now!") && !text.lowercased().contains("dresses"))
      #expect(text.count <= 60 && score < 0)
      #expect(text.first?.isUppercase == true)
    }
    #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
  }

  @Test func theSeedDecides() throws {
    let writer = try instance(#","longest_copied_run":4"#)
    let first = try candidates(writer.process(TestRequest("{}", seed: 1))).map(\.text)
    #expect(first == (try candidates(writer.process(TestRequest("{}", seed: 1))).map(\.text)))
    #expect(first != (try candidates(writer.process(TestRequest("{}", seed: 2))).map(\.text)))
  }

  @Test func optionsOfTheBriefCount() throws {
    let brief = #"{"params":{"model":"shop.ngram","count":1,"must_include":"light shoes","longest_copied_run":6}}"#
    let found = try candidates(try instance("").process(TestRequest(brief, seed: 1)))
    #expect(found.count == 1 && found[0].text.lowercased().contains("light shoes"))
  }

  @Test func refusesWhenTheRulesLeaveNothing() throws {
    let result = try instance(#","must_include":"summer dresses","forbidden":"dresses""#).process("{}")
    #expect(result.failure?.code == .refused)
  }

  @Test func aRequiredPhraseStandsAsItIsWritten() throws {
    let found = try candidates(try instance(#","must_include":"LIGHT Shoes","ends_with":"SHOP Now!""#).process("{}"))
    #expect(!found.isEmpty && found.allSatisfy { $0.text.contains("LIGHT Shoes") && $0.text.hasSuffix("SHOP Now!") })
  }

  @Test(arguments: [
    #","must_include":"Gold Dresses","forbidden":"dresses""#,
    #","must_include":"{brand}","values":{"brand":"Cheap Acme"},"forbidden":["cheap acme"]"#,
  ])
  func whatIsForbiddenStandsInNoLiteralAndNoValue(options: String) throws {
    #expect(try instance(options).process("{}").failure?.code == .refused)
  }

  @Test func aCheckRanksCandidates() throws {
    let slots =
      #"{"slots":{"slot":[{"text":"Save zzz xkcd qwer.","score":9},{"text":"Save 20 % on all shoes today.","score":1}]}}"#
    let brief = TestRequest(slots.replacingOccurrences(of: #""slot""#, with: "\"\(Self.slot)\""))
    let ranked = try candidates(try instance(#","role":"check""#).process(brief))
    #expect(ranked.map(\.text) == ["Save 20 % on all shoes today.", "Save zzz xkcd qwer."])
    let filtered = try candidates(try instance(#","role":"check","min_score":-3"#).process(brief))
    #expect(filtered.map(\.text) == ["Save 20 % on all shoes today."])
  }

  @Test func aCheckNamesTheWorstWord() throws {
    let brief = TestRequest(#"{"slots":{"\#(Self.slot)":"Save 20 % on all shoose today."}}"#)
    let passed = try instance(#","role":"check""#).process(brief)
    #expect(passed.failure?.code == .skip)
    let refused = try instance(#","role":"check","max_surprisal":3"#).process(brief)
    #expect(refused.failure?.code == .refused)
    #expect(refused.failure?.message.hasPrefix("word 5, 'shoose' surprises by ") == true)
  }

  /// The slot that the test host gives a stage.
  private static let slot = "stage"

  @Test func inspectsAModel() throws {
    let host = try TestHost()
    let text = try host.inspect(
      NGramPlugin.self, config: #"{"context":"all","top":2,"score":"Save 20 % on all shoes"}"#, name: "shop.ngram",
      bytes: try model(#"{"order":2}"#))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["format"] as? String == "bespoke n-gram model 1")
    #expect(json["order"] as? Int == 2 && json["sentences"] as? Int == 10)
    let shares = (json["next"] as? [[String: Any]] ?? []).compactMap { $0["probability"] as? Double }
    #expect(shares.count == 2 && shares[0] >= shares[1] && shares[0] < 1)
    #expect((json["scores"] as? [[String: Any]])?.count == 7)
    #expect((json["frequent"] as? [[String: Any]])?.count == 2)
    #expect(try perplexities(json).count == 2)
  }

  private func perplexities(_ json: [String: Any]) throws -> [Double] {
    let table = try #require(json["perplexity_table"] as? [String: Any])
    return (table["orders"] as? [[String: Any]] ?? []).compactMap { $0["perplexity"] as? Double }
  }

  @Test func inspectionMeasuresATextThatWasHeldOut() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try "Save 20 % on all running shoes today.\n\nzebra\n".write(to: file, atomically: true, encoding: .utf8)
    let text = try TestHost().inspect(
      NGramPlugin.self, config: #"{"held_out":"\#(file.path)"}"#, bytes: try model(#"{"order":3}"#))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let table = try #require(json["perplexity_table"] as? [String: Any])
    #expect(table["sentences"] as? Int == 2 && table["tokens"] as? Int == 12 && table["unknown"] as? Int == 1)
    let found = try perplexities(json)
    #expect(found.count == 3 && found[0] > found[1] && found[1] > found[2])
  }

  @Test func inspectionWritesWhatTheSeedSays() throws {
    let bytes = try model()
    func written(_ seed: Int) throws -> String {
      try TestHost().inspect(
        NGramPlugin.self, config: #"{"write":3,"longest_copied_run":4,"seed":\#(seed)}"#, bytes: bytes)
    }
    #expect(try written(1) == written(1))
    #expect(try written(1) != written(2))
    let mute = try model(#"{"keep_text":false}"#)
    let error = try #require(throws: PluginError.self) {
      try TestHost().inspect(NGramPlugin.self, config: #"{"write":3}"#, bytes: mute)
    }
    #expect(error.code == .input && error.field == "longest_copied_run")
  }

  @Test func theLocaleChoosesTheModel() throws {
    let host = try TestHost(resources: [TestResource(kind: "model", name: "en.ngram", bytes: try model())])
    let plugin = try host.instance(of: NGramPlugin.self, config: #"{"models":{"en-US":"en.ngram"}}"#)
    #expect(try candidates(plugin.process(#"{"locale":"en-US"}"#)).isEmpty == false)
    #expect(try plugin.process(#"{"locale":"fr-FR"}"#).failure?.code == .skip)
    let error = try #require(throws: PluginError.self) { try host.instance(of: NGramPlugin.self, config: "{}") }
    #expect(error.message == "give either 'model' or 'models'")
  }

  @Test func refusesAFileThatIsNoModel() throws {
    let error = try #require(throws: PluginError.self) { try instance("", model: Array("hello".utf8)) }
    #expect(error.code == .config && error.message.contains("'shop.ngram': 5 bytes are too few for a model"))
    let inspected = try #require(throws: PluginError.self) {
      try TestHost().inspect(NGramPlugin.self, name: "x", bytes: [1, 2, 3])
    }
    #expect(inspected.code == .input)
  }

  @Test func trainsOneSegmentAlone() throws {
    let copy = "vip\tWelcome back, friend.\nnew\tWelcome to our shop.\nvip\tYour early access is here.\n"
    let text = try TestHost().inspect(
      NGramPlugin.self, bytes: try model(#"{"segment":"vip"}"#, copy: copy))
    #expect(text.contains(#""sentences":2"#))
  }

  @Test func trainsOnACatalogue() throws {
    let copy = #"""
      {"name":"Fennrick 22","brand":"Acme","tagline":"The Fennrick 22 by Acme","tags":["a","b"],"translations":{"de-DE":{"name":"Fennrick 22 Rucksack","tagline":"Der Fennrick trägt gut. Mit z. B. 22 Litern! Von Acme"}}}

      """#
    let bytes = try model(#"{"fields":["tagline"],"locale":"de-DE"}"#, copy: copy)
    let inspected = try TestHost().inspect(NGramPlugin.self, config: #"{"score":"{name} {brand}"}"#, bytes: bytes)
    #expect(inspected.contains(#""sentences":3"#))
    #expect(inspected.contains(#""word":"{name}""#) && inspected.contains(#""word":"{brand}""#))
  }

  /// A base, and a segment that says the same things otherwise: what is held out is of the segment.
  @Test func mixesModelsByWeightsThatFit() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
    try Data(model("{}")).write(to: URL(fileURLWithPath: file("base")))
    let vip = "Welcome back, dear friend.\nYour early access is here.\nWelcome back: your summer dresses are here.\n"
    try Data(model("{}", copy: vip)).write(to: URL(fileURLWithPath: file("vip")))
    try "Welcome back: early access to summer dresses.\n".write(
      toFile: file("held"), atomically: true, encoding: .utf8)
    _ = try TestHost().train(
      NGramPlugin.self, config: #"{"mix":"\#(file("held"))"}"#, inputs: [file("base"), file("vip")],
      output: file("mixed"))
    let mixed = Array(try Data(contentsOf: URL(fileURLWithPath: file("mixed"))))
    let text = try TestHost().inspect(NGramPlugin.self, config: #"{"score":"Welcome to summer zebras"}"#, bytes: mixed)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let weights = try #require(json["weights"] as? [Double])
    #expect(weights.count == 2 && weights[1] > weights[0] && abs(weights[0] + weights[1] - 1) < 1e-9)
    #expect(json["sentences"] as? Int == 13)
    // What comes out writes and is guarded like any other model.
    #expect(try candidates(instance(#","longest_copied_run":3"#, model: mixed).process("{}")).isEmpty == false)
    let error = try #require(throws: PluginError.self) {
      try TestHost().train(
        NGramPlugin.self, config: #"{"mix":"\#(file("held"))"}"#, inputs: [file("base")], output: file("none"))
    }
    #expect(error.message == "cannot mix: expected two models or more, got 1")
  }

  @Test func additionIsExact() throws {
    let more = "Light shoes are here to stay.\n"
    let added = try model(#"{"weighted":true}"#, copy: "2\tLight shoes are here to stay.\n", base: try model("{}"))
    #expect(added == (try model("{}", copy: Self.copy + more + more)))
    let removed = try model(#"{"weighted":true}"#, copy: "-2\tLight shoes are here to stay.\n", base: added)
    #expect(try TestHost().inspect(NGramPlugin.self, bytes: removed).contains(#""sentences":10"#))
  }

  @Test func namesALineWithoutAWeight() throws {
    let error = try #require(throws: PluginError.self) { try model(#"{"weighted":true}"#, copy: "1\tyes\nno\n") }
    #expect(error.message.hasPrefix("invalid weight: expected a whole number, a tab and a sentence, got 'no'"))
  }

  /// Some makers put a blank line first, some a preface.
  @Test(arguments: ["", "\n", "\u{FEFF}", "made by hand\n\n"]) func packsARPA(preface: String) throws {
    let arpa = try model(#"{"format":"arpa","order":2}"#)
    let packed = try model("{}", copy: preface + String(decoding: arpa, as: UTF8.self))
    #expect(try TestHost().inspect(NGramPlugin.self, bytes: packed).contains(#""order":2"#))
  }

  @Test func aByteOrderMarkIsNoWord() throws {
    let with = try model("{}", copy: "\u{FEFF}Our shoes are new.\nOur hats are new.\n")
    let without = try model("{}", copy: "Our shoes are new.\nOur hats are new.\n")
    #expect(with == without)
  }

  @Test(arguments: [
    (#"{"fields":["tagline"]}"#, "{}\n\n{\"tagline\":\n", "the text ends too early (at byte 11) (in ", ":3:1)"),
    (
      #"{"weighted":true}"#, "-9223372036854775808\tNew shoes.\n", "expected a whole number, a tab and a sentence",
      ":1:1)"
    ),
  ])
  func namesTheLineThatIsWrong(config: String, copy: String, message: String, place: String) throws {
    let error = try #require(throws: PluginError.self) { try model(config, copy: copy) }
    #expect(error.code == .input && error.message.contains(message) && error.message.contains(place), "\(error)")
  }

  @Test func refusesAnEmptyText() throws {
    let error = try #require(throws: PluginError.self) { try model("{}", copy: "\n\n") }
    #expect(error.code == .input && error.message.hasPrefix("empty corpus"))
  }

  @Test func optionsAndSchemaAgree() throws {
    #expect(try disagreements(between: Options.self, and: NGramPlugin.info.config) == [])
    #expect(try disagreements(between: NGramPlugin.TrainingConfig.self, and: NGramPlugin.trainingConfig) == [])
    #expect(try disagreements(between: NGramPlugin.Questions.self, and: NGramPlugin.inspectionConfig) == [])
  }
}
