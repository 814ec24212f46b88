import Core
import Foundation
import Liquid
import Testing

/// Runs the examples of `docs/templates.md`: each block `liquid` and the block behind it, which is what it prints.
struct GuideTests {
  struct Example: Sendable, CustomStringConvertible {
    var template: String
    var locale: String
    var output: String
    var description: String { template }
  }

  static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs")

  static let examples: [Example] = {
    let text = (try? String(contentsOf: docs.appendingPathComponent("templates.md"), encoding: .utf8)) ?? ""
    // Fences alternate: even pieces are prose, odd ones are blocks.
    let pieces = text.components(separatedBy: "```")
    return stride(from: 1, to: pieces.count, by: 2).compactMap { index in
      guard pieces[index].hasPrefix("liquid"), index + 2 < pieces.count else { return nil }
      let lines = pieces[index].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let words = lines[0].split(separator: " ")
      return Example(
        template: lines.count > 1 ? String(lines[1].dropLast()) : "",
        locale: words.count > 1 ? String(words[1]) : "en-US",
        output: String(pieces[index + 2].dropFirst().dropLast()))
    }
  }()

  @Test func thereAreExamples() { #expect(Self.examples.count >= 9) }

  @Test(arguments: examples)
  func examplesPrintWhatTheGuideSays(example: Example) throws {
    let data = """
      {"profile": {"first_name": "Ida"}, "product": {"id": "TN-007", "name": "Hollow Fell 2", "price": 289.90, "stock": 3,
       "highlights": ["Stands in a minute", "1.9 kg"]}}
      """
    let partials = [
      "snippets/price.liquid": "{{ product.price | money }} incl. VAT",
      "page.liquid": "<main>{% block main %}{% endblock %}</main>",
      "locales/en.json": #"{ "cart": { "one": "{{ count }} item", "other": "{{ count }} items" } }"#,
    ]
    let output = try render(example.template, data, partials: partials) {
      $0.locale = example.locale
      $0.currency = "EUR"
    }
    let shown = output.replacingOccurrences(of: "\u{A0}", with: " ")
    #expect(shown.trimmingCharacters(in: .newlines) == example.output.trimmingCharacters(in: .newlines))
  }

  @Test func theReferenceIsUpToDate() throws {
    let file = Self.docs.appendingPathComponent("liquid-reference.md")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      return try LiquidReference.markdown().write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == LiquidReference.markdown(), "run 'make record'")
  }
}
