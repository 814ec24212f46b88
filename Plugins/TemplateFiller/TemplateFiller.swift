import Liquid
public import PluginAPI
import TemplateSupport

/// Fills a slot from a Liquid template.
public final class TemplateFiller: Plugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.template-filler", version: "0.1.0", summary: "Fills a slot from a Liquid template.",
    config: #"""
      {"type":"object","additionalProperties":false,"required":["template"],"properties":{
        "template":{"type":"string","minLength":1,"description":"name of the template, relative to the templates folder"},
        "kind":{"type":"string","enum":["text","html","xml","json","url","subject"],"default":"text",
          "description":"what the template makes; decides how values are escaped"},
        "values":{"type":"object","description":"texts for the template, read there as params.values"}}}
      """#,
    reads: [
      "profile", "product", "products", "slots", "params", "locale", "site", "asset", "channel", "campaign", "variant",
      "run_time",
    ],
    writes: [.init(.text, summary: "the filled template")], libraries: ["libxml2.so.2"])

  struct Config: Decodable {
    var template: String
    var kind: String?
  }

  // Templates find their locale texts through the set.
  private let set: TemplateSet
  private let template: Template
  private let name: String
  private let renderer = Renderer()

  /// Parses the template and everything that it calls.
  public init(_ setup: Setup) throws {
    let config = try setup.config.decode(Config.self)
    let set = HostTemplates.set(setup.host, kind: config.kind.flatMap(OutputKind.init) ?? .text)
    template = try HostTemplates.template(config.template, in: set)
    self.set = set
    name = config.template
  }

  /// Renders the template for one brief; a text of blanks alone counts as nothing written.
  public func process(_ request: Request, into output: Output) throws {
    let scope = Scope(request)
    try template.checkParameters(in: scope)
    let text: UnsafeBufferPointer<UInt8>
    do {
      text = try renderer.render(template, scope: scope)
    } catch {
      throw PluginError(error, rendering: name, with: renderer)
    }
    guard text.contains(where: { $0 > 0x20 }) else { throw PluginError(.skip, "template '\(name)' made no text") }
    output.write(text)
    output.note("template", name)
    output.note(gaps: renderer.gaps)
  }
}
