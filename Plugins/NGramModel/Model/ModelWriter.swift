/// Packs n-grams into a binary model.
public struct ModelWriter {
  /// Whether probabilities and back-offs take eight bits each instead of being exact.
  public var isQuantised = false
  /// What the plugin keeps beside the model, as JSON.
  public var metadata = "{}"
  /// The text that the model was trained on, for the novelty guard; nil leaves it out.
  public var text: Corpus?

  /// A writer of exact models.
  public init() {}

  private struct Block {
    var start = 0
    var length = 0
  }

  private struct Layout {
    var size: Int
    mutating func add(_ length: Int) -> Block {
      let block = Block(start: size, length: length)
      size += (length + 7) / 8 * 8 + 8
      return block
    }
  }

  /// One order, ready to be packed.
  private struct Level {
    var widths: PackedLevel.Widths
    /// The n-grams in the order of the file.
    var order: Buffer<UInt32>
    /// Where the extensions of each n-gram start, in the order of the file; one more entry than there are n-grams.
    var extensions: Buffer<UInt32>
    var probabilities: FloatTable?
    var backoffs: FloatTable?
    var records = Block()
    var probabilityTable = Block()
    var backoffTable = Block()
  }

  /// Writes a model to a file, which is replaced if it exists.
  ///
  /// - Throws: `Diagnostic` where the file cannot be written.
  public func write(_ model: NGrams, to path: String) throws {
    let bytes = bytes(of: model)
    try ByteSink.write(to: path) { sink in bytes.withUnsafeBufferPointer { sink.write($0) } }
  }

  /// The file's bytes.
  ///
  /// - Complexity: O(n-grams).
  public func bytes(of model: NGrams) -> [UInt8] {
    var levels: [Level] = []
    /// For each n-gram of the order below, its place in the file.
    var places = Buffer<UInt32>(uninitialized: 0)
    var suffixPlaces: [Buffer<UInt32>] = []
    let wordWidth = bitWidth(below: model.vocabulary.count)
    for (index, level) in model.levels.enumerated() {
      let isHighest = index + 1 == model.order
      var packed = Level(
        widths: .init(), order: Buffer(uninitialized: level.size), extensions: Buffer(uninitialized: 0),
        probabilities: nil, backoffs: nil)
      if index == 0 {
        for item in 0..<level.size { packed.order.base[item] = UInt32(item) }
      } else {
        let below = model.levels[index - 1].size
        levels[index - 1].extensions = Self.group(level, by: places, contexts: below, wordWidth, into: packed.order)
        levels[index - 1].widths.extensions = bitWidth(below: level.size + 1)
        packed.widths.word = wordWidth
        if index > 1, !isHighest { packed.widths.suffix = bitWidth(below: below) }
      }
      // Frequent words are few and matter most, so words keep exact probabilities.
      if isQuantised, index > 0 {
        packed.probabilities = FloatTable(quantising: level.logProbability.all, bits: 8)
        packed.widths.probability = 8
      } else {
        packed.widths.probability = PackedLevel.exactWidth
      }
      if !isHighest {
        let table =
          isQuantised
          ? FloatTable(quantising: level.logBackoff.all, bits: 8) : FloatTable(exactly: level.logBackoff.all)
        packed.widths.backoff = isQuantised ? 8 : bitWidth(below: table.values.count)
        packed.backoffs = table
      }
      suffixPlaces.append(places)
      places = Buffer(uninitialized: level.size)
      for (place, item) in packed.order.all.enumerated() { places.base[Int(item)] = UInt32(place) }
      levels.append(packed)
    }
    return pack(model, levels, suffixPlaces)
  }

  /// Sorts n-grams by the place of their context, then by key, and returns where each context's n-grams start.
  private static func group(
    _ level: NGrams.Level, by places: Buffer<UInt32>, contexts: Int, _ wordWidth: Int, into order: Buffer<UInt32>
  ) -> Buffer<UInt32> {
    let starts = Buffer<UInt32>(count: contexts + 1, repeating: 0)
    for item in 0..<level.size { starts.base[Int(places.base[Int(level.context.base[item])]) + 1] += 1 }
    for place in 0..<contexts { starts.base[place + 1] += starts.base[place] }
    let next = Buffer<UInt32>(uninitialized: contexts)
    next.base.update(from: starts.base, count: contexts)
    // An n-gram's key above its number: sorting these sorts by key.
    let keyed = Buffer<UInt64>(uninitialized: level.size)
    let mask = (UInt64(1) << UInt64(wordWidth)) - 1
    for item in 0..<level.size {
      let context = Int(places.base[Int(level.context.base[item])])
      let place = next.base[context]
      next.base[context] = place + 1
      keyed.base[Int(place)] = PackedLevel.key(ofWord: level.last.base[item], mask: mask) << 32 | UInt64(item)
    }
    for context in 0..<contexts {
      sort(keyed.base, from: Int(starts.base[context]), to: Int(starts.base[context + 1]))
    }
    for place in 0..<level.size { order.base[place] = UInt32(truncatingIfNeeded: keyed.base[place]) }
    return starts
  }

