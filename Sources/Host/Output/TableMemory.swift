import Glibc

/// Zeroed words for a hash table that may outgrow memory.
///
/// Small ones are on the heap; large ones are mapped from a temporary file without a name, so that the system can move them out of
/// memory and a run's anonymous memory stays flat. For one thread at a time.
final class TableMemory: @unchecked Sendable {
  // The owner keeps to one thread at a time; hence the unchecked conformance.
  private static let heapLimit = 1 << 20

  let words: UnsafeMutableBufferPointer<UInt64>
  private let isMapped: Bool

  init(count: Int) {
    let bytes = count * MemoryLayout<UInt64>.stride
    if bytes > Self.heapLimit, let start = Self.map(bytes) {
      words = UnsafeMutableBufferPointer(start: start.bindMemory(to: UInt64.self, capacity: count), count: count)
      isMapped = true
    } else {
      words = .allocate(capacity: count)
      words.initialize(repeating: 0)
      isMapped = false
    }
  }

  deinit {
    if isMapped { munmap(words.baseAddress, words.count * MemoryLayout<UInt64>.stride) } else { words.deallocate() }
  }

  /// Nil where the system has no temporary file to give.
  private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/bespoke-table-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    defer { close(descriptor) }
    // Space is taken now: a full disk shows here, not as a fault of memory later.
    guard posix_fallocate(descriptor, 0, off_t(bytes)) == 0 else { return nil }
    let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    return start == MAP_FAILED ? nil : start
  }
}
