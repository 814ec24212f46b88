import Foundation
import Testing

@testable import NGramModel

/// The copy of the demo shop, taken apart and put together again in each of its locales.
struct ShopRoundTripTests {
  private static let catalogue = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Examples/shop/products.jsonl")

  private func sentences(_ locale: String) throws -> [String] {
    let copy = CatalogueCopy(
      fields: ["tagline", "description", "highlights"], locale: locale == "en-US" ? nil : locale)
    return try String(contentsOf: Self.catalogue, encoding: .utf8).split(separator: "\n").flatMap {
      try copy.sentences(String($0))
    }
  }

  @Test(arguments: ["en-US", "de-DE", "zh-CN"])
  func everySentenceComesBackAsItWas(locale: String) throws {
    let sentences = try sentences(locale)
    #expect(sentences.count > 1000)
    for sentence in sentences {
      let text = Detokeniser().text(Tokeniser().tokens(sentence))
      if text != sentence { Issue.record("'\(sentence)' came back as '\(text)'") }
    }
  }

  /// Words are learnt without the capital letters of beginnings, which come back when copy is shown.
  @Test(arguments: ["en-US", "de-DE", "zh-CN"])
  func theCapitalLettersOfBeginningsComeBack(locale: String) throws {
    let sentences = try sentences(locale)
    let tokens = sentences.map { Tokeniser().tokens($0) }
    var casing = Casing()
    for line in tokens { casing.learn(line) }
    let detokeniser = Detokeniser(capitalises: casing.capitalises)
    var changed = 0
    for (line, sentence) in zip(tokens, sentences) {
      let shown = detokeniser.text(casing.restored(line, capitalises: casing.capitalises))
      // What began with a small letter, against the manner of the shop, is put right; nothing else changes.
      if shown == sentence { continue }
      #expect(shown.lowercased() == sentence.lowercased())
      changed += 1
    }
    #expect(casing.capitalises && changed * 100 < sentences.count)
  }
}
