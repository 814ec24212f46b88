import Core
import Crypto

/// All that a plugin is asked for one brief, as a hash: the plugin, its options, the seed and the brief itself.
struct CallKey: Hashable {
  static let count = 16
  private let words: SIMD2<UInt64>

  /// - Parameters:
  ///   - step: what does not change from brief to brief.
  ///   - scratch: memory that is used again.
  init(step: [UInt8], brief: Value, seed: UInt64, scratch: inout [UInt8]) {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(number: seed, bytes: 8)
    scratch.appendJSON(brief)
    var hash = SHA256()
    hash.update(data: step)
    hash.update(data: scratch)
    self.init(Array(hash.finalize().prefix(Self.count)))
  }

  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    self.init(Array(bytes))
  }

  private init(_ bytes: [UInt8]) {
    words = bytes.withUnsafeBytes {
      SIMD2($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }

  var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }
}

/// What a plugin answered for one brief: what it wrote and noted, or why it skipped.
struct RememberedCall {
  /// Why nothing was written; nil where something was.
  var skipReason: String?
  var slots: [(slot: Int, content: Content)] = []
  var notes: [OutputItem.Note] = []

  enum Content {
    case text([UInt8])
    case json([UInt8])
  }

  init() {}

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func add(_ text: some Collection<UInt8>) {
      bytes.append(number: UInt64(text.count), bytes: 4)
      bytes += text
    }
    bytes.append(skipReason == nil ? 0 : 1)
    add((skipReason ?? "").utf8)
    bytes.append(number: UInt64(slots.count), bytes: 4)
    for (slot, content) in slots {
      bytes.append(number: UInt64(slot), bytes: 4)
      switch content {
      case .text(let text):
        bytes.append(0)
        add(text)
      case .json(let json):
        bytes.append(1)
        add(json)
      }
    }
    for note in notes {
      bytes.append(number: UInt64(note.port), bytes: 4)
      add(note.key.utf8)
      add(note.value.utf8)
    }
    return bytes
  }

  /// What `bytes` said; the checksum around them was found right.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var place = 0
    func byte() -> UInt8 {
      defer { place += 1 }
      return bytes[place]
    }
    func number() -> Int { (0..<4).reduce(0) { sum, place in sum | Int(byte()) << (8 * place) } }
    func text() -> [UInt8] {
      let count = number()
      defer { place += count }
      return Array(bytes[place..<place + count])
    }
    let isSkip = byte() == 1
    let reason = text()
    if isSkip { skipReason = String(decoding: reason, as: UTF8.self) }
    for _ in 0..<number() {
      let slot = number()
      slots.append((slot, byte() == 0 ? .text(text()) : .json(text())))
    }
    while place < bytes.count {
      notes.append(
        OutputItem.Note(
          port: number(), key: String(decoding: text(), as: UTF8.self), value: String(decoding: text(), as: UTF8.self)))
    }
  }
}
