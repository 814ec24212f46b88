import Markup
import Testing

struct XMLWriterTests {
  @Test func writesElementsAttributesAndText() {
    var writer = XMLWriter()
    writer.declaration()
    writer.begin("a")
    writer.attribute("b", "1 < 2")
    writer.begin("empty")
    writer.end()
    writer.lineBreak()
    writer.element("c", "x & y")
    writer.element("d", cdata: "]]>")
    writer.end()
    #expect(
      writer.bytes.withBytes { $0.string } == """
        <?xml version="1.0" encoding="UTF-8"?>
        <a b="1 &lt; 2"><empty/>
        <c>x &amp; y</c><d><![CDATA[]]]]><![CDATA[>]]></d></a>
        """)
  }

  @Test func aParserReadsBackWhateverWasWritten() throws {
    var hostile = HostileText(seed: 11)
    for _ in 0..<3_000 {
      let bytes = hostile.next()
      var writer = XMLWriter()
      writer.begin("r")
      writer.attribute("a", bytes)
      writer.text(bytes)
      writer.end()
      let expected = String(xmlHoldable: bytes)
      let read = try #require(ParsedXML(writer.bytes), "\(bytes)")
      #expect(read.text.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(bytes)")
      #expect(read.attribute.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(bytes)")
      try XMLCheck.text(writer.bytes, named: "random")
    }
  }

  @Test func aParserReadsBackWhateverWasWrittenAsCDATA() throws {
    var hostile = HostileText(seed: 12)
    for _ in 0..<3_000 {
      let bytes = hostile.next()
      var writer = XMLWriter()
      writer.element("r", cdata: bytes)
      let read = try #require(ParsedXML(writer.bytes), "\(bytes)")
      let expected = String(xmlHoldable: bytes).withFoldedLineEnds
      #expect(read.text.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(bytes)")
    }
  }

  @Test func countsWhatItCouldNotKeep() {
    var writer = XMLWriter()
    writer.element("a", "x\u{B}y")
    writer.element("a", cdata: [0x41, 0xFF])
    #expect(writer.lost == 2)
  }
}
