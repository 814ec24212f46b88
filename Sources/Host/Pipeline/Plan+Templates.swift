import CPluginABI
public import Core
import Liquid

extension Plan {
  /// Checks every template that a stage renders, what those call, and the locale files, without rendering any.
  ///
  /// Variables are compared with the fields that the manifest's own profiles and products have.
  /// - Throws: `Diagnostic` where an input or a locale file cannot be read.
  public func checkTemplates() throws -> [Diagnostic] {
    let resources = resources
    let set = TemplateSet(options: TemplateOptions(mode: .strict, kind: .html)) { name in
      (try? resources.open(kind: "template", name: name)).map { Array($0.bytes) }
    }
    let all = manifest.templateFolders.flatMap(regularFiles)
    let findings = TemplateLinter(set: set, fields: try knownFields())
      .check(renderedTemplates, among: all.filter { $0.hasSuffix(".liquid") })
    var locales: [(name: String, content: Document)] = []
    let language = String(manifest.locales.fallback.prefix { $0 != "-" })
    // The default locale's file is what the others are compared with.
    let files = all.filter { $0.hasPrefix("locales/") && $0.hasSuffix(".json") }
    let isDefault: (String) -> Bool = { $0.hasPrefix("locales/\(language)") }
    for name in files.filter(isDefault) + files.filter({ !isDefault($0) }) { locales.append((name, try json(name))) }
    return findings + TemplateLinter.compare(locales)
  }

  /// One test that stands beside a template.
  public struct TemplateTest: Sendable {
    /// The file of the test, within the templates' folder.
    public let file: String
    /// Its name.
    public let name: String
    /// What is wrong; nil where it passed.
    public let problem: Diagnostic?
  }

  /// Runs the tests that stand beside templates, the files `*.test.json`, in the order of their names.
  ///
  /// A template without a kind in its header is tested as plain text.
  /// - Throws: `Diagnostic` where a test file is not JSON.
  public func testTemplates() throws -> [TemplateTest] {
    let resources = resources
    let set = TemplateSet(options: TemplateOptions(mode: .strict, kind: .text)) { name in
      (try? resources.open(kind: "template", name: name)).map { Array($0.bytes) }
    }
    var results: [TemplateTest] = []
    for name in manifest.templateFolders.flatMap(regularFiles) where name.hasSuffix(".test.json") {
      let tests = TemplateTests(try json(name), file: name)
      results += tests.run(in: set).map { TemplateTest(file: name, name: $0.name, problem: $0.problem) }
    }
    return results
  }

  /// A JSON file of the templates' folders.
  private func json(_ name: String) throws -> Document {
    let file = try resources.open(kind: "template", name: name)
    do throws(JSONError) {
      return try Document(json: String(decoding: file.bytes, as: UTF8.self))
    } catch {
      let place = file.bytes.withMemoryRebound(to: UInt8.self) {
        SourceLocation(file: name, source: $0, offset: error.offset)
      }
      throw Diagnostic("invalid json", error.detail, at: place)
    }
  }

  /// Names of the templates that options of stages name, sorted.
  private var renderedTemplates: [String] {
    var names: Set<String> = []
    for step in pipelines.flatMap({ $0.stages.flatMap { $0.alternatives + $0.checks } }) {
      let options = step.config.root
      for index in 0..<options.count where options.key(at: index).suffix(8).elementsEqual("template".utf8) {
        if let name = options[index].string { names.insert(name) }
      }
    }
    return names.sorted()
  }

  /// What templates may read: the keys of a brief, the canonical fields, and whatever else the first records have.
  private func knownFields() throws -> KnownFields {
    let sample = DocumentBuilder()
    sample.beginObject()
    for (key, input) in [("profile", manifest.profiles), ("product", manifest.catalogue)] {
      guard let input, let record = try firstRecord(of: input, into: DocumentBuilder()) else { continue }
      sample.key(key)
      sample.copy(record.value)
      if key == "product" {
        sample.key("products")
        sample.beginArray()
        sample.copy(record.value)
        sample.end()
      }
      withExtendedLifetime(record.owner) {}
    }
    sample.key("site")
    sample.copy(manifest.site.document.root)
    sample.end()
    let root = sample.finishRoot()
    var fields = withExtendedLifetime(sample) { KnownFields(sample: root.raw, access: Accessors.table) }
    for name in ["locale", "channel", "campaign", "variant", "run_time", "stage", "attempt", "head", "params"] {
      fields.insert(name)
    }
    for name in RecordKind.profile.schema.map(\.name) { fields.insert("profile.\(name)") }
    for name in ["id", "reason", "score"] { fields.insert("profile.recommendations[].\(name)") }
    for product in ["product", "products[]"] {
      for name in RecordKind.product.schema.map(\.name) + [
        "locale", "path", "reason", "score", "tagline", "highlights",
      ] {
        fields.insert("\(product).\(name)")
      }
      for name in ["value", "count"] { fields.insert("\(product).rating.\(name)") }
    }
    for name in ["path", "url", "root", "alternates[].locale", "alternates[].path", "alternates[].url"] {
      fields.insert("asset.\(name)")
    }
    for pipeline in pipelines { for slot in pipeline.slotNames { fields.insert("slots.\(slot)") } }
    return fields
  }

  /// The first record of an input, and the builder that it lies on.
  private func firstRecord(
    of input: Manifest.Input, into builder: DocumentBuilder
  ) throws -> (value: Value, owner: DocumentBuilder)? {
    guard let path = input.path else {
      return input.inline.flatMap { document in
        guard document.root.count > 0 else { return nil }
        builder.copy(document.root[0])
        return (builder.finishRoot(), builder)
      }
    }
    let opened = try OpenedInput(input, path: path, currency: manifest.site.currency)
    var decoder = opened.makeDecoder()
    var chunk = RowChunk(maxRows: 64)
    var dirt = DirtReport()
    while try opened.reader.next(into: &chunk) {
      for row in chunk.rows {
        if let record = decoder.decode(row, in: chunk, into: builder, report: &dirt) { return (record.root, builder) }
      }
    }
    return nil
  }
}
