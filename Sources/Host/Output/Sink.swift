import Core

/// Where assets go.
public enum SinkKind: Sendable {
  /// Files below a folder.
  case folder(String)
  /// Nowhere: for measuring.
  case null
}

/// Writes the assets of one thread.
struct SinkWriter {
  let kind: SinkKind
  private var folders: Set<String> = []

  init(_ kind: SinkKind) { self.kind = kind }

  /// Writes one asset; `path` is clean and relative.
  ///
  /// - Throws: `Diagnostic` of kind "cannot write".
  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(Diagnostic) {
    guard case .folder(let root) = kind else { return }
    let target = "\(root)/\(path)"
    let parent = parentFolder(of: target)
    if !folders.contains(parent) {
      try makeFolders(parent)
      if folders.count > 4096 { folders.removeAll() }
      folders.insert(parent)
    }
    try AtomicFile.write(bytes, to: target)
  }
}

/// Which paths a run has written: 16 bytes a path, so that a million pages take 32 MiB at most.
///
/// Paths that differ only in case count as one, as some file systems cannot tell them apart.
struct PathSet {
  private var slots: [(path: UInt64, content: UInt64)]
  private(set) var count = 0

  init() { slots = Array(repeating: (0, 0), count: 1024) }

  enum Claim {
    case new
    /// The same bytes were written under this path before.
    case same
    case taken
  }

  /// Claims a path for content with this hash.
  mutating func claim(_ path: String, content: UInt64) -> Claim {
    if count * 4 >= slots.count * 3 { grow() }
    let key = Self.key(path)
    var place = Int(truncatingIfNeeded: key) & (slots.count - 1)
    while slots[place].path != 0 {
      if slots[place].path == key { return slots[place].content == content ? .same : .taken }
      place = (place + 1) & (slots.count - 1)
    }
    slots[place] = (key, content)
    count += 1
    return .new
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: (0, 0), count: old.count * 2)
    for entry in old where entry.path != 0 {
      var place = Int(truncatingIfNeeded: entry.path) & (slots.count - 1)
      while slots[place].path != 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = entry
    }
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
