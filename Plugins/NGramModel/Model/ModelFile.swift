import Core

/// The header of a binary model, checked.
struct ModelFile {
  private let bytes: UnsafeRawBufferPointer
  private let name: String
  let order: Int
  private let wordCount: Int

  init(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    self.bytes = bytes
    self.name = name
    func fault(_ detail: String, help: String? = nil) -> Diagnostic {
      Diagnostic("invalid model", "'\(name)': \(detail)", help: help)
    }
    guard bytes.count >= ModelFormat.headerWords * 8 else {
      throw fault("\(bytes.count) bytes are too few for a model")
    }
    func word(_ field: ModelFormat.Field) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: field.rawValue * 8, as: UInt64.self))
    }
    guard word(.magic) == ModelFormat.magic else { throw fault("this is not a binary n-gram model") }
    guard word(.version) == ModelFormat.version else {
      throw fault(
        "format version \(word(.version)), this program reads version \(ModelFormat.version)",
        help: "train the model again")
    }
    guard word(.length) == UInt64(bytes.count) else {
      throw fault("expected \(word(.length)) bytes, found \(bytes.count); the file is cut short or was added to")
    }
    let checked = UnsafeRawBufferPointer(rebasing: bytes[ModelFormat.checkedFrom...])
    guard word(.checksum) == ModelFormat.checksum(checked) else {
      throw fault("the checksum is wrong; the file is damaged", help: "copy the file again, or train the model again")
    }
    guard word(.order) >= 1, word(.order) <= UInt64(TrainingOptions.orders.upperBound), word(.words) > 0,
      word(.words) < Vocabulary.limit
    else { throw fault("the header is wrong") }
    order = Int(word(.order))
    wordCount = Int(word(.words))
    guard bytes.count >= (ModelFormat.headerWords + ModelFormat.levelWords * order) * 8 else {
      throw fault("the header is wrong")
    }
  }

  private var damage: Diagnostic { Diagnostic("invalid model", "'\(name)': its parts do not fit together") }

  /// A block whose start and length stand at a word of the header; 8 bytes behind it can be read too.
  private func block(at word: Int) throws -> UnsafeRawBufferPointer {
    let start = bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
    let length = bytes.loadUnaligned(fromByteOffset: word * 8 + 8, as: UInt64.self)
    let size = UInt64(bytes.count)
    guard start <= size, length <= size - start, size - start - length >= 8 else { throw damage }
    return UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(start + length)])
  }

  func block(_ field: ModelFormat.Field) throws -> UnsafeRawBufferPointer { try block(at: field.rawValue) }

  func words() throws -> WordTable {
    let table = WordTable(
      count: wordCount, offsets: try block(.wordOffsets), bytes: try block(.wordBytes), slots: try block(.wordSlots))
    guard let table else { throw damage }
    return table
  }

  func lines() throws -> LineTable {
    guard let table = LineTable(try block(.lines), wordCount: wordCount) else { throw damage }
    return table
  }

  func levels() throws -> [PackedLevel] {
    try (0..<order).map { index in
      let first = ModelFormat.headerWords + ModelFormat.levelWords * index
      let count = bytes.loadUnaligned(fromByteOffset: first * 8, as: UInt64.self)
      let packed = bytes.loadUnaligned(fromByteOffset: first * 8 + 8, as: UInt64.self)
      func width(_ place: UInt64) -> Int { Int(packed >> (8 * place) & 0xFF) }
      let widths = PackedLevel.Widths(
        word: width(0), probability: width(1), backoff: width(2), extensions: width(3), suffix: width(4))
      let isHighest = index + 1 == order
      let records = try block(at: first + 2)
      let probabilities = try block(at: first + 4)
      let backoffs = try block(at: first + 6)
      guard count < UInt64(Int32.max), widths.word <= 28, widths.extensions <= 33, widths.suffix <= 33,
        widths.backoff <= 32, (Int(count) + 1) * widths.total <= records.count * 8,
        index == 0 ? widths.word == 0 && count == wordCount : 1 << widths.word >= wordCount,
        (widths.suffix > 0) == (index > 1 && !isHighest), (widths.backoff > 0) == !isHighest,
        (widths.extensions > 0) == !isHighest,
        widths.probability == PackedLevel.exactWidth
          || widths.probability == 8 && probabilities.count % 4 == 0 && probabilities.count > 0,
        let recordBase = records.baseAddress, let probabilityBase = probabilities.baseAddress,
        let backoffBase = backoffs.baseAddress
      else { throw damage }
      return PackedLevel(
        count: Int(count), widths: widths, records: recordBase, probabilities: probabilityBase, backoffs: backoffBase,
        tables: (probabilities.count / 4, backoffs.count / 4), wordCount: wordCount)
    }
  }

  /// Makes sure that every number in a record points at something; a level's words always do.
  func check(_ levels: [PackedLevel]) throws {
    for (index, level) in levels.enumerated() {
      let isHighest = index + 1 == levels.count
      let above = isHighest ? 0 : levels[index + 1].count
      let below = index > 1 && !isHighest ? levels[index - 1].count : Int.max
      let isExact = level.widths.probability == PackedLevel.exactWidth
      // Sums instead of branches: nearly all models are sound.
      var faults = 0
      var previous = 0
      for item in 0..<(isHighest && isExact ? 0 : level.count) {
        if !isExact { faults &+= level.probabilityCode(item) < level.tables.probabilities ? 0 : 1 }
        if isHighest { continue }
        faults &+= level.backoffCode(item) < level.tables.backoffs ? 0 : 1
        let start = level.extensions(item)
        faults &+= start < previous ? 1 : 0
        previous = start
        if below < Int.max { faults &+= level.suffix(item) < below ? 0 : 1 }
      }
      if !isHighest {
        let end = level.extensions(level.count)
        faults &+= end < previous || end != above ? 1 : 0
      }
      guard faults == 0 else { throw damage }
    }
  }
}
