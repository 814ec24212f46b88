extension Value {
  /// Decodes a `Decodable` type from the value: the way to read a configuration.
  ///
  /// - Throws: `PluginError` with code `config`, naming the field and what was expected.
  public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    do {
      return try T(from: ValueDecoder(value: self, codingPath: []))
    } catch let error as DecodingError {
      throw PluginError(error)
    }
  }
}

extension PluginError {
  init(_ error: DecodingError) {
    func field(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
      (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(.config, field: field(context, key), "option '\(field(context, key))' is missing")
    case .valueNotFound(let type, let context), .typeMismatch(let type, let context):
      self.init(
        .config, field: field(context), "option '\(field(context))' must be a \(type), \(context.debugDescription)")
    case .dataCorrupted(let context):
      self.init(.config, field: field(context), "option '\(field(context))': \(context.debugDescription)")
    @unknown default: self.init(.config, "\(error)")
    }
  }
}

/// Reads values in place; nothing is copied but the strings asked for.
private struct ValueDecoder: Decoder {
  let value: Value
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard value.kind == .object else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(Keyed(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard value.kind == .array else { throw mismatch([Any].self) }
    return Unkeyed(decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "found \(value.kind)"))
  }

  func scalar<T>(_ scalar: T?) throws -> T {
    guard let scalar else { throw mismatch(T.self) }
    return scalar
  }

  func integer<T: FixedWidthInteger>() throws -> T {
    guard value.kind == .integer || value.kind == .double, let double = value.double else { throw mismatch(T.self) }
    if value.kind == .integer, let whole = value.int, let exact = T(exactly: whole) { return exact }
    guard let exact = T(exactly: double) else { throw mismatch(T.self) }
    return exact
  }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] {
    (0..<decoder.value.count).compactMap {
      Key(stringValue: String(decoding: decoder.value.key(at: $0), as: UTF8.self))
    }
  }

  func member(_ key: Key) throws -> ValueDecoder {
    let value = decoder.value[key.stringValue]
    guard value.kind != .missing else {
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
    }
    return ValueDecoder(value: value, codingPath: codingPath + [key])
  }

  func contains(_ key: Key) -> Bool { decoder.value[key.stringValue].kind != .missing }
  func decodeNil(forKey key: Key) throws -> Bool { try member(key).value.kind == .null }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: member(key)) }
  func nestedContainer<N: CodingKey>(keyedBy type: N.Type, forKey key: Key) throws -> KeyedDecodingContainer<N> {
    try member(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let decoder: ValueDecoder
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { decoder.value.count }
  var isAtEnd: Bool { currentIndex >= decoder.value.count }

  init(decoder: ValueDecoder) { self.decoder = decoder }

  mutating func next() throws -> ValueDecoder {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(Any.self, .init(codingPath: codingPath, debugDescription: "no more elements"))
    }
    defer { currentIndex += 1 }
    return ValueDecoder(value: decoder.value[currentIndex], codingPath: codingPath)
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, decoder.value[currentIndex].kind == .null else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: next()) }
  mutating func nestedContainer<N: CodingKey>(keyedBy type: N.Type) throws -> KeyedDecodingContainer<N> {
    try next().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: ValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { !decoder.value.exists }
  func decode(_ type: Bool.Type) throws -> Bool { try decoder.scalar(decoder.value.bool) }
  func decode(_ type: String.Type) throws -> String {
    try decoder.scalar(decoder.value.kind == .string ? decoder.value.string : nil)
  }
  func decode(_ type: Double.Type) throws -> Double { try decoder.scalar(decoder.value.double) }
  func decode(_ type: Float.Type) throws -> Float { try decoder.scalar(decoder.value.double.map(Float.init)) }
  func decode(_ type: Int.Type) throws -> Int { try decoder.integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer() }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: decoder) }
}
