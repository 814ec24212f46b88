import Core

/// The tokens of a model, read where they lie in its file: no String is made for any of them.
public struct Vocabulary: @unchecked Sendable {
  // The bytes are the file's, mapped read-only; hence the unchecked conformance.
  /// What a token stands for.
  public enum Kind: UInt8, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  private let bytes: UnsafeRawBufferPointer
  // Where token i's length field begins; one more entry marks the end.
  private let starts: [UInt32]
  private let kinds: [UInt8]
  private var index: ByteIndex

  /// Reads `tokenizer.ggml.tokens` and `tokenizer.ggml.token_type`.
  init(_ file: GGUFFile) throws(Diagnostic) {
    guard let tokens = try file.array("tokenizer.ggml.tokens", of: [.string]), tokens.count > 0 else {
      throw .model("'tokenizer.ggml.tokens' is missing", help: "name a model that holds its own tokenizer")
    }
    guard tokens.count < 1 << 24, tokens.range.count < 1 << 31 else {
      throw .model("it has \(tokens.count) tokens, more than any known model")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[tokens.range])
    var starts: [UInt32] = []
    starts.reserveCapacity(tokens.count + 1)
    var offset = 0
    for _ in 0..<tokens.count {
      starts.append(UInt32(offset))
      offset += 8 + Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    starts.append(UInt32(offset))
    self.bytes = bytes
    self.starts = starts
    kinds = try Self.kinds(file, tokens.count)
    var index = ByteIndex(capacity: tokens.count)
    let textOf = { (token: Int32) in Self.text(bytes, starts, token) }
    for token in 0..<Int32(tokens.count) { index.insert(token, textOf(token), textOf: textOf) }
    self.index = index
  }

  private static func kinds(_ file: GGUFFile, _ count: Int) throws(Diagnostic) -> [UInt8] {
    guard let types = try file.array("tokenizer.ggml.token_type", of: [.int32, .uint32]) else {
      return [UInt8](repeating: Kind.normal.rawValue, count: count)
    }
    guard types.count == count else {
      throw .model("'tokenizer.ggml.token_type' has \(types.count) elements, expected \(count)")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[types.range])
    return (0..<count).map { index in
      let type = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
      return type <= 6 ? UInt8(max(1, type)) : Kind.normal.rawValue
    }
  }

  /// How many tokens there are.
  public var count: Int { starts.count - 1 }

  /// The text of a token as the file has it.
  public func text(_ token: Int32) -> UnsafeRawBufferPointer { Self.text(bytes, starts, token) }

  /// What a token stands for.
  public func kind(_ token: Int32) -> Kind { Kind(rawValue: kinds[Int(token)]) ?? .normal }

  /// The token with this text, or nil.
  public func token(_ text: UnsafeRawBufferPointer) -> Int32? { index.find(text) { Self.text(bytes, starts, $0) } }

  /// The token with this text, or nil.
  public func token(_ text: String) -> Int32? {
    var text = text
    return text.withUTF8 { token(UnsafeRawBufferPointer($0)) }
  }

  @inline(__always)
  private static func text(
    _ bytes: UnsafeRawBufferPointer, _ starts: [UInt32], _ token: Int32
  ) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[Int(starts[Int(token)]) + 8..<Int(starts[Int(token) + 1])])
  }
}