  private static func sort(_ values: UnsafeMutablePointer<UInt64>, from start: Int, to end: Int) {
    if end - start > 24 {
      var run = UnsafeMutableBufferPointer(start: values + start, count: end - start)
      run.sort()
      return
    }
    guard end - start > 1 else { return }
    for index in start + 1..<end {
      let value = values[index]
      var place = index
      while place > start, values[place - 1] > value {
        values[place] = values[place - 1]
        place -= 1
      }
      values[place] = value
    }
  }

  private func pack(_ model: NGrams, _ levels: [Level], _ suffixPlaces: [Buffer<UInt32>]) -> [UInt8] {
    var levels = levels
    var layout = Layout(size: (ModelFormat.headerWords + ModelFormat.levelWords * levels.count) * 8)
    let words = WordTable.blocks(of: model.vocabulary)
    let lines = text.map { LineTable.block(of: $0, in: model.vocabulary) } ?? []
    let metadata = Array(metadata.utf8)
    let blocks = [words.offsets, words.bytes, words.slots, lines, metadata].map { (layout.add($0.count), $0) }
    for index in levels.indices {
      levels[index].records = layout.add((levels[index].widths.total * (model.levels[index].size + 1) + 7) / 8)
      levels[index].probabilityTable = layout.add((levels[index].probabilities?.values.count ?? 0) * 4)
      levels[index].backoffTable = layout.add((levels[index].backoffs?.values.count ?? 0) * 4)
    }
    return [UInt8](unsafeUninitializedCapacity: layout.size) { buffer, count in
      buffer.initialize(repeating: 0)
      count = layout.size
      guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      func put(_ value: Int, at word: Int) {
        base.storeBytes(of: UInt64(value), toByteOffset: word * 8, as: UInt64.self)
      }
      base.storeBytes(of: ModelFormat.magic, as: UInt64.self)
      put(Int(ModelFormat.version), at: ModelFormat.Field.version.rawValue)
      put(layout.size, at: ModelFormat.Field.length.rawValue)
      put(model.order, at: ModelFormat.Field.order.rawValue)
      put(model.vocabulary.count, at: ModelFormat.Field.words.rawValue)
      for (index, (block, bytes)) in blocks.enumerated() {
        put(block.start, at: ModelFormat.Field.wordOffsets.rawValue + 2 * index)
        put(block.length, at: ModelFormat.Field.wordOffsets.rawValue + 2 * index + 1)
        bytes.withUnsafeBytes { bytes in
          if let start = bytes.baseAddress { (base + block.start).copyMemory(from: start, byteCount: bytes.count) }
        }
      }
      for (index, level) in levels.enumerated() {
        let first = ModelFormat.headerWords + ModelFormat.levelWords * index
        let widths = level.widths
        put(model.levels[index].size, at: first)
        put(
          widths.word | widths.probability << 8 | widths.backoff << 16 | widths.extensions << 24 | widths.suffix << 32,
          at: first + 1)
        for (offset, block) in [level.records, level.probabilityTable, level.backoffTable].enumerated() {
          put(block.start, at: first + 2 + 2 * offset)
          put(block.length, at: first + 3 + 2 * offset)
        }
        for (table, block) in [(level.probabilities, level.probabilityTable), (level.backoffs, level.backoffTable)] {
          for (place, value) in (table?.values ?? []).enumerated() {
            base.storeBytes(of: value, toByteOffset: block.start + place * 4, as: Float.self)
          }
        }
        Self.write(model.levels[index], level, suffixPlaces[index], to: base + level.records.start)
      }
      let checked = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[ModelFormat.checkedFrom...])
      base.storeBytes(
        of: ModelFormat.checksum(checked), toByteOffset: ModelFormat.Field.checksum.rawValue * 8, as: UInt64.self)
    }
  }

  private static func write(
    _ source: NGrams.Level, _ level: Level, _ suffixPlaces: Buffer<UInt32>, to base: UnsafeMutableRawPointer
  ) {
    var writer = BitWriter(base)
    let widths = level.widths
    let mask = (UInt64(1) << UInt64(widths.word)) - 1
    let probabilityCodes = level.probabilities?.codes
    let backoffCodes = level.backoffs?.codes
    for place in 0..<source.size {
      let item = Int(level.order.base[place])
      if widths.word > 0 {
        writer.write(PackedLevel.key(ofWord: source.last.base[item], mask: mask), width: widths.word)
      }
      if let probabilityCodes {
        writer.write(UInt64(probabilityCodes.base[item]), width: widths.probability)
      } else {
        writer.write(UInt64(source.logProbability.base[item].bitPattern & (1 << 31 - 1)), width: widths.probability)
      }
      guard let backoffCodes else { continue }
      writer.write(UInt64(backoffCodes.base[item]), width: widths.backoff)
      writer.write(UInt64(level.extensions.base[place]), width: widths.extensions)
      if widths.suffix > 0 {
        writer.write(UInt64(suffixPlaces.base[Int(source.suffix.base[item])]), width: widths.suffix)
      }
    }
    guard backoffCodes != nil else { return }
    for width in [widths.word, widths.probability, widths.backoff] { writer.write(0, width: width) }
    writer.write(UInt64(level.extensions.base[source.size]), width: widths.extensions)
  }
}
