import CPluginABI
import Core

/// An input opened for reading.
final class OpenedInput {
  let reader: RowReader
  private let map: FieldMap
  private let currency: String?

  /// - Throws: `Diagnostic` where the file cannot be read, `ManifestError` where its columns do not fit the map.
  init(_ input: Manifest.Input, path: String, currency: String) throws {
    reader = try RowReader(path: path, options: input.options)
    map = input.map
    self.currency = currency.isEmpty ? nil : currency
    let problems = map.problems(with: reader.layout, file: path).filter { $0.severity == .error }
    if !problems.isEmpty { throw ManifestError(diagnostics: problems) }
  }

  /// What the rows are about.
  var kind: RecordKind { map.kind }

  /// A decoder for one thread.
  func makeDecoder() -> RowDecoder { RowDecoder(map: map, layout: reader.layout, defaultCurrency: currency) }
}

/// Reads a whole catalogue.
final class CatalogueLoader {
  private let plan: Plan
  private let input: Manifest.Input
  private(set) var name = "catalogue"
  private(set) var rows = 0
  private(set) var dirt = RowDecoder.emptyReport(for: .product)

  init(plan: Plan, input: Manifest.Input) {
    self.plan = plan
    self.input = input
  }

  /// - Throws: `Diagnostic` where the file cannot be read or, in a strict run, a row makes no record.
  func load(isStrict: Bool) throws -> Catalogue {
    let builder = DocumentBuilder()
    let localiser = Localiser(plan: plan)
    var products: [UInt32] = []
    var variants: [UInt32] = []
    func add(_ product: Value) throws(Diagnostic) {
      products.append(product.raw.node)
      variants += try localiser.variants(of: product, in: builder)
    }
    for product in input.inline?.root.elements ?? [] {
      builder.copy(product)
      try add(builder.finishRoot())
    }
    if let path = input.path {
      let opened = try OpenedInput(input, path: path, currency: plan.manifest.site.currency)
      name = opened.reader.name
      var decoder = opened.makeDecoder()
      var duplicates = DuplicateFilter()
      var chunk = RowChunk()
      while try opened.reader.next(into: &chunk) {
        for row in chunk.rows {
          guard let record = decoder.decode(row, in: chunk, into: builder, report: &dirt),
            duplicates.accept(record, report: &dirt)
          else { continue }
          try add(record.root)
        }
        if isStrict, let failure = dirt.strictFailure(file: name) { throw failure }
      }
      rows = opened.reader.rowCount
    }
    return Catalogue(
      builder: builder, products: products, variants: variants, localeCount: plan.manifest.locales.supported.count)
  }
}
