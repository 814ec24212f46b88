import Core
import Markup
import Testing

struct EscapingTests {
  @Test(arguments: [
    (Escaping.htmlText, "a<b> & \"c\" 'd'", "a&lt;b&gt; &amp; \"c\" 'd'"),
    (.htmlText, "a\u{0}\u{B}\u{7F}\u{85}b\tc\n", "ab\tc\n"),
    (.htmlText, "\u{FFFE}\u{1FFFF}背👨‍👩‍👧", "\u{FFFD}\u{FFFD}背👨‍👩‍👧"),
    (.htmlAttribute, "\"a' onx=<&>", "&quot;a&#39; onx=&lt;&amp;&gt;"),
    (.xmlText, "a\u{0}\u{B}]]>\u{7F}\u{FFFF}\r\n", "a]]&gt;\u{7F}\u{FFFD}&#13;\n"),
    (.xmlAttribute, "a\"b'\t\n<", "a&quot;b'&#9;&#10;&lt;"),
    (.cdata, "a]]>b]]>]]>", "<![CDATA[a]]]]><![CDATA[>b]]]]><![CDATA[>]]]]><![CDATA[>]]>"),
    (.cdata, "]]\u{B}>", "<![CDATA[]]]]><![CDATA[>]]>"),
    (.cdata, ">]]", "<![CDATA[>]]]]>"),
    (.jsonString, "\"\\/\u{8}\u{C}\n\r\t\u{1}</script>\u{2028}", "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001</script>\u{2028}"),
    (
      .scriptJSON, "</script><!-- & \u{2028}\u{2029}]]>",
      "\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029]]\\u003e"
    ),
    (.scriptJSON, "\u{7F}\u{85}\u{FFFE}\u{1FFFF}背", "\\u007f\\u0085\\ufffe\\ud83f\\udfff背"),
    (.urlPath, "/de-DE/Zelt für 2?#%20.html", "/de-DE/Zelt%20f%C3%BCr%202%3F%23%2520.html"),
    (.url, "https://a.example/ü x?q=%20&p=50%#\"<>", "https://a.example/%C3%BC%20x?q=%20&p=50%25#%22%3C%3E"),
  ])
  func writesTextInert(escaping: Escaping, text: String, expected: String) {
    #expect(escaping.escaped(text).withBytes { $0.string } == expected)
  }

  @Test func countsWhatCouldNotBeKept() {
    var output: [UInt8] = []
    #expect(Escaping.xmlText.append("a\u{B}b\u{1}", to: &output) == 2)
    #expect(Escaping.xmlText.append([0xFF, 0xC3, 0x28], to: &output) == 2)
    #expect(Escaping.xmlText.append("plain & <b>", to: &output) == 0)
  }

  @Test(arguments: Escaping.allCases.filter { $0 != .url && $0 != .urlPath })
  func illFormedSequencesBecomeAsManyReplacementsAsInSwift(escaping: Escaping) {
    var random = SeededRandom(seed: 7)
    let lead: [UInt8] = [
      0xC2, 0xE0, 0xE4, 0xE8, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0x80, 0xBF, 0xA0, 0x90, 0x41, 0xC0,
    ]
    for _ in 0..<4_000 {
      let bytes = (0..<12).compactMap { _ in lead.randomElement(using: &random) }
      let expected = String(decoding: bytes, as: UTF8.self)
      #expect(escaping.escaped(bytes) == escaping.escaped(expected), "\(bytes)")
    }
  }
}
