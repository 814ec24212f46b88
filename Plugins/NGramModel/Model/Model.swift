import Core

/// A binary model, ready to be asked; it reads the bytes where they lie.
///
/// Every index that the bytes hold is checked when the model is opened, so no later question leaves the bytes.
public final class Model: @unchecked Sendable {
  // Sendable because everything is written once, in `init`, and the bytes are only read.
  let words: WordTable
  let levels: Buffer<PackedLevel>
  let lines: LineTable
  /// What the plugin keeps beside the model, as JSON.
  public let metadata: String
  /// The longest n-gram, in words.
  public let order: Int
  private let owner: AnyObject?

  /// Opens a model's bytes; `owner` keeps them alive, `name` is for messages.
  ///
  /// - Throws: `Diagnostic` where the bytes are not a model, of another version, cut short or damaged.
  /// - Complexity: O(bytes), one pass for the checksum and one for the indices.
  public init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?, name: String) throws {
    let file = try ModelFile(bytes, name: name)
    self.owner = owner
    order = file.order
    let packed = try file.levels()
    levels = Buffer(packed)
    words = try file.words()
    lines = try file.lines()
    metadata = String(decoding: try file.block(.metadata), as: UTF8.self)
    try file.check(packed)
  }

  /// Opens a model file by mapping it.
  ///
  /// - Throws: `Diagnostic` where the file cannot be read or is not a model.
  public convenience init(path: String) throws {
    let file = try MappedFile(path: path)
    try self.init(UnsafeRawBufferPointer(file.bytes), owner: file, name: path)
  }

  /// A model in memory.
  ///
  /// - Throws: `Diagnostic` where the bytes are not a model.
  public convenience init(_ bytes: [UInt8], name: String = "model") throws {
    let buffer = Buffer(bytes)
    try self.init(UnsafeRawBufferPointer(buffer.all), owner: buffer, name: name)
  }

  /// How many words, the three special ones among them.
  public var wordCount: Int { words.count }
  /// How many n-grams there are of each order, from 1 on.
  public var counts: [Int] { levels.all.map(\.count) }

  /// Whether it holds the text that it was trained on.
  public var hasText: Bool { lines.count > 0 }
  /// Whether its numbers take eight bits each.
  public var isQuantised: Bool { levels[order - 1].widths.probability != PackedLevel.exactWidth }

  /// The number of a word; 0 where the model does not know it.
  public func id(of word: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let start = word.baseAddress, word.count > 0 else { return Vocabulary.unknown }
    return words.id(start, word.count, hash: Vocabulary.hash(start, word.count))
  }

  /// The number of a word; 0 where the model does not know it.
  public func id(of word: String) -> UInt32 {
    var word = word
    return word.withUTF8 { id(of: $0) }
  }

  /// A word as text; bytes that are not UTF-8 show as U+FFFD.
  public func text(_ id: UInt32) -> String { String(decoding: words.word(id), as: UTF8.self) }
}
