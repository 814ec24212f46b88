import Core
import Markup
import Testing

/// Text that lives as long as the tests run.
private func text(_ text: StaticString) -> Bytes { Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount) }

private func page() -> PageMarkup {
  var page = PageMarkup()
  page.name = text("Alpine </script> tent")
  page.url = text("https://s.example/zelt/ü")
  page.locale = text("de-DE")
  page.source = .trainedModel
  page.product = tent()
  page.recommendations = [.init(name: text("Mat"), url: text("https://s.example/mat"))]
  return page
}

private func tent() -> ProductMarkup {
  var product = ProductMarkup()
  product.name = text("Alpine </script> tent")
  product.description = text("Two \"sleep\" well")
  product.images = [text("https://s.example/t.png"), text("javascript:alert(1)"), text("t.png")]
  product.sku = text("t-1")
  product.gtin = text("4006381333931")
  product.brand = text("Fernweh & Co")
  product.price = text("149.90")
  product.listPrice = text("199")
  product.currency = text("EUR")
  product.availability = text("in_stock")
  product.condition = text("new")
  product.rating = text("4.5")
  product.ratingCount = 12
  product.category = text("Outdoor > Tents")
  return product
}

struct JSONLDTests {
  @Test func describesTheProductInOneGraph() {
    var output: [UInt8] = []
    JSONLD.append(page(), to: &output)
    let expected = [
      #"{"@context":"https://schema.org","@graph":["#,
      #"{"@type":"Product","@id":"https://s.example/zelt/%C3%BC#product","name":"Alpine \u003c/script\u003e tent","#,
      #""description":"Two \"sleep\" well","image":["https://s.example/t.png"],"sku":"t-1","gtin":"4006381333931","#,
      #""brand":{"@type":"Brand","name":"Fernweh \u0026 Co"},"category":"Outdoor \u003e Tents","#,
      #""aggregateRating":{"@type":"AggregateRating","ratingValue":"4.5","ratingCount":12},"#,
      #""offers":{"@type":"Offer","price":"149.90","priceCurrency":"EUR","priceSpecification":"#,
      #"{"@type":"UnitPriceSpecification","priceType":"https://schema.org/StrikethroughPrice","price":"199","#,
      #""priceCurrency":"EUR"},"availability":"https://schema.org/InStock","#,
      #""itemCondition":"https://schema.org/NewCondition","url":"https://s.example/zelt/%C3%BC"}},"#,
      #"{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Outdoor"},"#,
      #"{"@type":"ListItem","position":2,"name":"Tents"},{"@type":"ListItem","position":3,"#,
      #""name":"Alpine \u003c/script\u003e tent","item":"https://s.example/zelt/%C3%BC"}]},"#,
      #"{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"name":"Mat","#,
      #""url":"https://s.example/mat"}]},"#,
      #"{"@type":"WebPage","@id":"https://s.example/zelt/%C3%BC#page","url":"https://s.example/zelt/%C3%BC","#,
      #""name":"Alpine \u003c/script\u003e tent","inLanguage":"de-DE","digitalSourceType":"#,
      #""https://schema.org/TrainedAlgorithmicMediaDigitalSource","#,
      #""mainEntity":{"@id":"https://s.example/zelt/%C3%BC#product"}}]}"#,
    ].joined()
    #expect(output.withBytes { $0.string } == expected)
  }

  @Test(arguments: ["", "0", "0.00", "-5", "free"])
  func withoutAPriceThereIsNoOffer(price: String) {
    var output: [UInt8] = []
    price.withBytes {
      var tent = page()
      tent.product?.price = $0
      JSONLD.append(tent, to: &output)
    }
    #expect(!output.withBytes { $0.string }.contains("offers"))
  }

  @Test func anOfferTellsWhereItIsDeliveredAndWhatIsTakenBack() throws {
    let cost = try #require("4.9".withBytes { Price($0) })
    func written(_ returns: OfferTerms.Returns?) -> String {
      var page = page()
      page.product?.terms = OfferTerms(
        shipping: [.init(country: "DE", price: cost, handlingDays: 0...1, transitDays: nil)], returns: returns)
      var output: [UInt8] = []
      JSONLD.append(page, to: &output)
      return output.withBytes { $0.string }
    }
    let shipping = [
      #""shippingDetails":[{"@type":"OfferShippingDetails","shippingRate":{"@type":"MonetaryAmount","value":"4.90","#,
      #""currency":"EUR"},"shippingDestination":{"@type":"DefinedRegion","addressCountry":"DE"},"deliveryTime":"#,
      #"{"@type":"ShippingDeliveryTime","handlingTime":{"@type":"QuantitativeValue","minValue":0,"maxValue":1,"#,
      #""unitCode":"DAY"}}}]"#,
    ].joined()
    #expect(written(nil).contains(shipping + #","url":"#))
    let policy = #""hasMerchantReturnPolicy":{"@type":"MerchantReturnPolicy","applicableCountry":"DE","#
    let finite =
      #""returnPolicyCategory":"https://schema.org/MerchantReturnFiniteReturnWindow","merchantReturnDays":30,"#
    let free = #""returnMethod":"https://schema.org/ReturnByMail","returnFees":"https://schema.org/FreeReturn"}"#
    #expect(written(.init(country: "DE", days: 30, areFree: true)).contains(shipping + "," + policy + finite + free))
    let never = #""returnPolicyCategory":"https://schema.org/MerchantReturnNotPermitted"}"#
    #expect(written(.init(country: "DE", days: 0, areFree: true)).contains(policy + never))
  }

