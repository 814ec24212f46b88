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
        ? .trainedModel : config.written_by == "algorithm" ? .algorithm : .people)
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
