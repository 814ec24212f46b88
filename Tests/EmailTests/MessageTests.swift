import HostileFragments
import Markup
import PluginAPI
import PluginTesting
import Testing

@testable import Email

/// A message taken apart again, by the rules of RFC 2045 to 2047.
struct ReadMessage {
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var parts: [(type: String, content: String)] = []

  init(_ text: String) throws {
    // Swift takes CR LF for one character; the bytes are what counts.
    let bytes = Array(text.utf8)
    #expect(bytes.allSatisfy { $0 < 0x80 })
    #expect(!text.unicodeScalars.split(separator: "\n").dropLast().contains { $0.last != "\r" })
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).replacing("\r", with: "")
    }
    for line in lines { #expect(line.utf8.count <= 998) }
    let end = try #require(lines.firstIndex(of: ""))
    for line in lines[..<end] {
      if line.hasPrefix(" "), let last = headers.last {
        headers[headers.count - 1].value = last.value + line
      } else {
        let pieces = line.split(separator: ": ", maxSplits: 1).map(String.init)
        headers.append((pieces[0], pieces.count > 1 ? pieces[1] : ""))
      }
    }
    let boundary = try #require(self["Content-Type"].split(separator: "\"").dropFirst().first)
    var current: [String]?
    for line in lines[end...] {
      if line == "--\(boundary)" || line == "--\(boundary)--" {
        if let current { try add(current) }
        current = []
      } else {
        current?.append(line)
      }
    }
  }

  subscript(name: String) -> String { headers.first { $0.name == name }?.value ?? "" }

  private mutating func add(_ lines: [String]) throws {
    let end = try #require(lines.firstIndex(of: ""))
    let type = try #require(lines.first { $0.hasPrefix("Content-Type: ") }).dropFirst(14)
    let body = lines[(end + 1)...]
    if lines.contains("Content-Transfer-Encoding: base64") {
      for line in body { #expect(line.utf8.count <= 76) }
      parts.append((String(type), String(decoding: Self.base64(body.joined()), as: UTF8.self)))
    } else {
      for line in body { #expect(line.utf8.count <= 76) }
      parts.append((String(type), Self.quotedPrintable(body.joined(separator: "\n"))))
    }
  }

  static func base64(_ text: String) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bits: UInt32 = 0
    var count = 0
    var result: [UInt8] = []
    for byte in text.utf8 {
      guard let digit = alphabet.firstIndex(of: byte) else { continue }
      bits = bits << 6 | UInt32(digit)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return result
  }

  static func quotedPrintable(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "="), index + 1 < bytes.count {
        if bytes[index + 1] == 0x0A {
          index += 2
          continue
        }
        result.append(UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16) ?? 0)
        index += 3
        continue
      }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A header's text with its encoded words read.
  static func decoded(_ header: String) -> String {
    var result: [UInt8] = []
    for word in header.split(separator: " ") {
      let pieces = word.split(separator: "?", omittingEmptySubsequences: false)
      if pieces.count == 5, pieces[0] == "=", pieces[2] == "B" {
        #expect(word.utf8.count <= 75)
        let bytes = base64(String(pieces[3]))
        // No character is cut.
        #expect(String(validating: bytes, as: UTF8.self) != nil)
        result += bytes
      } else {
        result += Array((result.isEmpty ? "" : " ") + String(word)).flatMap { Array(String($0).utf8) }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

let plainTemplate =
  "<html><head><style>p{color:red}</style></head><body><p>Hello {{ profile.first_name }}</p></body></html>"

/// The message that a brief makes, with the options of a stage.
func message(
  _ template: String = plainTemplate, params: [String: String] = [:],
  brief: String = #""profile":{"first_name":"Ada"}"#,
  text: String? = nil, seed: UInt64 = 7
) throws -> TestResult {
  var resources = [TestResource(kind: "template", name: "mail.liquid", text: template)]
  if let text { resources.append(TestResource(kind: "template", name: "mail.txt.liquid", text: text)) }
  let host = try TestHost(resources: resources)
  let options = [
    "from": "Fernweh <news@shop.example>", "to": "ada@customers.example", "subject": "A tent",
    "unsubscribe_url": "https://shop.example/u/1",
  ].merging(params) { $1 }
  let json = options.map { #""\#($0.key)":\#(quoted($0.value))"# }.joined(separator: ",")
  let textOption = text == nil ? "" : #","text_template":"mail.txt.liquid""#
  let email = try host.instance(
    of: Email.self,
    config: #"{"template":"mail.liquid","from":"","to":"","subject":"","unsubscribe_url":""\#(textOption)}"#)
  return try email.process(
    TestRequest(#"{"locale":"de-DE","run_time":1772352000,"params":{\#(json)},\#(brief)}"#, seed: seed))
}

private func quoted(_ text: String) -> String {
  var bytes: [UInt8] = [0x22]
  Escaping.jsonString.append(text, to: &bytes)
  return String(decoding: bytes + [0x22], as: UTF8.self)
}

struct MessageTests {
  @Test func writesBothVersionsWithTheHeadersOfBulkMail() throws {
    let result = try message()
    let read = try ReadMessage(try #require(result.text))
    #expect(read["From"] == "Fernweh <news@shop.example>")
    #expect(read["To"] == "ada@customers.example")
    #expect(read["Subject"] == "A tent")
    #expect(read["Date"] == "Sun, 01 Mar 2026 08:00:00 +0000")
    #expect(read["Message-ID"].hasPrefix("<0000000000000007") && read["Message-ID"].hasSuffix("@shop.example>"))
    #expect(read["List-Unsubscribe"] == "<https://shop.example/u/1>")
    #expect(read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
    #expect(read["MIME-Version"] == "1.0")
    #expect(read["Content-Type"].hasPrefix("multipart/alternative;"))
    #expect(read.parts.map(\.type) == ["text/plain; charset=utf-8", "text/html; charset=utf-8"])
    #expect(read.parts[0].content == "Hello Ada\n")
    #expect(read.parts[1].content == #"<html><head></head><body><p style="color:red">Hello Ada</p></body></html>"#)
    #expect(result["plain"] == read.parts[0].content && result["html"] == read.parts[1].content)
  }

  @Test func optionsAndSchemaAgree() throws {
    // What holds Liquid is read from the brief's params.
    let rendered: Set<String> = [
      "from", "to", "reply_to", "subject", "preheader", "unsubscribe_url", "unsubscribe_to", "written_by", "values",
    ]
    #expect(try disagreements(between: Email.Config.self, and: Email.info.config, unread: rendered) == [])
  }

  @Test func sameBriefSameBytes() throws {
    #expect(try message().text == message().text)
    #expect(try message().text != message(seed: 8).text)
  }

  @Test(arguments: [
    "Zwei Zelte für drei Nächte", "背包已经准备好了，下一站去哪里？我们为你挑选了十件轻便又结实的装备", "👨‍👩‍👧 und 🏕️ " + String(repeating: "ü", count: 200),
    String(repeating: "long ", count: 60), "=?utf-8?B?x?=", "a", String(repeating: "x", count: 1200),
  ])
  func subjectsOfAnyLanguageComeBack(subject: String) throws {
    let read = try ReadMessage(try #require(try message(params: ["subject": subject]).text))
    let expected = subject.split(separator: " ").joined(separator: " ")
    #expect(ReadMessage.decoded(read["Subject"]).replacing(" ", with: "") == expected.replacing(" ", with: ""))
  }

  @Test(arguments: [
    "Hi\r\nBcc: all@shop.example", "Hi\nX: y", "Hi\rX: y", "Hi\u{0}x", "Hi\u{2028}Bcc: x",
    "\r\n\r\n<script>alert(1)</script>",
  ])
  func nothingInASubjectBecomesAHeader(subject: String) throws {
    let read = try ReadMessage(try #require(try message(params: ["subject": subject, "preheader": subject]).text))
    #expect(
      read.headers.map(\.name) == [
        "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
        "Content-Language", "Content-Type",
      ])
    #expect(read.parts.count == 2)
  }

  @Test(arguments: [
    "", "x", "a@b@c", "a b@c.example", "a@", "@b", "a@b..c", ".a@b.c", "a@b.c\r\nBcc: x@y.z", "a@ü.example",
    "<script>@x.y>",
    "\"a\"@b.c", "a@b.c, d@e.f", "x <a@b.c", "x <>", "=?utf-8?q?x?=@b.c",
  ])
  func whatIsNoAddressIsRefused(address: String) throws {
    let failure = try message(params: ["to": address]).failure
    #expect(failure?.code == .input && failure?.field == "to")
  }

  @Test(arguments: [
    ("Anna <anna@shop.example>", "Anna <anna@shop.example>"), ("a+b@shop.example", "a+b@shop.example"),
    ("\"Shop, Berlin\" <a@b.example>", "\"Shop, Berlin\" <a@b.example>"), ("<a@b.example>", "a@b.example"),
    ("Ü <a@b.example>", "=?utf-8?B?w5w=?= <a@b.example>"), ("a \"b\" c <a@b.example>", "\"a 'b' c\" <a@b.example>"),
  ])
  func namesOfMailboxesAreWrittenSafely(mailbox: String, header: String) throws {
    let read = try ReadMessage(try #require(try message(params: ["to": mailbox]).text))
    #expect(read["To"] == header)
  }

  @Test(arguments: [
    "\(String(repeating: "x", count: 60)), evil@x.example", "\\, evil@x.example, \\", "=?utf-8?q?a=2C?= b",
    "<evil@x.example>, \(String(repeating: "x ", count: 600))",
  ])
  func noNameAddsAnAddress(name: String) throws {
    let read = try ReadMessage(try #require(try message(params: ["to": "\(name) <a@b.example>"]).text))
    #expect(read["To"].hasSuffix(" <a@b.example>"))
    let words = read["To"].dropLast(" <a@b.example>".count)
    #expect(words.split(separator: " ").allSatisfy { $0.hasPrefix("=?utf-8?B?") && $0.hasSuffix("?=") })
    #expect(ReadMessage.decoded(String(words)).replacing(" ", with: "") == name.replacing(" ", with: ""))
  }

  @Test(arguments: [
    "", "http://shop.example/u", "javascript:alert(1)", "https://shop.example/ü", "https://s.example/>x",
    "https://s.example/a\r\nX: y", "https://s.example/\(String(repeating: "a", count: 1000))",
  ])
  func unsubscribingNeedsAnHTTPSAddress(url: String) throws {
    let failure = try message(params: ["unsubscribe_url": url]).failure
    #expect(failure?.code == .input && failure?.field == "unsubscribe_url")
  }

  @Test func optionalHeadersAreThereWhenAskedFor() throws {
    let params = ["reply_to": "help@shop.example", "unsubscribe_to": "out@shop.example", "preheader": "Read <me>"]
    let read = try ReadMessage(try #require(try message(params: params).text))
    #expect(read["Reply-To"] == "help@shop.example")
    #expect(read["List-Unsubscribe"] == "<https://shop.example/u/1>, <mailto:out@shop.example?subject=unsubscribe>")
    #expect(read.parts[1].content.contains("<body><div style=\"display:none;"))
    #expect(read.parts[1].content.contains(">Read &lt;me&gt;&#847;"))
    #expect(read.parts[0].content == "Hello Ada\n")
  }

  @Test func markupOfCataloguesIsSanitisedWhereATemplateAsksForIt() throws {
    let brief = #""product":{"description":"<p onclick=x>Warm <b>&amp;</b> dry<script>alert(1)</script></p>"}"#
    let template = "<html><body>{{ product.description | sanitise }}{{ product.description }}</body></html>"
    let html = try #require(try message(template, brief: brief)["html"])
    #expect(html.contains("<body><p>Warm <b>&amp;</b> dry</p>&lt;p onclick=x&gt;"))
  }

  @Test(arguments: XSSVectors.all)
  func nothingOfAVectorRunsInAMessage(vector: String) throws {
    let template = "<html><body>{{ product.name }}{{ product.name | sanitise }}<p>b</p></body></html>"
    let result = try message(
      template, params: ["subject": "x " + vector, "preheader": vector],
      brief: #""product":{"name":\#(quoted(vector))}"#)
    let read = try ReadMessage(try #require(result.text))
    #expect(read.headers.count == 10 && read.parts.count == 2)
    let html = read.parts[1].content
    let body = try #require(html.split(separator: "</div>", maxSplits: 1).last)
    let fragment = body.replacing("<html><body>", with: "").replacing("</body></html>", with: "")
    #expect(InertHTML(Array(fragment.utf8)).offences.isEmpty, "\(fragment)")
  }

  @Test func theTextVersionMayBeOnesOwn() throws {
    let result = try message(text: "Dear {{ profile.first_name }} & co.\n")
    #expect(result["plain"] == "Dear Ada & co.\n")
  }

  @Test func aBigMessageIsWarnedOf() throws {
    let big = "<html><body>\(String(repeating: "<p>words</p>", count: 9_000))</body></html>"
    let result = try message(big)
    #expect(result.notes.contains { $0.key == "warning" && $0.value.contains("above 100 kB") })
    #expect(result.notes.contains { $0.key == "html_bytes" && $0.value == "108026" })
    #expect(try message().notes.allSatisfy { $0.key != "warning" })
  }

  @Test func anyContentComesBackWhole() throws {
    let odd =
      "a=b \u{0}. From here.\n.dot\nFrom\n trailing \t\n" + String(repeating: "x", count: 300) + "ü👩‍👩‍👧背包\u{2028}\r\nend "
    let read = try ReadMessage(try #require(try message(text: odd).text))
    #expect(read.parts[0].content == odd.replacing("\r\n", with: "\n").replacing("\r", with: ""))
    let chinese = String(repeating: "背包已经准备好了。\n", count: 40)
    #expect(
      try ReadMessage(try #require(try message(text: chinese).text)).parts[0].content.replacing("\r\n", with: "\n")
        == chinese)
  }
}

struct TextVersionTests {
  @Test(arguments: [
    ("<p>One</p><p>Two</p>", "One\n\nTwo\n"), ("a<br>b", "a\nb\n"),
    ("<h1>Tents</h1>for   <b>two</b>!", "Tents\n\nfor two!\n"),
    ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
    ("<a href='https://s.example/a?b=1&amp;c=2'>all tents</a> now", "all tents <https://s.example/a?b=1&c=2> now\n"),
    ("<a href='https://s.example'>https://s.example</a>", "https://s.example\n"),
    ("<a href='https://s.example'><img src=x></a>b", "b\n"),
    ("<table><tr><td>Price</td><td>9 €</td></tr><tr><td>Size</td><td>M</td></tr></table>", "Price 9 €\nSize M\n"),
    ("<img src=a.png alt='A tent'>", "A tent\n"), ("<div style='display:none'>x<div>y</div></div>z", "z\n"),
    ("<div hidden>x</div>z", "z\n"),
    ("<style>p{}</style><title>t</title>a &amp; b &lt; c", "a & b < c\n"), ("<!--[if mso]>x<![endif]-->y", "y\n"),
    ("a<hr>b", "a\n\n----\n\nb\n"),
  ])
  func tellsWhatTheMessageSays(html: String, expected: String) throws {
    #expect(try message("<html><body>{% raw %}\(html){% endraw %}</body></html>")["plain"] == expected)
  }
}
