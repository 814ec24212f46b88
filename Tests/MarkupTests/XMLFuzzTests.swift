import CLibXML2
import Core
import Markup
import Testing

/// The check of XML beside libxml2's own reader, on texts that were broken at random.
struct XMLFuzzTests {
  private static let seeds = [
    "<a b=\"c\">d</a>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><item/></channel></rss>",
    "<a><![CDATA[<b>]]]]><![CDATA[>]]></a>", "<a xmlns:g=\"urn:g\"><g:b>&amp;&#x4e00;&lt;</g:b><!-- c --><?p i?></a>",
    "<背包 属性=\"值\">\u{1F392}</背包>",
    "<a>" + String(repeating: "<b>", count: 40) + String(repeating: "</b>", count: 40) + "</a>",
  ]

  private static let pieces: [[UInt8]] =
    [
      "<", ">", "&", "]]>", "<![CDATA[", "<!--", "-->", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<!ENTITY", "&b;", "\"",
      "'", "/", "=",
      "xmlns:g=\"\"", "g:", "<?xml?>", "\u{0}", "\u{B}", "\u{FFFE}", "&#0;", "&#xD800;", "%", " ", "a",
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF]]

  @Test(arguments: 1...8)
  func agreesWithTheReaderOfTheSameLibrary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<300 {
      var text = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        case 1 where place < text.count: text.remove(at: place)
        default: if place < text.count { text[place] = UInt8.random(in: 0...255, using: &random) }
        }
      }
      let passes = passesCheck(text)
      let isRead = ParsedXML(text) != nil
      // The check is stricter where the reader goes on: a DOCTYPE, a prefix that nobody has bound.
      #expect(!passes || isRead, "\(String(decoding: text, as: UTF8.self))")
      if isRead, !passes {
        let words = String(decoding: text, as: UTF8.self)
        #expect(words.contains("<!DOCTYPE") || words.contains(":"), "\(words)")
      }
    }
  }

  private func passesCheck(_ text: [UInt8]) -> Bool {
    do throws(Diagnostic) {
      try XMLCheck.text(text, named: "fuzz.xml")
      return true
    } catch {
      return false
    }
  }
}
