import Foundation
import NeuralDecoder
import PluginAPI
import PluginTesting
import Testing

/// The demo shop's own model, as it is committed.
struct DemoModelTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../manifests/models").standardized

  @Test(arguments: ["en", "de", "zh"])
  func itWritesOfTheShopsWordsAndGivenFactsAlone(language: String) throws {
    let files = try ["shop.gguf", "shop.txt"].map { name in
      TestResource(
        kind: "model", name: name, bytes: Array(try Data(contentsOf: Self.folder.appendingPathComponent(name))))
    }
    let facts = [
      "product": "Aaaa", "brand": "Bbbb", "highlight": "Eeee", "second": "Ffff", "price": "Cccc", "hook": "dddd",
      "line": "Dddd",
    ]
    let values = facts.map { #""\#($0)":"\#($1)""# }.sorted().joined(separator: ",")
    let result = try TestHost(resources: files).instance(
      of: NeuralDecoder.self,
      config: #"{"model":"shop.gguf","prompt":"x","words":"shop.txt","slots":{},"candidates":24,"max_tokens":48}"#
    ).process(TestRequest(#"{"params":{"prompt":"\#(language) page:","slots":{\#(values)}}}"#, seed: 1))
    let texts = try PluginTests.candidates(result).map(\.text)
    #expect(texts.count > 3)
    func words(_ text: String) -> Set<String> {
      Set(text.split { !$0.isLetter && $0 != "-" && $0 != "'" }.map(String.init))
    }
    let known = try String(contentsOf: Self.folder.appendingPathComponent("shop.txt"), encoding: .utf8)
    // Chinese has words and slots side by side.
    let strange = texts.flatMap { text in
      var text = text
      for value in facts.values { text = text.replacingOccurrences(of: value, with: " ") }
      return words(text).subtracting(words(known.replacingOccurrences(of: "{", with: " ")))
    }
    #expect(strange.isEmpty, "\(strange)")
    #expect(texts.allSatisfy { !$0.contains { ("0"..."9").contains($0) || $0 == "{" } })
    // Each names the product, and most a detail of it.
    #expect(texts.allSatisfy { $0.contains("Aaaa") })
    #expect(texts.count { $0.contains("Eeee") } > texts.count / 2)
  }

  /// The model was made for 64 tokens: as many as a text may have unless the options say otherwise.
  @Test func aModelForShortTextsNeedsNoBudget() throws {
    let host = try TestHost(resources: [
      TestResource(
        kind: "model", name: "shop.gguf",
        bytes: Array(try Data(contentsOf: Self.folder.appendingPathComponent("shop.gguf"))))
    ])
    let written = try host.instance(of: NeuralDecoder.self, config: #"{"model":"shop.gguf","prompt":"x"}"#)
      .process(TestRequest(#"{"params":{"prompt":"en facts:"}}"#, seed: 1))
    #expect(try PluginTests.candidates(written).count == 4)
    let brief = TestRequest(
      #"{"params":{"prompt":"en page:"},"slots":{"stage":"{product}, {hook}. What we like: {highlight}."}}"#, seed: 1)
    let check = try host.instance(
      of: NeuralDecoder.self, config: #"{"model":"shop.gguf","prompt":"x","role":"check","min_score":-4}"#
    ).process(brief)
    #expect(check.failure?.code == .skip, "\(String(describing: check.failure))")
  }
}
