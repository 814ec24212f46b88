public import Core
import Glibc

/// A file's content in memory that stays where it is.
public final class MappedFile: @unchecked Sendable {
  // Immutable after init; hence the unchecked conformance.
  /// The content.
  public let bytes: UnsafeRawBufferPointer
  private let isFile: Bool

  /// Maps the file at a path.
  public convenience init(path: String) throws(Diagnostic) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Diagnostic("missing file", "'\(path)' cannot be opened") }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, name: "'\(path)'")
  }

  /// Maps an open file, which stays open.
  init(descriptor: Int32, name: String) throws(Diagnostic) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw Diagnostic("missing file", "\(name) cannot be mapped, or is empty") }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
    isFile = true
  }

  /// Copies bytes that will not last.
  init(copying content: UnsafeBufferPointer<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, content.count), alignment: 64)
    copy.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(rebasing: copy[..<content.count])
    isFile = false
  }

  deinit {
    if isFile { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) } else { bytes.deallocate() }
  }

  /// Lets go of the memory of a part, which is read from the file again should it be needed.
  public func forget(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let last = range.upperBound / page * page
    guard isFile, first < last, let start = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED)
  }
}
