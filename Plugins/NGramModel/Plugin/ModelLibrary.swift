import Core
import PluginAPI

/// The models of a stage: one for all briefs, or one for each locale.
struct ModelLibrary {
  /// A model with what writing from it needs.
  struct Entry {
    let name: String
    /// The beginning of the file's SHA-256.
    let digest: String
    let lexicon: Lexicon
    let shared: Writer.Shared
    let attribution: Attribution?
  }

  private var single: Entry?
  private var byLocale: [String: Entry] = [:]

  init(_ options: Options, _ host: HostServices) throws {
    switch (options.model, options.models) {
    case (let name?, nil): single = try Self.open(name, options, host)
    case (nil, let names?):
      for (locale, name) in names.sorted(by: { $0.key < $1.key }) {
        byLocale[locale] = try Self.open(name, options, host)
      }
    default: throw PluginError(.config, field: "model", "give either 'model' or 'models'")
    }
  }

  subscript(locale: String) -> Entry? { single ?? byLocale[locale] }

  private static func open(_ name: String, _ options: Options, _ host: HostServices) throws -> Entry {
    let resource: Resource
    do {
      resource = try host.resource(kind: "model", named: name)
    } catch let error as PluginError {
      throw PluginError(
        error.code, field: "model", "\(error.message); 'bespoke train ngram-model' makes models of your own copy")
    }
    let writes = options.role != "check"
    do {
      // The host keeps a resource's bytes as long as the instance.
      let model = try Model(UnsafeRawBufferPointer(resource.bytes), owner: nil, name: name)
      guard !writes || options.copiedRun == 0 || model.hasText else {
        throw Diagnostic(
          "no text in the model", "'\(name)' was trained with 'keep_text: false', so copies cannot be noticed",
          help: "set 'longest_copied_run: 0', or train it with its text")
      }
      return Entry(
        name: name, digest: String(resource.sha256.prefix(16)), lexicon: Lexicon(model),
        shared: Writer.Shared(model, longestCopiedRun: writes ? options.copiedRun : 0),
        attribution: writes && model.hasText ? Attribution(model) : nil)
    } catch let diagnostic as Diagnostic {
      throw PluginError(.config, field: "model", "\(diagnostic)")
    }
  }
}
