/// A byte-level byte-pair encoding that was learnt from texts, as the finished model's file states it.
///
/// Slots such as `{brand}` are tokens of their own, so a model writes around them and never spells them.
struct LearntTokenizer {
  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  static let ending: Int32 = 0
  /// Names of the control token and the slots, which come before the bytes.
  let slots: [String]
  /// Of each merge, its parts; numbered from 256 on, bytes being 0..<256.
  let merges: [(left: Int32, right: Int32)]
  private let ranks: [Pair: Int32]
  private let slotTokens: [String: Int32]

  /// - Parameter most: tokens in all.
  init(learningFrom texts: [String], most: Int) {
    var names: [String: Int] = [:]
    for text in texts { Self.cut(text) { if case .slot(let name) = $0 { names[name, default: 0] += 1 } } }
    slots = names.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(256).map(\.key).sorted()
    var words: [[UInt8]: Int] = [:]
    for text in texts {
      Self.cut(text) { part in
        guard case .text(let bytes) = part else { return }
        Self.words(bytes) { words[$0, default: 0] += 1 }
      }
    }
    var trainer = BytePairTrainer(words: words)
    merges = trainer.merges(most: max(0, most - 257 - slots.count))
    ranks = Dictionary(
      merges.enumerated().map { (Pair(left: $1.left, right: $1.right), Int32($0)) },
      uniquingKeysWith: { first, _ in first })
    slotTokens = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1, Int32($0 + 1)) })
  }

  /// How many tokens there are: the ending, the slots, the bytes, the merges.
  var count: Int { 1 + slots.count + 256 + merges.count }

  /// A text with the ending before it, which begins each text too.
  func segment(_ text: String) -> [Int32] {
    var tokens = [Self.ending]
    let base = Int32(1 + slots.count)
    Self.cut(text) { part in
      switch part {
      case .slot(let name) where slotTokens[name] != nil: tokens.append(slotTokens[name] ?? 0)
      case .slot(let name): Self.words(Array(name.utf8)) { tokens += encode($0).map { $0 + base } }
      case .text(let bytes): Self.words(bytes) { tokens += encode($0).map { $0 + base } }
      }
    }
    return tokens
  }

  private func encode(_ word: [UInt8]) -> [Int32] {
    var tokens = word.map(Int32.init)
    while tokens.count > 1 {
      var best: (rank: Int32, place: Int)?
      for place in 0..<tokens.count - 1 {
        if let rank = ranks[Pair(left: tokens[place], right: tokens[place + 1])], rank < best?.rank ?? .max {
          best = (rank, place)
        }
      }
      guard let best else { break }
      tokens.replaceSubrange(best.place...best.place + 1, with: [256 + best.rank])
    }
    return tokens
  }

  /// The bytes of every token of bytes or merges, in order.
  var pieces: [[UInt8]] {
    var pieces = (0...255).map { [UInt8($0)] }
    for merge in merges { pieces.append(pieces[Int(merge.left)] + pieces[Int(merge.right)]) }
    return pieces
  }

  private enum Part {
    case text([UInt8])
    case slot(String)
  }

  /// Cuts slots out of a text: a name of lower-case letters, digits, dots and underscores within braces.
  private static func cut(_ text: String, _ body: (Part) -> Void) {
    let bytes = Array(text.utf8)
    var start = 0
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "{"),
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "}")), end > place + 1,
        bytes[place + 1..<end].allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || $0 == 46 })
      {
        if place > start { body(.text(Array(bytes[start..<place]))) }
        body(.slot(String(decoding: bytes[place...end], as: UTF8.self)))
        place = end + 1
        start = place
      } else {
        place += 1
      }
    }
    if start < bytes.count { body(.text(Array(bytes[start...]))) }
  }

  private static func words(_ bytes: [UInt8], _ body: ([UInt8]) -> Void) {
    bytes.withUnsafeBytes { PreTokenizer.smollm.split($0) { body(Array($0)) } }
  }
}

extension ByteAlphabet {
  /// Bytes as the printable characters that stand for them in a vocabulary, in UTF-8.
  static func spelt(_ bytes: [UInt8]) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(character(of: byte)) }
    return Array(String(text).utf8)
  }
}