  @Test func aPageAboutNoProductListsWhatItRecommends() {
    var landing = page()
    landing.product = nil
    var output: [UInt8] = []
    JSONLD.append(landing, to: &output)
    let expected = [
      #"{"@context":"https://schema.org","@graph":["#,
      #"{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"name":"Mat","#,
      #""url":"https://s.example/mat"}]},"#,
      #"{"@type":"WebPage","@id":"https://s.example/zelt/%C3%BC#page","url":"https://s.example/zelt/%C3%BC","#,
      #""name":"Alpine \u003c/script\u003e tent","inLanguage":"de-DE","digitalSourceType":"#,
      #""https://schema.org/TrainedAlgorithmicMediaDigitalSource"}]}"#,
    ].joined()
    #expect(output.withBytes { $0.string } == expected)
  }

  @Test func aPageThatSaysNothingHasNoGraph() {
    var output: [UInt8] = []
    JSONLD.append(PageMarkup(), to: &output)
    #expect(output.isEmpty)
  }

  @Test func hostileTextComesBackFromTheJSONAndNeverLeavesTheScript() throws {
    var hostile = HostileText(seed: 13)
    for _ in 0..<2_000 {
      let name = hostile.next()
      var output: [UInt8] = []
      name.withBytes {
        var page = PageMarkup()
        var product = ProductMarkup()
        product.name = $0
        product.category = $0
        page.product = product
        JSONLD.append(page, to: &output)
      }
      let json = output.withBytes { $0.string }
      #expect(!json.contains("<") && !json.contains("]]>") && !json.contains("\u{2028}"), "\(name)")
      let document = try Document(json: json)
      withExtendedLifetime(document) {
        let read = document.root["@graph"][0]["name"].string ?? ""
        #expect(read.unicodeScalars.elementsEqual(String(decoding: name, as: UTF8.self).unicodeScalars), "\(name)")
      }
    }
  }
}

struct HeadWriterTests {
  @Test func writesTheMetadataOfAPage() {
    var head = PageHead()
    head.title = text("Alpine <tent>")
    head.description = text("Two \"sleep\" well")
    head.canonical = text("https://s.example/de-DE/zelt ü")
    head.alternates = [
      .init(hreflang: text("de-DE"), url: text("https://s.example/de-DE/zelt ü")),
      .init(hreflang: text("en-US"), url: text("javascript:alert(1)")),
      .init(hreflang: text("x-default"), url: text("https://s.example/en-US/tent")),
    ]
    head.image = text("https://s.example/t.png?a=1&b=2")
    head.siteName = text("Fernweh")
    head.locale = text("de-DE")
    head.type = "product"
    head.price = text("149.90")
    head.currency = text("EUR")
    head.source = .algorithm
    head.jsonLD = text("{}")
    var output: [UInt8] = []
    HeadWriter.append(head, to: &output)
    #expect(
      output.withBytes { $0.string } == """
        <title>Alpine &lt;tent&gt;</title>
        <meta name="description" content="Two &quot;sleep&quot; well">
        <meta name="digital-source-type" content="http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia">
        <link rel="canonical" href="https://s.example/de-DE/zelt%20%C3%BC">
        <link rel="alternate" hreflang="de-DE" href="https://s.example/de-DE/zelt%20%C3%BC">
        <link rel="alternate" hreflang="x-default" href="https://s.example/en-US/tent">
        <meta property="og:title" content="Alpine &lt;tent&gt;">
        <meta property="og:type" content="product">
        <meta property="og:url" content="https://s.example/de-DE/zelt%20%C3%BC">
        <meta property="og:description" content="Two &quot;sleep&quot; well">
        <meta property="og:site_name" content="Fernweh">
        <meta property="og:locale" content="de_DE">
        <meta property="og:image" content="https://s.example/t.png?a=1&amp;b=2">
        <meta property="product:price:amount" content="149.90">
        <meta property="product:price:currency" content="EUR">
        <meta name="twitter:card" content="summary_large_image">
        <script type="application/ld+json">{}</script>

        """)
  }
}
