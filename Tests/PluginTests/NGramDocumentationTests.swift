import Foundation
import NGramModel
import PluginTesting
import Testing

/// What docs/ngram.md shows is what the models of the demo shop write.
struct NGramDocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The first code block behind a line.
  private func block(after heading: String) throws -> [String] {
    let text = try String(contentsOf: Self.root.appendingPathComponent("docs/ngram.md"), encoding: .utf8)
    let lines = text.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: heading))
    let opening = try #require(lines[start...].firstIndex(of: "```"))
    return Array(lines[(opening + 1)...].prefix { $0 != "```" })
  }

  @Test(arguments: ["en-US", "de-DE", "zh-CN"])
  func showsTheFirstTwentySentencesOfSeedOne(locale: String) throws {
    let model = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).ngram")
    defer { try? FileManager.default.removeItem(at: model) }
    let host = try TestHost()
    let options = locale == "en-US" ? "" : #","locale":"\#(locale)""#
    _ = try host.train(
      NGramPlugin.self, config: #"{"fields":["tagline"]\#(options)}"#,
      inputs: [Self.root.appendingPathComponent("Examples/shop/products.jsonl").path], output: model.path)
    let answer = try host.inspect(
      NGramPlugin.self, config: #"{"write":20,"min_words":7,"longest_copied_run":10}"#,
      bytes: Array(try Data(contentsOf: model)))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
    let written = try #require(json["written"] as? [[String: Any]]).compactMap { $0["text"] as? String }
    #expect(written.count == 20)
    #expect(written == (try block(after: "\(locale):")))
  }
}
