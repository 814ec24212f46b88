import Core
import Glibc

/// The bytes of a catalogue while they are written: in memory, or in a file that is mapped in the end.
final class CatalogueBytes {
  /// Why a file cannot hold a catalogue: no room, no right to write.
  struct Failure: Error {}

  /// How many there are.
  private(set) var count = 0
  private let descriptor: Int32?
  // Invariant: `start` points at `capacity` bytes of this object's own, of which the first `count` are initialised;
  // of a file nil until it is mapped, and then mapped read-only.
  private var start: UnsafeMutableRawPointer?
  private var capacity = 0
  private var isMapped = false

  /// Bytes in memory.
  init() { descriptor = nil }

  /// Bytes in a new, empty file, which stays open as long as this object lives.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The bytes of a file that is whole; nil where it cannot be mapped.
  init?(mapping descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    count = Int(status.st_size)
    do { try map() } catch { return nil }
  }

  deinit {
    if isMapped {
      munmap(start, count)
    } else {
      start?.deallocate()
    }
    if let descriptor { close(descriptor) }
  }

  /// All bytes; of a file only after `map`.
  var view: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count) }

  func append(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    if let descriptor {
      try Self.write(bytes, to: descriptor, at: count)
    } else {
      if count + bytes.count > capacity {
        capacity = max(count + bytes.count, capacity * 2, 1 << 16)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Tape.alignment)
        larger.copyMemory(from: view.baseAddress ?? UnsafeRawPointer(larger), byteCount: count)
        start?.deallocate()
        start = larger
      }
      if let start, let first = bytes.baseAddress { (start + count).copyMemory(from: first, byteCount: bytes.count) }
    }
    count += bytes.count
  }

  /// Writes over bytes that are there already.
  func replace(at offset: Int, with bytes: UnsafeRawBufferPointer) throws(Failure) {
    if let descriptor { return try Self.write(bytes, to: descriptor, at: offset) }
    if let start, let first = bytes.baseAddress { (start + offset).copyMemory(from: first, byteCount: bytes.count) }
  }

  /// Maps what a file holds by now; nothing to do for bytes in memory.
  func map() throws(Failure) {
    guard let descriptor else { return }
    if isMapped { munmap(start, mappedCount) }
    isMapped = false
    guard let mapped = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED else {
      start = nil
      throw Failure()
    }
    start = mapped
    mappedCount = count
    isMapped = true
  }

  private var mappedCount = 0

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure() }
      done += count
    }
  }
}
