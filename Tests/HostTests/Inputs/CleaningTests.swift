import Testing

@testable import Host

/// What a function that copies text writes, and what it returns.
private func written<R>(_ text: String, _ write: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> R) -> (String, R) {
  var output = ByteBuffer()
  var text = text
  let result = text.withUTF8 { write($0, &output) }
  return (String(decoding: output.view, as: UTF8.self), result)
}

struct PriceTests {
  @Test(
    arguments: [
      ("69.71 gbp", "69.71", "GBP"), ("£40.00", "40.00", "GBP"), ("Rs. 379", "379", "INR"), ("Rs.379", "379", "INR"),
      ("1,299.00", "1299.00", nil), ("1.299,00 €", "1299.00", "EUR"), ("1 299,00 EUR", "1299.00", "EUR"),
      ("12,5", "12.5", nil), ("1,299", "1299", nil), ("0,299", "0.299", nil), ("1.299", "1.299", nil),
      ("1,234,567", "1234567", nil), ("1.234.567,89", "1234567.89", nil), ("$ 5", "5", "USD"), ("US$5", "5", "USD"),
      ("¥1200", "1200", nil), ("CHF 12'500.-", "12500", "CHF"), ("12,- €", "12", "EUR"), (".95", "0.95", nil),
      ("-5.00", "-5.00", nil), ("(5.00)", "-5.00", nil), ("1\u{A0}299\u{202F}€", "1299", "EUR"), ("元88", "88", "CNY"),
      ("kr 200", "200", nil), ("EUR 10", "10", "EUR"), ("12.50-", "-12.50", nil), ("$.99", "0.99", "USD"),
      ("12,34,567.50", "1234567.50", nil), ("1\u{2009}299", "1299", nil), ("–5", "-5", nil),
    ] as [(String, String, String?)])
  func readsAmountAndCurrency(text: String, amount: String, currency: String?) throws {
    var text = text
    let price = try #require(text.withUTF8 { PriceText($0) })
    #expect(written("") { price.amount.write(to: &$1) }.0 == amount)
    #expect(price.currency == currency)
  }

  @Test(arguments: [
    "", "free", "10 - 20", "from 5", "1.2.3,4,5", "5 kg", "£5 / $6", "1234567890123456789012", "abc 5 EUR",
  ])
  func whatIsNoPriceIsRefused(text: String) {
    var text = text
    #expect(text.withUTF8 { PriceText($0) }?.amount == nil)
  }

  @Test func theDecimalMarkMayBeStated() {
    var text = "1.299"
    let amount = text.withUTF8 { PriceText($0, decimalMark: UInt8(ascii: ","))?.amount }
    #expect(amount == Decimal("1299"))
  }
}

struct DecimalTests {
  @Test(arguments: [
    ("4995", "0.01", "49.95"), ("4900", "0.01", "49.00"), ("4995.0", "0.01", "49.95"), ("1", "0.001", "0.001"),
    ("-150", "0.1", "-15.0"), ("0.1", "3", "0.3"), ("1e3", "0.01", "10.00"), ("1.5e-2", "1", "0.015"),
    ("999999999999999", "100", "99999999999999900"),
  ])
  func scalesExactly(text: String, scale: String, product: String) throws {
    let factor = try #require(Decimal(scale))
    let result = try #require(Decimal(text)?.times(factor))
    #expect(written("") { result.write(to: &$1) }.0 == product)
  }

  @Test func refusesWhatItCannotHold() {
    #expect(Decimal("12345678901234567890") == nil)
    #expect(Decimal("1e41") == nil && Decimal("x") == nil && Decimal("-") == nil && Decimal("") == nil)
    #expect(Decimal("999999999999999999")?.times(Decimal("999999999") ?? Decimal()) == nil)
  }

  @Test func comparesAcrossScales() throws {
    let small = try #require(Decimal("-1.25"))
    let large = try #require(Decimal("0.5"))
    #expect(small < large && !(large < small) && !(large < large))
  }
}

struct SlugTests {
  @Test(arguments: [
    ("Grüße & Küsse", "1", "gruesse-kuesse-1"), ("Café «Ødegård»", "A/7", "cafe-odegard-a-7"),
    ("Women's  Boots -- Size 5", "B_1", "womens-boots-size-5-b-1"), ("轻便背包", "42", "42"), ("", "7", "7"),
    ("Cafe\u{301}", "1", "cafe-1"), ("../../etc/passwd", "..", "etc-passwd-"),
    ("Tent", "编号一", "tent-"), ("ŁÓDŹ œuvre ſ", "x", "lodz-oeuvre-s-x"),
  ])
  func isMadeOfNameAndID(name: String, id: String, expected: String) {
    var (name, id) = (name, id)
    let slug = name.withUTF8 { name in
      id.withUTF8 { id in written("") { Slug.append(name: name, id: id, to: &$1) }.0 }
    }
    if expected.hasSuffix("-") {
      #expect(slug.hasPrefix(expected) && slug.utf8.count == expected.utf8.count + 8)
    } else {
      #expect(slug == expected)
    }
    var copy = slug
    #expect(copy.withUTF8 { Slug.isSlug($0) })
  }

