import Core
import Liquid

/// One template with the data of one profile and product, for those who write it: its files are read anew for each
/// render.
///
/// Not thread-safe.
public final class TemplatePreview {
  /// What a render made.
  public struct Output: Sendable {
    /// The text.
    public let text: String
    /// The values that were missing.
    public let gaps: [RunReport.Gap]
  }

  private let plan: Plan
  private let folders: TemplateFolders
  private let file: String
  /// The template's name within the folders; nil where it lies elsewhere.
  private let name: String?
  private let use: TemplateUse?
  private let context: WorkerContext
  /// Keeps what the brief links to.
  private let data: PreviewData
  private let brief: Value
  private let locale: Int
  private var stamps: [String: Int] = [:]

  /// Finds the data.
  ///
  /// - Parameters:
  ///   - file: path of the template, or its name within the manifest's folders.
  ///   - profile: its id; nil for the first.
  ///   - product: its id; nil for none.
  ///   - locale: a supported locale; nil for the profile's own.
  ///   - slots: texts that stand in for what other stages write.
  /// - Throws: `Diagnostic` of kind "missing file", "unknown profile", "unknown product", "unknown locale" or "unknown
  ///   slot", or where an input cannot be read.
  public init(
    _ plan: Plan, file: String, profile: String?, product: String?, locale: String?,
    slots: [(name: String, text: String)] = []
  ) throws {
    self.plan = plan
    self.file = file
    folders = TemplateFolders(folders: plan.manifest.templateFolders)
    name = folders.name(of: file)
    if name == nil, folders.stamp(file) == nil {
      let files = folders.folders.flatMap(regularFiles).filter { $0.hasSuffix(".liquid") }
      throw Diagnostic(
        "missing file", "there is no template '\(file)'",
        help: nearestName(to: file, among: files + files.map(TemplateUse.key)).map { "did you mean '\($0)'?" })
    }
    let key = name.map(TemplateUse.key)
    use = plan.templateUses.first { $0.name == key }
    var catalogue: Catalogue?
    if let input = plan.manifest.catalogue {
      catalogue = try CatalogueLoader(plan: plan, input: input).load(isStrict: false)
    }
    context = WorkerContext(run: RunContext(plan: plan, catalogue: catalogue, threads: 1) { _ in })
    data = PreviewData(plan: plan, context: context)
    let found = try data.profile(profile)
    self.locale = try data.locale(locale, of: found)
    let item = try data.item(found, product: product, locale: self.locale, pipeline: use?.pipeline)
    brief = try data.brief(of: item.item, in: plan.pipelines[item.pipeline], step: use?.step, slots: slots)
  }

  /// Renders the template as its files are now.
  ///
  /// - Throws: `Diagnostic` with what is wrong in the template, or with its data.
  public func render() throws -> Output {
    stamps = currentStamps
    let folders = folders
    let set = TemplateSet(options: plan.templateOptions(use?.kind ?? .text)) { folders.read($0) }
    let template = try name.map { try set.template(named: $0) } ?? set.parse(readBytes(file), name: file)
    let scope = plan.scope(of: brief, locale: plan.manifest.locales.supported[locale])
    if let problem = template.problems(with: scope).first { throw problem }
    let renderer = Renderer()
    let text = try renderer.text(template, scope: scope)
    return Output(
      text: text,
      gaps: renderer.gaps.map { .init(template: $0.template, variable: $0.expression, fellBack: $0.fellBack) })
  }

  /// Whether a file has changed, come or gone since the last render.
  public var isStale: Bool { currentStamps != stamps }

  private var currentStamps: [String: Int] {
    var result = folders.stamps
    if name == nil { result[file] = folders.stamp(file) }
    return result
  }
}
