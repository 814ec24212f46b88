import Core
import Markup
import Testing

struct XMLCheckTests {
  @Test(arguments: ["<a/>", "<?xml version=\"1.0\"?>\n<a b='1'>&amp;<![CDATA[<]]></a>\n", "<x:a xmlns:x='urn:x'/>"])
  func acceptsWellFormedText(text: String) throws {
    try XMLCheck.text(text, named: "a.xml")
  }

  @Test(arguments: [
    ("<a>\n  <b>\n</a>", 3), ("", 1), ("<a", 1), ("<a/><b/>", 1), ("<a>\n&eacute;</a>", 2), ("<a>]]></a>", 1),
    ("<a>\n\n\u{B}</a>", 3), ("<a b='1' b='2'/>", 1), ("<a>&#0;</a>", 1), ("text", 1), ("<x:a/>", 1),
  ])
  func namesTheLineOfAFault(text: String, line: Int) {
    let error = #expect(throws: Diagnostic.self) { try XMLCheck.text(text, named: "a.xml") }
    #expect(error?.kind == "malformed xml")
    #expect(error?.location?.file == "a.xml")
    #expect(error?.location?.line == line)
  }

  @Test func showsTheLineWithACaret() {
    let error = #expect(throws: Diagnostic.self) { try XMLCheck.text("<a>\n<b>x</c>\n</a>", named: "a.xml") }
    #expect(
      error?.description == """
        malformed xml: opening and ending tag mismatch: b line 2 and c (in a.xml:2:9)
          2 | <b>x</c>
            |         ^
        """)
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: Diagnostic.self) { try XMLCheck.text(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8), named: "a") }
  }

  @Test(arguments: [
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>",
    "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>",
  ])
  func refusesEveryDoctype(text: String) {
    let error = #expect(throws: Diagnostic.self) { try XMLCheck.text(text, named: "a.xml") }
    #expect(error?.kind == "unsafe xml")
  }

  @Test func acceptsLongTexts() throws {
    try XMLCheck.text("<a>\(String(repeating: "word ", count: 4_000_000))</a>", named: "a.xml")
    try XMLCheck.text("<a><![CDATA[\(String(repeating: "word ", count: 1_600_000))]]></a>", named: "a.xml")
  }

  @Test(arguments: [
    "<a><![CDATA[\(String(repeating: "word ", count: 2_200_000))]]></a>",
    "<a b='\(String(repeating: "word ", count: 2_200_000))'/>",
  ])
  func keepsTheLimitsOfTheLibrary(text: String) {
    #expect(throws: Diagnostic.self) { try XMLCheck.text(text, named: "a.xml") }
  }

  @Test func aMissingFileIsADiagnostic() {
    let error = #expect(throws: Diagnostic.self) { try XMLCheck.file(at: "/nonexistent/a.xml", named: "a.xml") }
    #expect(error?.description == "cannot read file: 'a.xml': No such file or directory")
  }

  @Test func agreesWithTheTreeParserOnRandomText() {
    let pieces = [
      "<a>", "</a>", "<b x='1'>", "</b>", "<c/>", "text", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--", "-->", "<?p d?>",
      "<?xml version='1.0'?>", "\u{B}", "<", ">", "\n", "背", " ", "<d", "'", "/>",
    ]
    var random = SeededRandom(seed: 17)
    var accepted = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...5, using: &random)
      let inside = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      let text = Bool.random(using: &random) ? "<r>\(inside)</r>" : inside
      let isAccepted = (try? XMLCheck.text(text, named: "random")) != nil
      #expect(isAccepted == (ParsedXML(Array(text.utf8)) != nil), "\(text)")
      if isAccepted { accepted += 1 }
    }
    #expect(1_000..<19_000 ~= accepted)
  }

  @Test func checksOnSeveralThreadsAtOnce() async {
    let good = "<a>\(String(repeating: "<b c='d'>text &amp; more</b>\n", count: 500))</a>"
    await withTaskGroup(of: [Int?].self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<50).map { index in
            let text = index % 2 == 0 ? good : good.replacing(line: index)
            do throws(Diagnostic) {
              try XMLCheck.text(text, named: "a.xml")
              return nil
            } catch {
              return error.location?.line
            }
          }
        }
      }
      for await lines in group { #expect(lines == (0..<50).map { $0 % 2 == 0 ? nil : $0 }) }
    }
  }
}

extension String {
  /// The text with one line made malformed.
  fileprivate func replacing(line number: Int) -> String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[number - 1] += "&nothing;"
    return lines.joined(separator: "\n")
  }
}
