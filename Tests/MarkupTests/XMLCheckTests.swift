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
}
