import GRDB
import Host

/// Gives texts of one table their keys; the last million are kept at hand.
///
/// A text is known by its 64-bit hash: two of a million texts meet with a chance of 3 in 100 million. What is not at hand
/// waits: it gets a number below zero until `settle` looks all of it up in the order of the table's index, as neighbours
/// there follow each other on the same pages.
struct KeyCache: ~Copyable {
  private static let limit = 1 << 20

  private struct Slot {
    // 0 marks a free place.
    var hash: UInt64 = 0
    var key: Int64 = 0
  }

  private struct Waiting {
    let hash: UInt64
    /// The first eight bytes as a number, which orders most texts.
    let beginning: UInt64
    let text: Range<Int32>
  }

  let table: String
  // Open addressing; twice the size of what it holds, at least.
  private var slots = [Slot](repeating: Slot(), count: 1 << 12)
  private var count = 0
  private var waiting: [Waiting] = []
  private var texts: [UInt8] = []

  init(table: String) { self.table = table }

  /// The key of a text, or the number under which it waits for one; 0 for an empty text.
  mutating func key(_ text: UnsafeBufferPointer<UInt8>) -> Int64 {
    if text.isEmpty { return 0 }
    let hash = hash64(text) | 1
    let place = place(of: hash)
    if slots[place].hash != 0 { return slots[place].key }
    let start = Int32(texts.count)
    texts.append(contentsOf: text)
    var beginning: UInt64 = 0
    for index in 0..<8 { beginning = beginning << 8 | (index < text.count ? UInt64(text[index]) : 0) }
    waiting.append(Waiting(hash: hash, beginning: beginning, text: start..<Int32(texts.count)))
    if count * 2 >= slots.count { grow() }
    insert(hash, -Int64(waiting.count))
    return -Int64(waiting.count)
  }

  /// Gives all that wait their keys, made where they are missing.
  ///
  /// - Returns: the keys by number: that of -1 stands first.
  mutating func settle(_ statements: KeyStatements) throws -> [Int64] {
    var keys = [Int64](repeating: 0, count: waiting.count)
    try texts.withUnsafeBufferPointer { texts in
      func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
          rebasing: texts[Int(waiting[index].text.lowerBound)..<Int(waiting[index].text.upperBound)])
      }
      var order = waiting.indices.map { (beginning: waiting[$0].beginning, index: Int32($0)) }
      order.sort {
        $0.beginning != $1.beginning
          ? $0.beginning < $1.beginning : text(Int($0.index)).lexicographicallyPrecedes(text(Int($1.index)))
      }
      // Each is given the next key; where a text has one already, it is looked up.
      let next = try statements.next()
      for (place, (_, index)) in order.enumerated() { keys[Int(index)] = next + Int64(place) }
      try statements.add.run(order.count) { statement, place, first in
        let index = Int(order[place].index)
        statement.bind(first, keys[index])
        statement.bind(first + 1, text(index))
      } added: { range, count in
        if count == range.count { return }
        for place in range {
          let index = Int(order[place].index)
          keys[index] = try statements.find(text(index))
        }
      }
    }
    for (entry, key) in zip(waiting, keys) {
      let place = place(of: entry.hash)
      if slots[place].hash != 0 { slots[place].key = key }
    }
    waiting.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    return keys
  }

  /// Where a hash lies or would lie.
  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash >> 1) & (slots.count - 1)
    while slots[place].hash != 0, slots[place].hash != hash { place = (place + 1) & (slots.count - 1) }
    return place
  }

  private mutating func insert(_ hash: UInt64, _ key: Int64) {
    slots[place(of: hash)] = Slot(hash: hash, key: key)
    count += 1
  }

  private mutating func grow() {
    let old = slots
    let isFull = count >= Self.limit
    slots = [Slot](repeating: Slot(), count: isFull ? 1 << 12 : old.count * 2)
    count = 0
    if !isFull { for slot in old where slot.hash != 0 { insert(slot.hash, slot.key) } }
  }
}

/// Finds and makes keys in a table of texts.
struct KeyStatements {
  let add: GroupedInsert
  private let known: RowStatement
  private let last: RowStatement

  init(_ db: Database, table: String) throws {
    add = try GroupedInsert(db, "INSERT OR IGNORE INTO \(table) (key, id) VALUES", columns: 2, rows: 64)
    known = try RowStatement(db, "SELECT key FROM \(table) WHERE id = ?")
    last = try RowStatement(db, "SELECT max(key) FROM \(table)")
  }

  /// The key that no text has yet, as none behind it has.
  func next() throws -> Int64 { (try last.firstInteger() ?? 0) + 1 }

  func find(_ text: UnsafeBufferPointer<UInt8>) throws -> Int64 {
    known.bind(1, text)
    return try known.firstInteger() ?? 0
  }
}
