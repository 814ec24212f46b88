import Core

/// Which paths a run has written: 16 bytes a path, so that a million pages take 32 MiB at most.
///
/// Paths that differ only in case count as one, as some file systems cannot tell them apart.
struct PathSet: ~Copyable {
  /// By turns the hash of a path, 0 for none, and of its content.
  private var memory = TableMemory(count: 2048)
  private(set) var count = 0

  enum Claim {
    case new
    /// The same bytes were written under this path before.
    case same
    case taken
  }

  /// Claims a path for content with this hash.
  mutating func claim(_ path: String, content: UInt64) -> Claim {
    if count * 8 >= memory.words.count * 3 { grow() }
    let key = Self.key(path)
    let place = place(of: key)
    if memory.words[place] == key { return memory.words[place + 1] == content ? .same : .taken }
    memory.words[place] = key
    memory.words[place + 1] = content
    count += 1
    return .new
  }

  /// Whether a path was claimed.
  func contains(_ path: String) -> Bool {
    let key = Self.key(path)
    return memory.words[place(of: key)] == key
  }

  /// Where the key lies, or is to lie.
  private func place(of key: UInt64) -> Int {
    let words = memory.words
    var place = Int(truncatingIfNeeded: key) & (words.count / 2 - 1)
    while words[2 * place] != 0, words[2 * place] != key { place = (place + 1) & (words.count / 2 - 1) }
    return 2 * place
  }

  private mutating func grow() {
    let old = memory.words
    let kept = memory
    memory = TableMemory(count: old.count * 2)
    for index in stride(from: 0, to: old.count, by: 2) where old[index] != 0 {
      let place = place(of: old[index])
      memory.words[place] = old[index]
      memory.words[place + 1] = old[index + 1]
    }
    withExtendedLifetime(kept) {}
  }

  private static func key(_ path: String) -> UInt64 {
    var folded = path.utf8.allSatisfy { $0 < 0x80 } ? path : path.lowercased()
    let hash = folded.withUTF8 { bytes -> UInt64 in
      var hash = SeedHash(0)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, bytes.count)) { lowered in
        for (index, byte) in bytes.enumerated() {
          lowered.initializeElement(at: index, to: 65...90 ~= byte ? byte | 0x20 : byte)
        }
        hash.combine(UnsafeBufferPointer(rebasing: lowered[..<bytes.count]))
      }
      return hash.value
    }
    return hash == 0 ? 1 : hash
  }
}

/// A hash of content, eight bytes at a time; good enough to tell pages apart, no protection against forgery.
func contentHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
  let raw = UnsafeRawBufferPointer(bytes)
  var at = 0
  while at + 8 <= raw.count {
    hash = (hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
    hash ^= hash >> 29
    at += 8
  }
  while at < raw.count {
    hash = (hash ^ UInt64(raw[at])) &* 0x100_0000_01B3
    at += 1
  }
  return hash ^ hash >> 32
}
