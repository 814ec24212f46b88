import Core
import Testing

struct DiagnosticTests {
  @Test func showsPlaceExcerptCaretAndHelp() {
    let diagnostic = Diagnostic(
      "unknown filter", "'upcse' is not a filter",
      at: SourceLocation(file: "Templates/page.liquid", line: 12, column: 11), excerpt: "<h1>{{ a | upcse }}</h1>",
      help: "did you mean 'upcase'?")
    #expect(
      diagnostic.description == """
        unknown filter: 'upcse' is not a filter (in Templates/page.liquid:12:11)
          12 | <h1>{{ a | upcse }}</h1>
             |           ^ help: did you mean 'upcase'?
        """)
  }

  @Test func longLinesAreCutAroundTheCaret() {
    let line = String(repeating: "x", count: 5000)
    let text = Diagnostic("k", "d", at: SourceLocation(file: "f", line: 1, column: 3000), excerpt: line).description
    #expect(text.count < 300)
  }

  @Test func columnsCountCodePoints() {
    var source = "a\nüb{"
    let place = source.withUTF8 { SourceLocation(file: "f", source: $0, offset: 5) }
    #expect(place == SourceLocation(file: "f", line: 2, column: 3))
  }

  @Test(
    arguments: [
      ("upcse", "upcase"), ("tempalte", "template"), ("zzz", nil), ("templat", "template"), ("", nil),
    ] as [(String, String?)])
  func offersTheNearestName(found: String, expected: String?) {
    #expect(nearestName(to: found, among: ["upcase", "template", "downcase"]) == expected)
  }
}

struct SeedTests {
  @Test func theSameSeedGivesTheSameNumbers() {
    var one = SeededRandom(seed: 7)
    var two = SeededRandom(seed: 7)
    var other = SeededRandom(seed: 8)
    let numbers = (0..<100).map { _ in one.next() }
    #expect(numbers == (0..<100).map { _ in two.next() })
    #expect(numbers != (0..<100).map { _ in other.next() })
  }

  @Test func hashesTellPartsApart() {
    func hash(_ parts: String...) -> UInt64 {
      var hash = SeedHash(1)
      for part in parts { hash.combine(part) }
      return hash.value
    }
    #expect(hash("ab", "c") != hash("a", "bc"))
    #expect(hash("a", "b") != hash("b", "a"))
    #expect(hash("", "") != hash(""))
  }
}
