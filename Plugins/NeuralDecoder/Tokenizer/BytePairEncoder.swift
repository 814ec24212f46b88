import Core

/// Byte-level byte-pair encoding: words of bytes are joined by the ranks of the model's merges.
///
/// Source: Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.2.
struct BytePairEncoder: Sendable {
  private let vocabulary: Vocabulary
  private let preTokenizer: PreTokenizer
  private let byteTokens: [Int32]
  private var merges: PairTable

  init(_ file: GGUFFile, _ vocabulary: Vocabulary) throws(Diagnostic) {
    self.vocabulary = vocabulary
    preTokenizer = try PreTokenizer(named: file.text("tokenizer.ggml.pre"))
    byteTokens = (0..<256).map { byte in
      String(ByteAlphabet.character(of: UInt8(byte))).utf8.withContiguousStorageIfAvailable {
        vocabulary.token(UnsafeRawBufferPointer($0))
      }?.flatMap(\.self) ?? vocabulary.token(String(ByteAlphabet.character(of: UInt8(byte)))) ?? -1
    }
    guard let list = try file.array("tokenizer.ggml.merges", of: [.string]) else {
      throw .model("'tokenizer.ggml.merges' is missing")
    }
    guard list.count < 1 << 24 else { throw .model("it has \(list.count) merges, more than any known model") }
    merges = PairTable(capacity: list.count)
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[list.range])
    var offset = 0
    var joined: [UInt8] = []
    for rank in 0..<list.count {
      let count = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let text = UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + count])
      offset += 8 + count
      guard let space = text.dropFirst().firstIndex(of: UInt8(ascii: " ")) else { continue }
      let left = UnsafeRawBufferPointer(rebasing: text[..<space])
      let right = UnsafeRawBufferPointer(rebasing: text[(space + 1)...])
      joined.removeAll(keepingCapacity: true)
      joined.append(contentsOf: left)
      joined.append(contentsOf: right)
      guard let first = vocabulary.token(left), let second = vocabulary.token(right),
        let token = joined.withUnsafeBytes({ vocabulary.token($0) })
      else { continue }
      merges.insert(first, second, rank: Int32(rank), token: token)
    }
  }

  /// Adds the tokens of a fragment to `tokens`.
  func encode(_ fragment: UnsafeRawBufferPointer, into tokens: inout [Int32]) {
    var symbols: [Symbol] = []
    var merger = PairMerger()
    var found = tokens
    preTokenizer.split(fragment) { word in
      if preTokenizer == .llama3, let whole = whole(word) {
        found.append(whole)
        return
      }
      symbols.removeAll(keepingCapacity: true)
      // A byte that has no token stands between its neighbours, who are not joined over it.
      for (index, byte) in word.enumerated() {
        symbols.append(Symbol(start: index, count: 1, token: byteTokens[Int(byte)]))
      }
      merger.merge(&symbols) { left, right in
        merges.find(left.token, right.token).map { Merge(priority: -Float($0.rank), token: $0.token) }
      } emit: { symbol in
        if symbol.token >= 0 { found.append(symbol.token) }
      }
    }
    tokens = found
  }

  /// The token that is a whole word; Llama 3 takes it whatever the merges say.
  private func whole(_ word: UnsafeRawBufferPointer) -> Int32? {
    var text = ""
    for byte in word { text.unicodeScalars.append(ByteAlphabet.character(of: byte)) }
    return vocabulary.token(text)
  }

  /// Adds the bytes that a token stands for.
  func decode(_ token: Int32, into bytes: inout [UInt8]) {
    for scalar in String(decoding: vocabulary.text(token), as: UTF8.self).unicodeScalars {
      if let byte = ByteAlphabet.byte(of: scalar) {
        bytes.append(byte)
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
      }
    }
  }
}

/// The printable characters that stand for bytes in such vocabularies.
enum ByteAlphabet {
  private static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte) ?? " "
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? " "
      }
    }
  }()

  private static let bytes = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($0.element, UInt8($0.offset)) })

  static func character(of byte: UInt8) -> Unicode.Scalar { characters[Int(byte)] }
  static func byte(of character: Unicode.Scalar) -> UInt8? { bytes[character] }
}

/// The merges by the tokens they join: an open-addressing table.
struct PairTable: Sendable {
  private struct Entry {
    var left: Int32 = -1
    var right: Int32 = -1
    var rank: Int32 = 0
    var token: Int32 = 0
  }

  private var entries: [Entry]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    entries = [Entry](repeating: Entry(), count: size)
    mask = size - 1
  }

  /// Adds a merge; of two for the same pair the first counts.
  mutating func insert(_ left: Int32, _ right: Int32, rank: Int32, token: Int32) {
    let slot = slot(left, right)
    if entries[slot].left < 0 { entries[slot] = Entry(left: left, right: right, rank: rank, token: token) }
  }

  func find(_ left: Int32, _ right: Int32) -> (rank: Int32, token: Int32)? {
    let entry = entries[slot(left, right)]
    return entry.left < 0 ? nil : (entry.rank, entry.token)
  }

  /// The place of a pair, or the empty place where it belongs.
  private func slot(_ left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
    while entries[slot].left >= 0, entries[slot].left != left || entries[slot].right != right {
      slot = (slot + 1) & mask
    }
    return slot
  }
}
