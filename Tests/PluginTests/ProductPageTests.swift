import PluginAPI
import PluginTesting
import Testing

@testable import ProductPage

struct ProductPageTests {
  private static let brief: TestRequest = #"""
    {"product":{"id":"p1","name":"Mug <big>","description":"Holds tea."},"locale":"en-GB",
     "site":{"name":"Shop","base_url":"https://shop.example"},"asset":{"path":"mug.html"}}
    """#

  private func page(_ options: String = "", body: String? = nil) throws -> TestInstance {
    var resources = [
      TestResource(
        kind: "template", name: "page.liquid",
        text: "<!doctype html><html><head>{{ head }}</head><body>{{ product.name }}</body></html>")
    ]
    if let body { resources.append(TestResource(kind: "template", name: "body.liquid", text: body)) }
    return try TestHost(resources: resources)
      .instance(of: ProductPage.self, config: #"{"template":"page.liquid"\#(options)}"#)
  }

  @Test func theHeadIsTheHostsAndTheBodyTheTemplates() throws {
    let text = try #require(try page().process(Self.brief).text)
    #expect(text.contains("<title>Mug &lt;big&gt; | Shop</title>"))
    #expect(text.contains(#""@type":"Product""#))
    #expect(text.hasSuffix("<body>Mug &lt;big&gt;</body></html>"))
  }

  @Test func theFragmentIsWrittenOnlyWhereItIsAskedFor() throws {
    #expect(try page().process(Self.brief)["body"] == nil)
    let result = try page(#","body_template":"body.liquid""#, body: "<p>{{ product.description }}</p>")
      .process(Self.brief)
    #expect(result["body"] == "<p>Holds tea.</p>")
  }

  @Test func textByAMachineIsMarked() throws {
    #expect(try page().process(Self.brief).text?.contains("trainedAlgorithmicMedia") == false)
    let marked = try page(#","written_by":"trained_model""#).process(Self.brief).text
    #expect(marked?.contains("trainedAlgorithmicMedia") == true)
  }

  @Test func recommendedProductsAreListedOnProductPagesAndOnLandingPages() throws {
    let others = #"""
      "products":[{"id":"p1","name":"Mug","url":"https://shop.example/mug"},
        {"id":"p2","name":"Jug","url":"https://shop.example/jug","image":"images/jug.png"}],
      "locale":"en-GB","site":{"name":"Shop","base_url":"https://shop.example","default_locale":"en-GB"},
      "params":{"title":"For newcomers"},"asset":{"url":"https://shop.example/x","alternates":[
        {"locale":"en-GB","url":"https://shop.example/x"},{"locale":"de-DE","url":"https://shop.example/y"}]}
      """#
    let jug = #"{"@type":"ListItem","position":1,"name":"Jug","url":"https://shop.example/jug"}"#
    let product = try #require(
      try page().process(TestRequest(#"{"product":{"id":"p1","name":"Mug"},"# + others + "}")).text)
    #expect(product.contains(#"{"@type":"ItemList","itemListElement":[\#(jug)]}"#))

    let landing = try #require(try page().process(TestRequest("{" + others + "}")).text)
    #expect(landing.contains(#""position":2,"name":"Jug""#) && !landing.contains(#""@type":"Product""#))
    #expect(landing.contains("<title>For newcomers | Shop</title>"))
    for (language, url) in [("en-GB", "x"), ("de-DE", "y"), ("x-default", "x")] {
      #expect(landing.contains(#"<link rel="alternate" hreflang="\#(language)" href="https://shop.example/\#(url)">"#))
    }
  }

  @Test func offersTellTheTermsOfTheOptions() throws {
    let options =
      #","shipping":[{"country":"de","price":4.9,"transit_days":[2,4]}],"returns":{"country":"DE","days":30}"#
    let brief: TestRequest = #"{"product":{"id":"p1","name":"Mug","price":5,"currency":"EUR"},"locale":"en-GB"}"#
    let text = try #require(try page(options).process(brief).text)
    #expect(text.contains(#""addressCountry":"DE"},"deliveryTime":{"@type":"ShippingDeliveryTime","transitTime":{"#))
    #expect(text.contains(#""value":"4.90""#) && text.contains(#""merchantReturnDays":30"#))
    #expect(!text.contains("returnFees"))
    let backwards = #","shipping":[{"country":"DE","price":4.9,"transit_days":[4,2]}]"#
    #expect(throws: (any Error).self) { try page(backwards) }
  }

  @Test func optionsAndSchemaAgree() throws {
    // What holds Liquid is read from the brief's params.
    #expect(
      try disagreements(
        between: ProductPage.Config.self, and: ProductPage.info.config, unread: ["title", "description", "values"])
        == [])
  }
}
