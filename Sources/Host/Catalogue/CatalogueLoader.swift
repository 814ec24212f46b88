import CPluginABI
import Core
import Glibc

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
  /// The rows that make no product, where they are kept: the output folder is opened later, so no file of theirs may lie there.
  private(set) var rejects: [UInt8] = []
  private let keepsRejects: Bool

  init(plan: Plan, input: Manifest.Input, keepsRejects: Bool = false) {
    self.plan = plan
    self.input = input
    self.keepsRejects = keepsRejects
  }

  /// The catalogue, from the cache where it was read before.
  ///
  /// - Throws: `Diagnostic` where the file cannot be read or, in a strict run, a row makes no record.
  func load(isStrict: Bool) throws -> Catalogue {
    let cache = plan.manifest.catalogueCache
    guard let cache, let key = cache.key(of: input, plan: plan) else {
      return try read(isStrict, into: CatalogueBytes())
    }
    if let file = cache.find(key) {
      dirt = file.report
      rows = file.rowCount
      name = input.path ?? name
      // A strict run stops at the row itself, and rejects are kept as they stand, so those must be read.
      if dirt.rejected == 0 || !isStrict && !keepsRejects { return Catalogue(file) }
    }
    guard let target = cache.newFile() else { return try read(isStrict, into: CatalogueBytes()) }
    do {
      let catalogue = try read(isStrict, into: target.bytes, key: key.digest)
      cache.publish(target.path, as: key, source: input.path)
      return catalogue
    } catch is CatalogueBytes.Failure {
      unlink(target.path)
      return try read(isStrict, into: CatalogueBytes())
    } catch {
      unlink(target.path)
      throw error
    }
  }

  /// Reads all rows and writes the products down, a chunk at a time.
  private func read(
    _ isStrict: Bool, into bytes: CatalogueBytes, key: [UInt8] = [UInt8](repeating: 0, count: 32)
  ) throws -> Catalogue {
    dirt = RowDecoder.emptyReport(for: .product)
    rejects.removeAll()
    let localiser = Localiser(plan: plan)
    let builder = DocumentBuilder()
    var writer = try CatalogueFile.Writer(into: bytes)
    var products: [UInt32] = []
    var variants: [UInt32] = []
    func add(_ product: Value) throws(Diagnostic) {
      products.append(product.raw.node)
      variants += try localiser.variants(of: product, in: builder)
    }
    func flush() throws(CatalogueBytes.Failure) {
      try writer.add(builder, products: products, variants: variants)
      products.removeAll(keepingCapacity: true)
      variants.removeAll(keepingCapacity: true)
      builder.reset()
    }
    for product in input.inline?.root.elements ?? [] {
      builder.copy(product)
      try add(builder.finishRoot())
    }
    try flush()
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
          else {
            if keepsRejects {
              chunk.withBytes(of: row) { rejects.append(contentsOf: $0) }
              rejects.append(UInt8(ascii: "\n"))
            }
            continue
          }
          try add(record.root)
        }
        if isStrict, let failure = dirt.strictFailure(file: name) { throw failure }
        try flush()
      }
      rows = opened.reader.rowCount
    }
    return Catalogue(
      try writer.finish(
        key: key, localeCount: plan.manifest.locales.supported.count, rows: rows, report: dirt))
  }
}
