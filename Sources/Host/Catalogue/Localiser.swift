import CPluginABI
import Core
import Liquid

/// Makes the variants of a product: one for each locale, with its translated members in place.
///
/// A product's `translations` object has members by locale ("de-DE") or language ("de"); a variant is the product with
/// those members instead of its own, without `translations`, and with `locale`, `path` and `url`. A variant is made of
/// the product's own nodes, so that no text is copied. One a thread.
final class Localiser {
  private let plan: Plan
  private let briefs: BriefWriter
  private let renderer = Renderer()

  init(plan: Plan) {
    self.plan = plan
    briefs = BriefWriter(plan: plan)
  }

  /// The variants of a product, in the order of the supported locales, on the builder that holds the product.
  ///
  /// - Returns: the index of each on the builder's tape.
  /// - Throws: `Diagnostic` where the product's path cannot be rendered.
  func variants(of product: Value, in builder: DocumentBuilder) throws(Diagnostic) -> [UInt32] {
    var indices: [UInt32] = []
    for locale in plan.manifest.locales.supported {
      let translation = Self.translation(product["translations"], locale)
      guard plan.productPath != nil || translation.exists else {
        indices.append(product.raw.node)
        continue
      }
      let mark = builder.mark
      var link: (path: String, url: String)?
      if let template = plan.productPath {
        let plain = write(product, translation, locale, link: nil, to: builder)
        link = try path(of: plain, template, locale)
        builder.rewind(to: mark)
      }
      indices.append(write(product, translation, locale, link: link, to: builder).raw.node)
    }
    return indices
  }

  private func write(
    _ product: Value, _ translation: Value, _ locale: String, link: (path: String, url: String)?,
    to builder: DocumentBuilder
  ) -> Value {
    builder.beginObject()
    for index in 0..<product.count {
      let key = product.key(at: index)
      if key.elementsEqual("translations".utf8) || key.elementsEqual("locale".utf8) { continue }
      if link != nil, key.elementsEqual("path".utf8) || key.elementsEqual("url".utf8) { continue }
      let translated = translation.member(key)
      builder.reuseKey(of: product, at: index)
      builder.reuse(translated.exists ? translated : product[index])
    }
    for index in 0..<translation.count where product.member(translation.key(at: index)).kind == .missing {
      builder.reuseKey(of: translation, at: index)
      builder.reuse(translation[index])
    }
    builder.key("locale")
    builder.string(locale)
    if let link {
      builder.key("path")
      builder.string(link.path)
      builder.key("url")
      builder.string(link.url)
    }
    builder.end()
    return builder.finishRoot()
  }

  private func path(
    of product: Value, _ template: Template, _ locale: String
  ) throws(Diagnostic) -> (path: String, url: String) {
    briefs.reset()
    let brief = briefs.productBrief(product: product, locale: locale)
    let rendered = try renderer.render(template, scope: plan.scope(of: brief, locale: locale))
    do throws(AssetPath.Refusal) {
      let path = try AssetPath.clean(rendered)
      return (path, plan.url(of: path))
    } catch {
      throw Diagnostic(
        "invalid path", "site.product_path gives '\(String(decoding: rendered.prefix(120), as: UTF8.self))'")
    }
  }

  private static func translation(_ translations: Value, _ locale: String) -> Value {
    guard translations.kind == .object else { return .missing }
    let exact = translations[locale]
    if exact.exists { return exact }
    return translations[String(locale.prefix { $0 != "-" })]
  }
}

extension Plan {
  /// What the host's own Liquid sees.
  func scope(of brief: Value, locale: String) -> Scope {
    var scope = Scope(root: brief.raw, access: Accessors.table)
    scope.locale = locale
    scope.fallbackLocale = manifest.locales.fallback
    scope.currency = manifest.site.currency
    scope.now = manifest.runTime
    return scope
  }

  /// The absolute URL of an output path: percent-encoded, `index.html` left out.
  func url(of path: String) -> String {
    var result = manifest.site.baseURL + "/"
    let shown = path == "index.html" ? "" : path.hasSuffix("/index.html") ? String(path.dropLast(10)) : path
    for byte in shown.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return result
  }
}
