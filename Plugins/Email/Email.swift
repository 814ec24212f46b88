import Liquid
import Markup
public import PluginAPI
import TemplateSupport

/// Writes e-mails: a MIME message with a plain and an HTML version, its styles inlined, with the headers that mailbox
/// providers ask for.
public final class Email: Plugin {
  /// Gmail cuts messages off a little above this size of their HTML.
  static let mostBytes = 100_000

  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.email", version: "0.1.0",
    summary: "Writes a MIME message with plain text, inlined styles and one-click unsubscription.",
    config: #"""
      {"type":"object","additionalProperties":false,
        "required":["template","from","to","subject","unsubscribe_url"],"properties":{
        "template":{"type":"string","minLength":1,"description":"template of the HTML version; its style elements are inlined"},
        "text_template":{"type":"string","minLength":1,
          "description":"template of the plain version; else it is made from the HTML version"},
        "from":{"type":"string","minLength":3,"description":"sender, as in 'Shop <news@shop.example>'"},
        "to":{"type":"string","minLength":3,"description":"recipient, as in '{{ profile.email }}'"},
        "reply_to":{"type":"string","description":"where answers go, if not to the sender"},
        "subject":{"type":"string","minLength":1,"description":"subject line"},
        "preheader":{"type":"string","description":"words that a mail program shows behind the subject"},
        "unsubscribe_url":{"type":"string","minLength":1,
          "description":"https URL that unsubscribes the recipient by one POST (RFC 8058)"},
        "unsubscribe_to":{"type":"string","description":"address that takes unsubscriptions by e-mail"},
        "written_by":{"type":"string","enum":["people","algorithm","trained_model"],"default":"people",
          "description":"who wrote the text; read by the template"},
        "values":{"type":"object","description":"settings of the template, read there as params.values"}}}
      """#,
    reads: [
      "profile", "product", "products", "slots", "params", "locale", "site", "asset", "channel", "campaign", "variant",
      "run_time",
    ],
    writes: [
      .init(.text, summary: "the message, RFC 5322"), .init(.html, name: "html", summary: "its HTML version"),
      .init(.text, name: "plain", summary: "its plain version"),
    ],
    libraries: ["libxml2.so.2"])

  struct Config: Decodable {
    var template: String
    var text_template: String?
  }

  // Templates find their locale texts through the sets.
  private let sets: [TemplateSet]
  private let template: Template
  private let textTemplate: Template?
  private let name: String
  private let renderer = Renderer()
  private var inliner = StyleInliner()

  /// Parses the templates and everything that they call.
  public init(_ setup: Setup) throws {
    let config = try setup.config.decode(Config.self)
    let set = HostTemplates.set(setup.host, kind: .html)
    let textSet = HostTemplates.set(setup.host, kind: .text)
    template = try HostTemplates.template(config.template, in: set)
    textTemplate = try config.text_template.map { try HostTemplates.template($0, in: textSet) }
    sets = [set, textSet]
    name = config.template
  }

  /// Writes the message, and both of its versions.
  public func process(_ request: Request, into output: Output) throws {
    let params = request.params
    let url = (params["unsubscribe_url"].string ?? "").onOneLine
    // A line of a header has at most 998 characters.
    guard url.lowercased().hasPrefix("https://"), url.utf8.count <= 900,
      url.utf8.allSatisfy({ 0x21..<0x7F ~= $0 && $0 != 0x3E })
    else {
      throw PluginError(
        .input, field: "unsubscribe_url", "expected an https URL of at most 900 characters, found '\(url)'")
    }
    let html = try render(template, request, into: output) { rendered in
      Preheader.insert((params["preheader"].string ?? "").onOneLine, into: inliner.inline(rendered))
    }
    let text =
      try textTemplate.map { try render($0, request, into: output, port: "plain") { Array($0) } }
      ?? TextVersion.of(html)
    let message = Message(
      from: try mailbox("from", params), to: try mailbox("to", params),
      replyTo: params["reply_to"].exists ? try mailbox("reply_to", params) : nil,
      subject: params["subject"].string ?? "", date: Int64(request.brief["run_time"].int ?? 0), unsubscribeURL: url,
      unsubscribeAddress: params["unsubscribe_to"].exists ? try mailbox("unsubscribe_to", params) : nil, text: text,
      html: html, locale: request.locale.string ?? "", seed: request.seed)
    guard !message.subject.onOneLine.isEmpty else {
      throw PluginError(.input, field: "subject", "the subject is empty")
    }
    MessageWriter.write(message).withBytes { output.write($0) }
    html.withBytes { output.write($0, to: "html") }
    text.withBytes { output.write($0, to: "plain") }
    output.note("template", name)
    if html.count > Self.mostBytes {
      output.note("warning", "the HTML version is above \(Self.mostBytes / 1000) kB; Gmail cuts such messages off")
      output.note("html_bytes", "\(html.count)")
    }
  }

  private func render<Result>(
    _ template: Template, _ request: Request, into output: Output, port: StaticString = "", _ body: (Bytes) -> Result
  ) throws -> Result {
    let scope = Scope(request)
    try template.checkParameters(in: scope)
    do {
      let result = body(try renderer.render(template, scope: scope))
      output.note(gaps: renderer.gaps, port: port)
      return result
    } catch {
      throw PluginError(error, rendering: name, with: renderer)
    }
  }

  private func mailbox(_ key: String, _ params: Value) throws -> Mailbox {
    let text = params[key].string ?? ""
    guard let mailbox = Mailbox(text) else {
      throw PluginError(.input, field: key, "expected an address as in 'Shop <news@shop.example>', found '\(text)'")
    }
    return mailbox
  }
}
