public import Liquid
import Markup
public import PluginAPI

/// A plugin's templates: loaded through the host, so that it knows every file that was read.
public enum HostTemplates {
  /// A set that loads templates, partials, layouts and locale files by name.
  public static func set(_ host: HostServices, kind: OutputKind) -> TemplateSet {
    var options = TemplateOptions(mode: .strict, kind: kind)
    options.sanitiser = { HTMLSanitiser().sanitised($0) }
    options.recordsGaps = true
    return TemplateSet(options: options) { name in
      (try? host.resource(kind: "template", named: name)).map { Array($0.bytes) }
    }
  }

  /// The template of a stage's option.
  ///
  /// - Throws: `PluginError` with code `config`, whose message says what is wrong with the template and where.
  public static func template(_ name: String, in set: TemplateSet) throws -> Template {
    do {
      return try set.template(named: name)
    } catch {
      throw PluginError(.config, field: "template", "\(error)")
    }
  }
}

extension Scope {
  /// What a template sees of a request: the whole brief.
  public init(_ request: Request) {
    self.init(root: request.brief.raw, access: request.brief.access)
    locale = request.locale.string ?? "en"
    fallbackLocale = request.brief["site"]["default_locale"].string
    currency = request.brief["site"]["currency"].string ?? ""
    now = Int64(request.brief["run_time"].int ?? 0)
  }
}
