import Liquid
import Markup
public import PluginAPI
import TemplateSupport

/// Renders an HTML5 page: the head's metadata and structured data are its own, the rest comes from a Liquid layout.
public final class ProductPage: Plugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.product-page", version: "0.1.0",
    summary: "Renders an HTML5 page with head metadata and JSON-LD through a Liquid layout.",
    config: #"""
      {"type":"object","additionalProperties":false,"required":["template"],"properties":{
        "template":{"type":"string","minLength":1,"description":"template of the page; it prints 'head' within its head element"},
        "body_template":{"type":"string","minLength":1,
          "description":"template of the fragment for a CMS, which becomes the slot 'ID.body'"},
        "title":{"type":"string","description":"title of the page; else the product's name"},
        "description":{"type":"string","description":"description for search engines; else the product's tagline or description"},
        "written_by":{"type":"string","enum":["people","algorithm","trained_model"],"default":"people",
          "description":"who wrote the page's text; anything but people is marked in the page"},
        "shipping":{"type":"array","description":"where the shop delivers; told to search engines with each offer","items":{
          "type":"object","additionalProperties":false,"required":["country","price"],"properties":{
          "country":{"type":"string","minLength":2,"maxLength":2,"description":"ISO 3166-1 code, as in DE"},
          "price":{"type":"number","minimum":0,"description":"what delivery costs, in the currency of the offer"},
          "handling_days":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"integer","minimum":0,"maximum":365},
            "description":"fewest and most days until a parcel leaves"},
          "transit_days":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"integer","minimum":0,"maximum":365},
            "description":"fewest and most days until it arrives after that"}}}},
        "returns":{"type":"object","additionalProperties":false,"required":["country","days"],
          "description":"what the shop takes back; told to search engines with each offer","properties":{
          "country":{"type":"string","minLength":2,"maxLength":2,"description":"ISO 3166-1 code, as in DE"},
          "days":{"type":"integer","minimum":0,"maximum":3650,"description":"days within which goods may go back; 0 for never"},
          "fees":{"type":"string","enum":["free","buyer"],"description":"who pays for sending them"}}},
        "values":{"type":"object","description":"settings of the template, read there as params.values"}}}
      """#,
    reads: [
      "profile", "product", "products", "slots", "params", "locale", "site", "asset", "channel", "campaign", "variant",
      "run_time",
    ],
    writes: [
      .init(.html, summary: "the whole page"), .init(.html, name: "body", summary: "the fragment for a CMS"),
    ],
    libraries: ["libxml2.so.2"])

  struct Config: Decodable {
    var template: String
    var body_template: String?
    var written_by: String?
    var shipping: [ShippingConfig]?
    var returns: ReturnsConfig?
  }

  // Templates find their locale texts through the set.
  private let set: TemplateSet
  private let page: Template
  private let body: Template?
  private let name: String
  private let renderer = Renderer()
  private let head: HeadBuilder

  /// Parses the templates and everything that they call.
  public init(_ setup: Setup) throws {
    let config = try setup.config.decode(Config.self)
    let set = HostTemplates.set(setup.host, kind: .html)
    page = try HostTemplates.template(config.template, in: set)
    body = try config.body_template.map { try HostTemplates.template($0, in: set) }
    self.set = set
    name = config.template
    head = HeadBuilder(
      source: config.written_by == "trained_model"
        ? .trainedModel : config.written_by == "algorithm" ? .algorithm : .people,
      terms: OfferTerms(
        shipping: try (config.shipping ?? []).map { try $0.shipping() }, returns: config.returns?.returns))
  }

  /// Renders the page, and the fragment where one is asked for.
  public func process(_ request: Request, into output: Output) throws {
    var scope = Scope(request)
    scope.set("head", head.head(for: request), isSafe: true)
    try page.checkParameters(in: scope)
    try body?.checkParameters(in: scope)
    do {
      output.write(try renderer.render(page, scope: scope))
      output.note(gaps: renderer.gaps)
      if let body {
        output.write(try renderer.render(body, scope: scope), to: "body")
        output.note(gaps: renderer.gaps, port: "body")
      }
    } catch {
      throw PluginError(error, rendering: name, with: renderer)
    }
    output.note("template", name)
  }
}
