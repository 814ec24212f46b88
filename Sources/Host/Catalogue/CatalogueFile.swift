import CPluginABI
import Core

/// The form in which a catalogue lies in memory or in a file: a tape of all products and their variants, then tables.
///
/// | offset | what |
/// |---|---|
/// | 0 | "bespcat1", whose last digit is the version of the form |
/// | 8 | key: 32 bytes, a digest of all that the content depends on |
/// | 40 | checksum of everything from 48 on |
/// | 48 | length of the file |
/// | 56 | offset of the tables |
/// | 64 | header of the tape |
/// | 80 | the tape, 16 bytes a node, each chunk's text behind its nodes |
/// | tables | five 64-bit numbers: products, locales, slots of the index, node of the report, rows; then 32-bit nodes |
///
/// Numbers are in the machine's own order: a file of another machine has another key.
struct CatalogueFile {
  static let magic = Array("bespcat1".utf8)
  static let tapeHeader = 64
  static let tapeStart = 80
  private static let numbers = 5

  /// Owner of all the bytes.
  let bytes: CatalogueBytes
  /// Node of each product.
  let products: UnsafeBufferPointer<UInt32>
  /// Node of each variant: `variants[product * locales + locale]`.
  let variants: UnsafeBufferPointer<UInt32>
  /// The index of ids.
  let slots: UnsafeBufferPointer<UInt32>
  let localeCount: Int
  let rowCount: Int
  private let reportNode: UInt32

  /// Bytes that were written just now, or read from a file; nil where they are not a whole catalogue of this key.
  init?(_ bytes: CatalogueBytes, key: [UInt8]) {
    let view = bytes.view
    guard view.count >= Self.tapeStart, view.prefix(8).elementsEqual(Self.magic), view[8..<40].elementsEqual(key),
      view.load(fromByteOffset: 48, as: UInt64.self) == UInt64(view.count),
      view.load(fromByteOffset: 40, as: UInt64.self) == Self.checksum(view)
    else { return nil }
    // The checksum holds, so the numbers are those that were written; they are checked once more before pointers follow.
    let tables = Int(clamping: view.load(fromByteOffset: 56, as: UInt64.self))
    guard tables >= Self.tapeStart, tables % 8 == 0, tables + Self.numbers * 8 <= view.count else { return nil }
    let numbers = (0..<Self.numbers).map { Int(clamping: view.load(fromByteOffset: tables + $0 * 8, as: UInt64.self)) }
    let lengths = [numbers[0], numbers[0].multipliedReportingOverflow(by: numbers[1]).partialValue, numbers[2]]
    guard lengths.allSatisfy({ 0...view.count ~= $0 }),
      tables + Self.numbers * 8 + lengths.reduce(0, +) * 4 == view.count, let base = view.baseAddress
    else { return nil }
    var at = tables + Self.numbers * 8
    var found: [UnsafeBufferPointer<UInt32>] = []
    for length in lengths {
      found.append(
        UnsafeBufferPointer(start: (base + at).assumingMemoryBound(to: UInt32.self), count: length))
      at += length * 4
    }
    (products, variants, slots) = (found[0], found[1], found[2])
    localeCount = numbers[1]
    reportNode = UInt32(clamping: numbers[3])
    rowCount = numbers[4]
    self.bytes = bytes
  }

  /// The value at a node.
  func value(_ node: UInt32) -> Value {
    let header = bytes.view.baseAddress.map { $0 + Self.tapeHeader }
    return Value(bespoke_value(doc: header.map { OpaquePointer($0) }, node: node, reserved: 0))
  }

  /// What was wrong with the rows.
  var report: DirtReport { DirtReport(value(reportNode)) }

  fileprivate static func checksum(_ view: UnsafeRawBufferPointer) -> UInt64 {
    hash64(UnsafeRawBufferPointer(rebasing: view[48...]).bindMemory(to: UInt8.self))
  }

  /// Writes a catalogue, chunk by chunk, so that memory holds one of them.
  struct Writer {
    private let bytes: CatalogueBytes
    private var products: [UInt32] = []
    private var variants: [UInt32] = []
    private var chunk: [UInt8] = []

    init(into bytes: CatalogueBytes) throws(CatalogueBytes.Failure) {
      self.bytes = bytes
      try Self.append([UInt8](repeating: 0, count: CatalogueFile.tapeHeader), to: bytes)
      try Self.append(Tape.header(at: CatalogueFile.tapeHeader), to: bytes)
    }

    /// Adds the products that lie on a builder, each with the nodes of its variants, one a locale.
    mutating func add(
      _ builder: DocumentBuilder, products added: [UInt32], variants addedVariants: [UInt32]
    ) throws(CatalogueBytes.Failure) {
      let base = try add(builder)
      products += added.map { $0 + base }
      variants += addedVariants.map { $0 + base }
    }

    private mutating func add(_ builder: DocumentBuilder) throws(CatalogueBytes.Failure) -> UInt32 {
      // Nodes have 32-bit numbers.
      guard (bytes.count + builder.size) / Tape.alignment < Int(UInt32.max) else { throw .init() }
      chunk.removeAll(keepingCapacity: true)
      let base = builder.appendTape(to: &chunk, at: bytes.count)
      try Self.append(chunk, to: bytes)
      return base
    }

    /// Ends it: report, tables, header, checksum.
    mutating func finish(
      key: [UInt8], localeCount: Int, rows: Int, report: DirtReport
    ) throws(CatalogueBytes.Failure) -> CatalogueFile {
      let builder = DocumentBuilder()
      report.write(to: builder)
      let root = builder.finishRoot().raw.node
      let reportNode = try add(builder) + root
      let tables = bytes.count
      try bytes.map()
      let view = bytes.view
      let header = view.baseAddress.map { OpaquePointer($0 + CatalogueFile.tapeHeader) }
      let index = IdIndex(count: products.count) {
        Value(bespoke_value(doc: header, node: products[$0], reserved: 0))["id"].text
      }
      for number in [products.count, localeCount, index.slots.count, Int(reportNode), rows] {
        try Self.append([UInt64(number)], to: bytes)
      }
      for table in [products, variants, index.slots] { try Self.append(table, to: bytes) }
      try Self.replace([UInt64(bytes.count), UInt64(tables)], at: 48, in: bytes)
      try bytes.map()
      try Self.replace([CatalogueFile.checksum(bytes.view)], at: 40, in: bytes)
      try Self.replace(CatalogueFile.magic + key, at: 0, in: bytes)
      guard let file = CatalogueFile(bytes, key: key) else { throw CatalogueBytes.Failure() }
      return file
    }

    private static func append<T: BitwiseCopyable>(_ values: [T], to bytes: CatalogueBytes) throws(CatalogueBytes
      .Failure)
    {
      try lend(values) { raw throws(CatalogueBytes.Failure) in try bytes.append(raw) }
    }

    private static func replace<T: BitwiseCopyable>(
      _ values: [T], at offset: Int, in bytes: CatalogueBytes
    ) throws(CatalogueBytes.Failure) {
      try lend(values) { raw throws(CatalogueBytes.Failure) in try bytes.replace(at: offset, with: raw) }
    }

    private static func lend<T: BitwiseCopyable>(
      _ values: [T], _ body: (UnsafeRawBufferPointer) throws(CatalogueBytes.Failure) -> Void
    ) throws(CatalogueBytes.Failure) {
      let result = values.withUnsafeBytes { raw -> Result<Void, CatalogueBytes.Failure> in
        do throws(CatalogueBytes.Failure) { return .success(try body(raw)) } catch { return .failure(error) }
      }
      try result.get()
    }
  }
}