  @Test func staysWithinItsLengthAndTellsIDsApart() {
    func slug(_ name: String, _ id: String) -> String {
      var (name, id) = (name, id)
      return name.withUTF8 { name in
        id.withUTF8 { id in written("") { Slug.append(name: name, id: id, to: &$1) }.0 }
      }
    }
    let long = String(repeating: "very-long name ", count: 40)
    #expect(slug(long, "123").utf8.count <= 80 && slug(long, "123").hasSuffix("-123"))
    #expect(slug("Tent", "编号一") != slug("Tent", "编号二"))
    let ids = [String(repeating: "a", count: 90) + "1", String(repeating: "a", count: 90) + "2"]
    #expect(slug(long, ids[0]) != slug(long, ids[1]) && slug(long, ids[0]).utf8.count <= 80)
  }
}

struct GTINTests {
  @Test(arguments: [
    ("4006381333931", GTIN.Reading.right("4006381333931")), ("96385074", .right("96385074")),
    ("036000291452", .right("036000291452")), ("4006-3813 33931", .right("4006381333931")),
    ("36000291452", .padded("036000291452")), ("4006381333932", .wrongCheckDigit), ("12345", .wrongCheckDigit),
    ("0000000000000", .wrongCheckDigit), ("4.00638E+12", .wrongCheckDigit), ("", .wrongCheckDigit),
  ])
  func checksTheDigit(text: String, reading: GTIN.Reading) {
    var text = text
    #expect(text.withUTF8 { GTIN.read($0) } == reading)
  }
}

struct HTMLTextTests {
  @Test(arguments: [
    ("a<b>c</b>d", "acd"), ("5 < 6 > 4", "5 < 6 > 4"), ("<p>a</p><p>b</p>", "a\nb\n"), ("x<br/>y", "x\ny"),
    ("<a title=\"1 > 0\" href='x'>t</a>", "t"), ("<script>alert('<b>')</script>z", "z"), ("a<!-- b > c -->d", "ad"),
    ("unclosed <b", "unclosed <b"), ("<style>p{}", ""), ("a]]>b", "a]]>b"), ("</div>x", "x"), ("<3", "<3"),
    ("<<b>x</b>", "<x"),
  ])
  func dropsTags(html: String, text: String) {
    #expect(written(html, HTMLText.stripTags).0 == text)
  }

  @Test(arguments: [
    ("&lt;b&gt; &amp;amp;", "<b> &amp;"), ("&#8364;&#x20ac;&euro;", "€€€"), ("&nope; & &;", "&nope; & &;"),
    ("&#0;&#xD800;", "&#0;&#xD800;"), ("&#150;", "–"), ("&uuml;&yuml;&nbsp;", "üÿ\u{A0}"), ("R&D", "R&D"),
  ])
  func replacesReferences(html: String, text: String) {
    #expect(written(html, HTMLText.decodeEntities).0 == text)
  }
}

struct MojibakeTests {
  @Test(arguments: ["£40", "Café — “naïve” 5€", "轻便 🎒", "plain", "Â £", "é à la carte"])
  func isUndone(text: String) {
    let broken = String(
      String.UnicodeScalarView(text.utf8.map { Windows1252.scalar($0) }))
    guard !broken.unicodeScalars.contains("\u{FFFD}") else { return }
    #expect(written(broken, Mojibake.repair) == (text, broken != text))
    #expect(written(text, Mojibake.repair).0 == text, "right text stays")
  }
}

struct BlanksTests {
  @Test(arguments: [
    ("a b", "a b"), (" a", "a"), ("a\u{A0}", "a"), ("a  b\t\nc", "a b c"), ("a\u{A0}b\u{3000}c\u{2028}d", "a b c d"),
    ("\u{FEFF}a\u{0}b\u{1}", "ab"), (" \u{A0} ", ""), ("👩\u{200D}🔧", "👩\u{200D}🔧"),
  ])
  func namesAreCleaned(text: String, clean: String) {
    #expect(written(text, Blanks.cleanLabel).0 == clean)
    var (text, clean) = (text, clean)
    #expect(text.withUTF8 { Blanks.isCleanLabel($0) } == (text == clean))
    #expect(clean.withUTF8 { Blanks.isCleanLabel($0) })
  }

  @Test(arguments: [
    ("a  b\n\tc", "a  b\n\tc"), ("a\r\nb\rc", "a\nb\nc"), ("\n a\n", "a"),
    ("long enough to use words\u{1}", "long enough to use words"),
    ("twelve bytes\u{7F} and more\u{0}", "twelve bytes and more"),
  ])
  func proseKeepsItsLines(text: String, clean: String) {
    #expect(written(text, Blanks.cleanProse).0 == clean)
    var (text, clean) = (text, clean)
    #expect(text.withUTF8 { Blanks.isCleanProse($0) } == (text == clean))
    #expect(clean.withUTF8 { Blanks.isCleanProse($0) })
  }
}

struct UTF8TextTests {
  @Test func agreesWithTheStandardLibrary() {
    var random = SeededBytes(seed: 7)
    for round in 0..<4000 {
      let bytes = random.mixture(count: round % 70)
      let valid = String(validating: bytes, as: UTF8.self) != nil
      #expect(bytes.withUnsafeBufferPointer { UTF8Check.isValid($0) } == valid, "\(bytes)")
    }
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5],
      [0xC3], [0xE2, 0x82], [0x80],
    ] as [[UInt8]])
  func refusesWhatUnicodeForbids(bytes: [UInt8]) {
    #expect(!bytes.withUnsafeBufferPointer { UTF8Check.isValid($0) })
    let behindText = Array("twelve bytes".utf8) + bytes
    #expect(behindText.withUnsafeBufferPointer { UTF8Check.validPrefix(of: $0) } == 12)
  }
}
