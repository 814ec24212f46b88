import Core
import Email
import Foundation
import Markup
import PluginAPI
import PluginTesting
import Testing

/// The demo shop's letter in its three languages, held to what Outlook reads.
struct DemoMailTests {
  private static let templates = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Templates")

  private func letter(_ locale: String, product: String = #""name":"Fennrick 22","image":"images/PK.png""#) throws
    -> TestResult
  {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.templates.path())
      .filter { $0.hasSuffix(".liquid") || $0.hasSuffix(".json") }
    let host = try TestHost(
      resources: names.map {
        TestResource(
          kind: "template", name: $0,
          text: try String(contentsOf: Self.templates.appending(path: $0), encoding: .utf8))
      })
    let email = try host.instance(
      of: Email.self,
      config: #"{"template":"mail/letter.liquid","from":"","to":"","subject":"","unsubscribe_url":""}"#)
    let other = #"{"id":"b","name":"Other","price":10,"currency":"EUR","url":"https://shop.example/b"}"#
    return try email.process(
      TestRequest(
        #"""
        {"locale":"\#(locale)","run_time":1772352000,"site":{"name":"Fernweh","base_url":"https://shop.example",
        "organisation":"Fernweh GmbH","currency":"EUR"},"slots":{"teaser":"Room for lunch."},
        "profile":{"id":"p1","first_name":"Ada","email":"ada@customers.example","orders":4,"consent":{"personalise":true}},
        "products":[{"id":"a",\#(product),"price":79.9,"sale_price":60,"currency":"EUR","brand":"Nordlicht",
        "url":"https://shop.example/a"},\#(other)],
        "params":{"from":"Fernweh <news@shop.example>","to":"Ada <ada@customers.example>","subject":"Für dich",
        "preheader":"Look","unsubscribe_url":"https://shop.example/u/p1","written_by":"algorithm"}}
        """#))
  }

  @Test(arguments: ["en-US", "de-DE", "zh-CN"])
  func usesOnlyWhatOutlookReads(locale: String) throws {
    let result = try letter(locale)
    let html = try #require(result["html"], "\(String(describing: result.failure))")
    #expect(html.withBytes { OutlookSupport.problems(in: $0) } == [])
    #expect(html.contains("<!--[if mso]>") && html.contains("role=\"presentation\""))
    #expect(html.contains("lang=\"\(locale)\"") && html.contains("prefers-color-scheme:dark"))
    #expect(html.utf8.count < 30_000)
    // Everything but rules for states is written into the elements.
    #expect(!html.contains(".card{max-width") && html.contains("max-width:600px"))
    let read = try ReadMessage(try #require(result.text))
    #expect(read.parts.count == 2 && ReadMessage.decoded(read["Subject"]) == "Für dich")
    #expect(read.parts[0].content.contains("<https://shop.example/u/p1>"))
    #expect(!read.parts[0].content.contains("{"))
  }

  @Test func unknownLayoutsAreFound() {
    let html =
      "<div style='display:flex;position:absolute;background:url(x)'><video></video></div><style>p{float:left}</style>"
    #expect(
      html.withBytes { OutlookSupport.problems(in: $0) } == [
        "display 'flex'", "property 'position'", "'url(' in 'background'", "element 'video'",
        "'float' in a style element",
      ])
  }

  @Test func hostileNamesStayText() throws {
    let name = #""name":"</td><script>alert(1)</script>\r\nBcc: x\u0000","image":"javascript:alert(1)""#
    let result = try letter("en-US", product: name)
    let html = try #require(result["html"])
    #expect(!html.contains("<script") && !html.contains("src=\"javascript"))
    #expect(try ReadMessage(try #require(result.text)).headers.count == 10)
  }
}
