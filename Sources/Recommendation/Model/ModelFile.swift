public import Core

/// A model as bytes: a line of JSON that says what follows, then arrays of 4-byte little-endian numbers.
///
/// The line holds the settings and the counts; the last 8 bytes are a checksum of all before.
extension RecommendationModel {
  private static let format = "bespoke-recommender"
  private static let version: Int64 = 1

  /// The model's file.
  ///
  /// The same model gives the same bytes.
  public var bytes: [UInt8] {
    var ids: [UInt8] = []
    var ends: [Int32] = []
    for id in itemIDs {
      ids.append(contentsOf: id.utf8)
      ends.append(Int32(ids.count))
    }
    var body: [UInt8] = []
    body.append(words: ends)
    body.append(words: sources.starts)
    body.append(words: sources.columns)
    body.append(words: sources.weights.map { Int32(bitPattern: $0.bitPattern) })
    body.append(words: popularity.map { Int32(bitPattern: $0.bitPattern) })
    body.append(words: userCounts)
    body.append(contentsOf: ids)
    let head = Document { builder in
      builder.beginObject()
      builder.key("format")
      builder.string(Self.format)
      builder.key("version")
      builder.int(Self.version)
      builder.key("items")
      builder.int(Int64(itemIDs.count))
      builder.key("entries")
      builder.int(Int64(sources.columns.count))
      builder.key("id_bytes")
      builder.int(Int64(ids.count))
      builder.key("last_event")
      builder.int(lastEvent)
      builder.key("erasures")
      builder.int(Int64(erasures))
      builder.key("settings")
      settings.write(to: builder)
      builder.end()
    }
    var file = Array(head.json.utf8) + [10] + body
    let sum = checksum(file[...])
    for shift in stride(from: UInt64(0), to: 64, by: 8) { file.append(UInt8(truncatingIfNeeded: sum >> shift)) }
    return file
  }

  /// Reads a model's file.
  ///
  /// - Throws: `Diagnostic` of kind "invalid model" where it is none, of another version, or damaged.
  public init(bytes: UnsafeBufferPointer<UInt8>, name: String) throws(Diagnostic) {
    func refuse(_ detail: String) -> Diagnostic {
      Diagnostic(
        "invalid model", "'\(name)' \(detail)", help: "make it with 'bespoke train recommender'")
    }
    guard let lineEnd = bytes.prefix(1 << 16).firstIndex(of: 10),
      let head = try? Document(json: String(decoding: bytes[..<lineEnd], as: UTF8.self)),
      head.root["format"].string == Self.format
    else { throw refuse("is no model of the recommender") }
    let (items, entries, idBytes) = (
      Int(head.root["items"].int ?? -1), Int(head.root["entries"].int ?? -1), Int(head.root["id_bytes"].int ?? -1)
    )
    let version = head.root["version"].int ?? 0
    guard version == Self.version else { throw refuse("has version \(version), this plugin reads \(Self.version)") }
    guard bytes.count >= lineEnd + 9 else { throw refuse("is cut short or too long") }
    let body = UnsafeBufferPointer(rebasing: bytes[(lineEnd + 1)..<(bytes.count - 8)])
    guard 0...100_000_000 ~= items, 0...1_000_000_000 ~= entries, 0...4_000_000_000 ~= idBytes,
      body.count == (items * 4 + 1 + entries * 2) * 4 + idBytes
    else { throw refuse("is cut short or too long") }
    let stated = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated == checksum(bytes.dropLast(8)) else { throw refuse("is damaged: its checksum is another one") }
    var at = 0
    func words(_ count: Int) -> [Int32] {
      defer { at += count * 4 }
      return (0..<count).map { body.word(at: at + $0 * 4) }
    }
    let ends = words(items)
    let starts = words(items + 1)
    let columns = words(entries)
    let weights = words(entries).map { Float(bitPattern: UInt32(bitPattern: $0)) }
    let popularity = words(items).map { Float(bitPattern: UInt32(bitPattern: $0)) }
    let userCounts = words(items)
    let isOrdered =
      zip([0] + ends, ends).allSatisfy { $0 <= $1 } && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
    guard isOrdered, ends.last ?? 0 == Int32(idBytes), starts.first == 0, starts.last == Int32(entries),
      columns.allSatisfy({ 0..<Int32(items) ~= $0 })
    else { throw refuse("holds numbers that fit no model") }
    let ids = zip([0] + ends, ends).map { String(decoding: body[(at + Int($0))..<(at + Int($1))], as: UTF8.self) }
    self.init(
      settings: RecommendationSettings(head.root["settings"]), itemIDs: ids,
      sources: SparseRows(starts: starts, columns: columns, weights: weights), popularity: popularity,
      userCounts: userCounts, lastEvent: head.root["last_event"].int ?? 0,
      erasures: Int(head.root["erasures"].int ?? 0))
  }
}

extension RecommendationSettings {
  private static var numbers: [(String, WritableKeyPath<RecommendationSettings, Float>)] {
    [
      ("alpha", \.alpha), ("beta", \.beta), ("prior_users", \.priorUsers), ("directed", \.directed),
      ("recency", \.recency),
      ("basket_decay", \.basketDecay), ("basket_floor", \.basketFloor), ("popularity_of_new", \.popularityOfNew),
      ("popularity_of_known", \.popularityOfKnown), ("new_items", \.newItems),
    ]
  }
  private static var counts: [(String, WritableKeyPath<RecommendationSettings, Int>)] {
    [
      ("neighbours", \.neighbours), ("steps", \.steps), ("history_limit", \.historyLimit),
    ]
  }

  /// The settings in an object; what is missing is as usual.
  public init(_ value: Value) {
    self.init()
    for (name, path) in Self.numbers {
      if let number = value[name].double { self[keyPath: path] = Float(number) }
    }
    for (name, path) in Self.counts {
      if let number = value[name].int, 0...1_000_000_000 ~= number { self[keyPath: path] = Int(number) }
    }
    if let days = value["half_life_days"].double { halfLifeDays = days }
  }

  /// Adds the settings as an object.
  public func write(to builder: DocumentBuilder) {
    builder.beginObject()
    for (name, path) in Self.numbers {
      builder.key(name)
      builder.double(Double("\(self[keyPath: path])") ?? 0)
    }
    for (name, path) in Self.counts {
      builder.key(name)
      builder.int(Int64(self[keyPath: path]))
    }
    builder.key("half_life_days")
    builder.double(halfLifeDays)
    builder.end()
  }
}

extension [UInt8] {
  fileprivate mutating func append(words: [Int32]) {
    reserveCapacity(count + words.count * 4)
    for word in words {
      for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: word >> Int32(shift))) }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func word(at index: Int) -> Int32 {
    Int32(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: index, as: Int32.self))
  }
}

/// FNV-1a over bytes.
private func checksum(_ bytes: some Collection<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return hash
}
