import GRDB
import Host

/// Gives texts of one table their keys, making those that are missing; the last million are kept at hand.
///
/// A text is known by its 64-bit hash: two of a million texts meet with a chance of 3 in 100 million.
struct KeyCache: ~Copyable {
  private static let limit = 1 << 20

  let table: String
  // Open addressing; a hash of 0 marks a free place. Twice the size of what it holds, at least.
  private var hashes = [UInt64](repeating: 0, count: 1 << 12)
  private var keys = [Int64](repeating: 0, count: 1 << 12)
  private var count = 0

  init(table: String) { self.table = table }

  /// Forgets everything: keys made in a transaction that was undone are not there.
  mutating func removeAll() {
    hashes = [UInt64](repeating: 0, count: 1 << 12)
    keys = [Int64](repeating: 0, count: 1 << 12)
    count = 0
  }

  /// The key of a text, made where it is missing; 0 for an empty text.
  mutating func key(_ text: UnsafeBufferPointer<UInt8>, _ statements: KeyStatements) throws -> Int64 {
    if text.isEmpty { return 0 }
    let hash = hash64(text) | 1
    var place = Int(truncatingIfNeeded: hash >> 1) & (hashes.count - 1)
    while hashes[place] != 0 {
      if hashes[place] == hash { return keys[place] }
      place = (place + 1) & (hashes.count - 1)
    }
    let key = try statements.key(text)
    if count * 2 >= hashes.count { grow() }
    insert(hash, key)
    return key
  }

  private mutating func insert(_ hash: UInt64, _ key: Int64) {
    var place = Int(truncatingIfNeeded: hash >> 1) & (hashes.count - 1)
    while hashes[place] != 0 { place = (place + 1) & (hashes.count - 1) }
    hashes[place] = hash
    keys[place] = key
    count += 1
  }

  private mutating func grow() {
    if count >= Self.limit { return removeAll() }
    let old = (hashes, keys)
    hashes = [UInt64](repeating: 0, count: old.0.count * 2)
    keys = [Int64](repeating: 0, count: old.0.count * 2)
    count = 0
    for index in old.0.indices where old.0[index] != 0 { insert(old.0[index], old.1[index]) }
  }
}

/// Finds and makes keys in a table of texts.
struct KeyStatements {
  private let find: RowStatement
  private let add: RowStatement

  init(_ db: Database, table: String) throws {
    find = try RowStatement(db, "SELECT key FROM \(table) WHERE id = ?")
    add = try RowStatement(db, "INSERT INTO \(table) (id) VALUES (?) ON CONFLICT DO NOTHING")
  }

  func key(_ text: UnsafeBufferPointer<UInt8>) throws -> Int64 {
    // What is not at hand is new more often than not.
    add.bind(1, text)
    if try add.run() > 0 { return add.lastKey }
    find.bind(1, text)
    return try find.firstInteger() ?? 0
  }
}
