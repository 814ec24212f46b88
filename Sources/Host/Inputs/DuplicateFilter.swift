import Core

/// What tells a record from others: hashes of its identity, name and description.
///
/// 64 bits each: among 10 million records two different ids meet with a chance of 3 in a million.
public struct RecordIdentity: Sendable, Equatable {
  /// The hash of the id; of the whole row where a record has no id.
  public let id: UInt64
  /// Whether `id` is the hash of the row.
  let isRow: Bool
  /// The hash of the name, 0 where there is none.
  let name: UInt64
  /// The hash of the description, 0 where there is none.
  let description: UInt64
}

/// Rejects records that repeat an earlier one: the later row loses, whatever thread decoded it.
///
/// Used where results come together in the order of the input; one filter serves all files of one input. Takes about
/// 12 to 24 bytes a record, three times that for products, which lie in a temporary file once they are many.
public struct DuplicateFilter: ~Copyable, Sendable {
  private var ids = HashSet64()
  private var names = HashSet64()
  private var descriptions = HashSet64()

  /// A filter that has seen nothing.
  public init() {}

  /// Whether a record is the first of its id; notes names and descriptions that occurred before.
  public mutating func accept(_ record: Record, report: inout DirtReport) -> Bool {
    let identity = record.identity
    let id = record.root["id"].text
    guard ids.insert(identity.id) else {
      report.removeRecord()
      if identity.isRow {
        report.add(.duplicateRow, line: record.line, reason: "the whole row occurred before")
      } else {
        report.add(.duplicateID, line: record.line, field: "id", reason: "an earlier row has it", excerpt: id)
      }
      return false
    }
    if identity.name != 0, !names.insert(identity.name) {
      report.add(.repeatedName, line: record.line, field: "name", excerpt: record.root["name"].text)
    }
    if identity.description != 0, !descriptions.insert(identity.description) {
      report.add(
        .repeatedDescription, line: record.line, field: "description", excerpt: record.root["description"].text)
    }
    return true
  }
}

/// A set of 64-bit hashes with open addressing; they are spread already, so they are their own places.
private struct HashSet64: ~Copyable, Sendable {
  private var memory = TableMemory(count: 256)
  private var count = 0

  /// Adds a hash; false where it was in the set.
  mutating func insert(_ hash: UInt64) -> Bool {
    if count * 3 >= memory.words.count * 2 { grow() }
    // Zero stands for an empty slot.
    let hash = max(hash, 1)
    let slots = memory.words
    var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[place] != 0 {
      if slots[place] == hash { return false }
      place = (place + 1) & (slots.count - 1)
    }
    slots[place] = hash
    count += 1
    return true
  }

  private mutating func grow() {
    let old = memory
    memory = TableMemory(count: old.words.count * 2)
    count = 0
    for hash in old.words where hash != 0 { _ = insert(hash) }
  }
}

/// A well spread 64-bit hash of bytes: words folded by a 128-bit product, the seed being the length.
///
/// Source: the folded multiply of Wang Yi's wyhash, 2019.
func hash64(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
  var hash = UInt64(bytes.count) ^ 0xA076_1D64_78BD_642F
  let raw = UnsafeRawBufferPointer(bytes)
  var index = 0
  while index + 8 <= bytes.count {
    let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    hash = fold(hash ^ word, 0xE703_7ED1_A0B4_28DB ^ hash.byteSwapped)
    index += 8
  }
  var word: UInt64 = 0
  while index < bytes.count {
    word = word << 8 | UInt64(bytes[index])
    index += 1
  }
  hash = fold(hash ^ word, 0xE703_7ED1_A0B4_28DB ^ hash.byteSwapped)
  return fold(hash ^ 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3)
}
